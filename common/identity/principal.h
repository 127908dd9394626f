#ifndef TSUNAGU_COMMON_IDENTITY_PRINCIPAL_H_
#define TSUNAGU_COMMON_IDENTITY_PRINCIPAL_H_

#include <initializer_list>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/identity/scope.h"

namespace tsunagu::identity {

// Permissions within a scope. "areas.read", "areas.*", "*.read" and "*" permit areas.read.
struct Grant {
  std::set<std::string, std::less<>> permissions;
  Scope scope = Scope::Nothing();

  bool Permits(absl::string_view permission) const;
};

// The grants of one principal. All copies share them, because every call gets a copy.
class Grants {
 public:
  Grants() : Grants(std::vector<Grant>()) {}
  Grants(std::initializer_list<Grant> grants) : Grants(std::vector<Grant>(grants)) {}
  explicit Grants(std::vector<Grant> grants) : grants_(std::make_shared<const std::vector<Grant>>(std::move(grants))) {}

  std::vector<Grant>::const_iterator begin() const { return grants_->begin(); }
  std::vector<Grant>::const_iterator end() const { return grants_->end(); }

 private:
  std::shared_ptr<const std::vector<Grant>> grants_;
};

// The caller, and what the caller may do where.
struct Principal {
  std::string id;            // not personal: it appears in logs
  std::string on_behalf_of;  // the original principal, when a service calls for somebody
  Grants grants;
  // The service's own rights, when a service calls for somebody: only what both may do is permitted.
  std::shared_ptr<const Principal> cut_by;

  bool May(absl::string_view permission) const;
  // Returns the scope for which `permission` was granted. A grant never lends its scope to another grant.
  Scope ScopeFor(absl::string_view permission) const;

  // Returns a principal that may do everything everywhere.
  static Principal All(std::string id) { return {std::move(id), "", {{{"*"}, Scope::Everything()}}, nullptr}; }
};

}  // namespace tsunagu::identity

#endif  // TSUNAGU_COMMON_IDENTITY_PRINCIPAL_H_
