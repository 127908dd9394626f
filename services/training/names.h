#ifndef TSUNAGU_SERVICES_TRAINING_NAMES_H_
#define TSUNAGU_SERVICES_TRAINING_NAMES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::training {

// Returns the parent of a record: courses/c1 for courses/c1/sessions/s1.
inline std::string ParentOf(absl::string_view name) {
  return std::string(name.substr(0, name.rfind('/', name.rfind('/') - 1)));
}

// Returns the course of an enrollment, of a session, or of a record below them.
inline std::string CourseOf(absl::string_view name) {
  return std::string(name.substr(0, name.find('/', absl::string_view("courses/").size())));
}

// Returns the display name of a body: 鳥取県; for a municipality with its code, since only the registry has its name:
// 鳥取県 312011.
std::string BodyText(absl::string_view area);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_NAMES_H_
