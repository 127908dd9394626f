#ifndef TSUNAGU_COMMON_CONTRACT_MASK_H_
#define TSUNAGU_COMMON_CONTRACT_MASK_H_

#include "absl/status/status.h"
#include "common/contract/schema.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace tsunagu::contract {

// Copies from `patch` into `record` the fields that `mask` names ("*" names all). Output-only fields are ignored.
// Errors: UNKNOWN_FIELD for an unknown path, IMMUTABLE_FIELD for an immutable field that would change, MASK_REQUIRED
// for an empty mask. All faults are returned at once, and then nothing is copied.
absl::Status ApplyMask(const Schema& schema, const google::protobuf::FieldMask& mask,
                       const google::protobuf::Message& patch, google::protobuf::Message& record);

// Copies into `record` the fields that are set in `filled` but neither in `sent` nor in `record`. Returns the names of
// these fields.
google::protobuf::FieldMask CopyFilled(const google::protobuf::Message& sent, const google::protobuf::Message& filled,
                                       google::protobuf::Message& record);

// Returns the fields that `mask` names ("*": all of them) and `left_out` does not name.
google::protobuf::FieldMask Without(const Schema& schema, const google::protobuf::FieldMask& mask,
                                    const google::protobuf::FieldMask& left_out);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_CONTRACT_MASK_H_
