#ifndef TSUNAGU_COMMON_TEXT_MATCHES_H_
#define TSUNAGU_COMMON_TEXT_MATCHES_H_

#include "absl/status/statusor.h"
#include "common/contract/schema.h"
#include "common/text/filter_parser.h"
#include "google/protobuf/message.h"

namespace tsunagu::contract {

// Whether `record` fits a condition that CompileFilter or Compile has taken: as the SQL that they make of it says about
// the record's row. For records that are no rows: as they were known at an earlier time.
absl::StatusOr<bool> Matches(const Schema& schema, const FilterNode& condition,
                             const google::protobuf::Message& record);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_MATCHES_H_
