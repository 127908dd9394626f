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

// A role that comes with a service. The prefecture may change it; a later version is merged into the changed role.
struct ShippedRole {
  std::string id;
  std::string display_name;  // of a new role; the prefecture's own name is kept
  int version = 1;           // increased by one with every release that changes the permissions
  std::vector<std::string> permissions;
  // The permissions of version 1 where they differ from the present ones. An installation that has recorded no version
  // was given these.
  std::vector<std::string> first = {};
};

// Returns `role`, as the installation has it, brought to the later version of `shipped`. Newly shipped permissions are
// added. Permissions that are no longer shipped are removed, unless the installation had added them itself. What the
// installation has added stays, and what it has removed stays removed.
platform::v1::Role Merge(const ShippedRole& shipped, const platform::v1::Role& role);

// Creates the role in `roles`, or merges it into the stored row, as an ordinary change by "system". Does nothing when
// the row has that version or a later one, or when somebody has deleted the role. When several processes do this at
// once, one of them changes the row.
absl::Status Ship(store::Store& store, store::Table& roles, const ShippedRole& shipped);

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_SHIPPED_ROLE_H_
