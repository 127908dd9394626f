#ifndef TSUNAGU_COMMON_RECORDS_SEEN_H_
#define TSUNAGU_COMMON_RECORDS_SEEN_H_

#include "absl/strings/string_view.h"
#include "common/contract/schema.h"
#include "common/identity/principal.h"

namespace tsunagu::store {

// In which records of `schema` fields of this privacy are seen by `caller`, who says why: those for which he has the
// permission <collection>.identity or <collection>.confidential. Without a purpose, in none.
identity::Scope ScopeOfSeeing(const identity::Principal& caller, absl::string_view purpose,
                              const contract::Schema& schema, Privacy privacy);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_SEEN_H_
