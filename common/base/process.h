#ifndef TSUNAGU_COMMON_BASE_PROCESS_H_
#define TSUNAGU_COMMON_BASE_PROCESS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu {

// This process among all of all machines: "<host>:<process id>:<when it began>:<boot and process namespace>".
std::string ThisProcess();

// True when the process of that name can be seen to have ended: it ran on this machine, since its last boot, where we
// see its processes. False also when it cannot be told.
bool HasEnded(absl::string_view process);

// "host, process 123", for people.
std::string ProcessForPeople(absl::string_view process);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_PROCESS_H_
