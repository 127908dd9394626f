#ifndef TSUNAGU_COMMON_ACCESS_SHIPPED_ROLE_H_
#define TSUNAGU_COMMON_ACCESS_SHIPPED_ROLE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tsunagu/platform/v1/access.pb.h"

namespace tsunagu::store {
class Store;
class Table;
}  // namespace tsunagu::store

namespace tsunagu::access {

// A role that comes with a service. The prefecture may change it; what a later version ships is merged into what the
// prefecture has made of it.
struct ShippedRole {
  std::string id;
  std::string display_name;  // of a new role; the prefecture's own name stays
  int version = 1;           // one more with every release that changes the permissions
  std::vector<std::string> permissions;
  // Those of version 1 where they were others: what an installation was given that has noted no version.
  std::vector<std::string> first = {};
};

// `role` as the installation has it, brought to the version of `shipped`, which is a later one. What is shipped for the
// first time is added; what is shipped no more is removed, unless the installation had added it itself. What the
// installation has added stays, and what it has removed stays removed.
platform::v1::Role Merge(const ShippedRole& shipped, const platform::v1::Role& role);

// Makes the role in `roles`, or merges it into the row that is there; an ordinary change by "system". Does nothing
// where the row is of that version or a later one, and where somebody has deleted the role. Of several processes at
// once, one does it.
absl::Status Ship(store::Store& store, store::Table& roles, const ShippedRole& shipped);

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_SHIPPED_ROLE_H_
