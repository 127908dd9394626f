#include "common/base/memory.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace tsunagu {
namespace {

constexpr size_t kReserve = 8 << 20;

std::atomic<void*> reserve{nullptr};

// operator new tries again when this handler returns.
void OpenReserve() {
  void* kept = reserve.exchange(nullptr);
  if (kept == nullptr) throw std::bad_alloc();
  std::free(kept);
}

}  // namespace

void KeepMemoryInReserve() {
  std::set_new_handler(&OpenReserve);
  if (reserve != nullptr) return;
  void* filled = std::malloc(kReserve);
  void* none = nullptr;
  if (!reserve.compare_exchange_strong(none, filled)) std::free(filled);
}

}  // namespace tsunagu
