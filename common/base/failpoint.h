#ifndef TSUNAGU_COMMON_BASE_FAILPOINT_H_
#define TSUNAGU_COMMON_BASE_FAILPOINT_H_

#include "absl/strings/string_view.h"

namespace tsunagu {

// A named place where tests make the process fail. TSUNAGU_FAILPOINTS="store.before_commit=kill:3" kills the process
// with SIGKILL at the third pass; "=pause" stops it with SIGSTOP; "=slow:10" waits 10 ms at every pass. Costs one
// branch while the variable is unset.
void Failpoint(absl::string_view name);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_FAILPOINT_H_
