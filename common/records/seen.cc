#include "common/records/seen.h"

#include "absl/strings/str_cat.h"

namespace tsunagu::store {

identity::Scope ScopeOfSeeing(const identity::Principal& caller, absl::string_view purpose,
                              const contract::Schema& schema, Privacy privacy) {
  if (purpose.empty()) return identity::Scope::Nothing();
  const absl::string_view verb = privacy == PRIVACY_IDENTIFYING ? "identity" : "confidential";
  return caller.ScopeFor(absl::StrCat(schema.collection(), ".", verb));
}

}  // namespace tsunagu::store
