#ifndef TSUNAGU_COMMON_BASE_MEMORY_H_
#define TSUNAGU_COMMON_BASE_MEMORY_H_

namespace tsunagu {

// Sets some megabytes aside. When memory is refused, the first allocation to notice gets them, so that there is room to
// say what happened (std::bad_alloc); the next call sets aside new ones. Thread-safe.
void KeepMemoryInReserve();

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_MEMORY_H_
