// Part of every program that ships, and of nothing else (ADR 0073).
#include <mimalloc.h>

namespace {

// What is freed goes back to the system at once. By default a thread gives it back with its next allocations, so that
// threads that have done much and are idle since would keep what they had.
[[maybe_unused]] const bool given_back = [] {
  mi_option_set(mi_option_decommit_delay, 0);
  return true;
}();

}  // namespace
