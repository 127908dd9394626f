#ifndef TSUNAGU_SERVICES_TRAINING_NAMES_H_
#define TSUNAGU_SERVICES_TRAINING_NAMES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::training {

// The record that `name` lies under: courses/c1 of courses/c1/sessions/s1.
inline std::string ParentOf(absl::string_view name) {
  return std::string(name.substr(0, name.rfind('/', name.rfind('/') - 1)));
}

// The course that an enrollment, a session or what lies under them belongs to.
inline std::string CourseOf(absl::string_view name) {
  return std::string(name.substr(0, name.find('/', absl::string_view("courses/").size())));
}

// A body for people: 鳥取県, and a municipality with its code, since its name is the registry's: 鳥取県 312011.
std::string BodyText(absl::string_view area);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_NAMES_H_
