#ifndef TSUNAGU_COMMON_BASE_PROCESS_H_
#define TSUNAGU_COMMON_BASE_PROCESS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu {

// Returns the name of this process, unique among all machines: "<host>:<process id>:<start time>:<boot and process
// namespace>".
std::string ThisProcess();

// Returns true when the process of that name has certainly ended: it ran on this machine since its last boot, in the
// process namespace that we see. Returns false also when this cannot be known.
bool HasEnded(absl::string_view process);

// Returns "host, process 123", for people.
std::string ProcessForPeople(absl::string_view process);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_PROCESS_H_
