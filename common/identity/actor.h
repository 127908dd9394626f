#ifndef TSUNAGU_COMMON_IDENTITY_ACTOR_H_
#define TSUNAGU_COMMON_IDENTITY_ACTOR_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/identity/principal.h"
#include "common/identity/scope.h"

namespace tsunagu::identity {

// On whose behalf something is read or changed. The journal records all of it with a change.
struct Actor {
  std::string principal;
  std::string on_behalf_of;
  std::string purpose;
  std::string method;
  std::string request_id;  // empty: the store generates one
  Scope scope = Scope::Nothing();
  std::string trace;  // traceparent of the call; not journaled
  // The caller, who must outlive the actor; null for the program itself.
  const Principal* caller = nullptr;

  // Returns who acts: the person for whom a service calls, else the caller.
  const std::string& Person() const { return on_behalf_of.empty() ? principal : on_behalf_of; }

  // Returns which records of `collection` the actor may see. It decides whether a reference to a record is found. The
  // program itself uses its own scope.
  Scope ScopeOfReading(absl::string_view collection) const;
};

}  // namespace tsunagu::identity

#endif  // TSUNAGU_COMMON_IDENTITY_ACTOR_H_
