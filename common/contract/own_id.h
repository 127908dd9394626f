#ifndef TSUNAGU_COMMON_CONTRACT_OWN_ID_H_
#define TSUNAGU_COMMON_CONTRACT_OWN_ID_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::contract {

// The record's own id, which a name ends with: "312011" of "areas/312011", "s1" of "courses/c1/sessions/s1". What has
// no slash is an id already. What else a name says is Schema's to tell.
inline std::string OwnId(absl::string_view name) { return std::string(name.substr(name.rfind('/') + 1)); }

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_CONTRACT_OWN_ID_H_
