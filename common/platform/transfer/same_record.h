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

// The fields that a file contains.
using GivenFields = absl::Span<const contract::Field* const>;

// Returns KEY_OF_ANOTHER, or KEY_OF_ANOTHER_PERSON when the differing value may not be named, if `row` has the key of
// `before` but the fields by which the contract recognises records show that they are two. `before` is as the caller
// may see it; hidden fields are not compared.
absl::optional<Fault> KeyOfAnother(const contract::Schema& schema, const google::protobuf::Message& before,
                                   const google::protobuf::Message& row, GivenFields given, const std::string& key);

// Returns the text fields of the row in which characters were lost, so that an update has to leave them unchanged: for
// a field that the caller may see, a damaged copy of the stored text; for any other, every text with a mark for a lost
// character.
std::vector<const contract::Field*> LostTexts(const contract::Schema& schema, const google::protobuf::Message& before,
                                              const google::protobuf::Message& row, GivenFields given);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_PLATFORM_TRANSFER_SAME_RECORD_H_
