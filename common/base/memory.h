#ifndef TSUNAGU_COMMON_BASE_MEMORY_H_
#define TSUNAGU_COMMON_BASE_MEMORY_H_

namespace tsunagu {

// Sets some megabytes aside, once. When memory is refused, the first allocation to notice gets them, so that there is
// room to say what happened (std::bad_alloc); GiveMemoryBack sets aside new ones.
void KeepMemoryInReserve();

// Returns to the system what a peak has left over, unless that is little or was done seconds ago. Thread-safe.
void GiveMemoryBack();

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_MEMORY_H_
