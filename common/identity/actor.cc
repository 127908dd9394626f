#include "common/identity/actor.h"

#include "absl/strings/str_cat.h"

namespace tsunagu::identity {

Scope Actor::ScopeOfReading(absl::string_view collection) const {
  return caller == nullptr ? scope : caller->ScopeFor(absl::StrCat(collection, ".read"));
}

}  // namespace tsunagu::identity
