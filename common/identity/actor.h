#ifndef TSUNAGU_COMMON_IDENTITY_ACTOR_H_
#define TSUNAGU_COMMON_IDENTITY_ACTOR_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/identity/principal.h"
#include "common/identity/scope.h"

namespace tsunagu::identity {

// On whose account something is read or changed; a change is journaled with all of it.
struct Actor {
  std::string principal;
  std::string on_behalf_of;
  std::string purpose;
  std::string method;
  std::string request_id;  // empty: the store makes one
  Scope scope = Scope::Nothing();
  std::string trace;  // traceparent of the call; not journaled
  // Who calls, for as long as the actor is used; null for the program itself.
  const Principal* caller = nullptr;

  // Who it is that does it: whom a service calls for, else who calls.
  const std::string& Person() const { return on_behalf_of.empty() ? principal : on_behalf_of; }

  // What it may see of `collection`: that decides whether a reference to it is found. The program itself sees with its
  // own scope.
  Scope ScopeOfReading(absl::string_view collection) const;
};

}  // namespace tsunagu::identity

#endif  // TSUNAGU_COMMON_IDENTITY_ACTOR_H_
