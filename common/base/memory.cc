#include "common/base/memory.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "common/base/deadline.h"
#include "common/base/mutex.h"

namespace tsunagu {
namespace {

constexpr size_t kReserve = 8 << 20;
constexpr size_t kLeftOver = 64 << 20;  // less is not worth the walk, and soon needed again
constexpr absl::Duration kPause = absl::Seconds(10);

std::atomic<void*> reserve{nullptr};

void FillReserve() {
  if (reserve != nullptr) return;
  void* filled = std::malloc(kReserve);
  void* none = nullptr;
  if (!reserve.compare_exchange_strong(none, filled)) std::free(filled);
}

// Returning means: try again.
void OpenReserve() {
  void* kept = reserve.exchange(nullptr);
  if (kept == nullptr) throw std::bad_alloc();
  std::free(kept);
}

}  // namespace

void KeepMemoryInReserve() {
  FillReserve();
  std::set_new_handler(&OpenReserve);
}

void GiveMemoryBack() {
  static Mutex& mutex = *new Mutex;
  static Deadline not_before = Deadline::After(absl::ZeroDuration());
  {
    MutexLock lock(mutex);
    if (!not_before.Over()) return;
    not_before = Deadline::After(kPause);
  }
  if (mallinfo2().fordblks > kLeftOver) malloc_trim(0);
  FillReserve();
}

}  // namespace tsunagu
