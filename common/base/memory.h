#ifndef TSUNAGU_COMMON_BASE_MEMORY_H_
#define TSUNAGU_COMMON_BASE_MEMORY_H_

namespace tsunagu {

// Reserves some megabytes. When an allocation fails, the first one to notice gets the reserve and throws
// std::bad_alloc, so that there is memory to report the failure. Another call fills the reserve again. Thread-safe.
void KeepMemoryInReserve();

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_MEMORY_H_
