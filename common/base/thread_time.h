#ifndef TSUNAGU_COMMON_BASE_THREAD_TIME_H_
#define TSUNAGU_COMMON_BASE_THREAD_TIME_H_

#include <time.h>

#include "absl/time/time.h"

namespace tsunagu {

// Returns the processor time that the calling thread has used since it began. Waiting time does not count.
inline absl::Duration ThreadTime() {
  timespec used{};
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return absl::DurationFromTimespec(used);
}

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_THREAD_TIME_H_
