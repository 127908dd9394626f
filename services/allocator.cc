// Linked into every program that ships, and into no other program (ADR 0073).
#include <mimalloc.h>

namespace {

// Returns freed memory to the system at once. By default a thread returns it with its next allocations, so threads that
// were busy and are now idle would keep their memory.
[[maybe_unused]] const bool given_back = [] {
  mi_option_set(mi_option_decommit_delay, 0);
  return true;
}();

}  // namespace
