#ifndef TSUNAGU_COMMON_TEXT_MATCHES_H_
#define TSUNAGU_COMMON_TEXT_MATCHES_H_

#include "absl/status/statusor.h"
#include "common/contract/schema.h"
#include "common/text/filter_parser.h"
#include "google/protobuf/message.h"

namespace tsunagu::contract {

// Returns whether `record` fulfils a condition that CompileFilter or Compile has accepted, exactly as the compiled SQL
// would decide for its row. For records that are not rows, such as earlier states.
absl::StatusOr<bool> Matches(const Schema& schema, const FilterNode& condition,
                             const google::protobuf::Message& record);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_MATCHES_H_
