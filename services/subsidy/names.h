#ifndef TSUNAGU_SERVICES_SUBSIDY_NAMES_H_
#define TSUNAGU_SERVICES_SUBSIDY_NAMES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::subsidy {

// The record that `name` lies under: applications/a1 of applications/a1/filings/f1.
inline std::string ParentOf(absl::string_view name) {
  return std::string(name.substr(0, name.rfind('/', name.rfind('/') - 1)));
}

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_NAMES_H_
