#ifndef TSUNAGU_COMMON_PLATFORM_TRANSFER_SAME_RECORD_H_
#define TSUNAGU_COMMON_PLATFORM_TRANSFER_SAME_RECORD_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "common/contract/schema.h"
#include "google/protobuf/message.h"

namespace tsunagu {

// Fields that a file speaks of.
using GivenFields = absl::Span<const contract::Field* const>;

// KEY_OF_ANOTHER, or KEY_OF_ANOTHER_PERSON where it may not be said of what: `row` has the key of `before`, and what
// the contract recognises its records by says that they are two. `before` is as the caller may see it: what is not
// there is not compared.
absl::optional<Fault> KeyOfAnother(const contract::Schema& schema, const google::protobuf::Message& before,
                                   const google::protobuf::Message& row, GivenFields given, const std::string& key);

// Texts of the row in which characters were lost on the way, so that an update has to leave them as they are: of a
// field that the caller may see, a damaged copy of what is stored; of any other, every text with a sign for a lost
// character.
std::vector<const contract::Field*> LostTexts(const contract::Schema& schema, const google::protobuf::Message& before,
                                              const google::protobuf::Message& row, GivenFields given);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_PLATFORM_TRANSFER_SAME_RECORD_H_
