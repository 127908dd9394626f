#ifndef TSUNAGU_COMMON_RECORDS_SEEN_H_
#define TSUNAGU_COMMON_RECORDS_SEEN_H_

#include "absl/strings/string_view.h"
#include "common/contract/schema.h"
#include "common/identity/principal.h"

namespace tsunagu::store {

// Returns the scope of records of `schema` in which `caller` may see fields of this privacy: those for which the caller
// has the permission <collection>.identity or <collection>.confidential. Empty without a `purpose`.
identity::Scope ScopeOfSeeing(const identity::Principal& caller, absl::string_view purpose,
                              const contract::Schema& schema, Privacy privacy);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_SEEN_H_
