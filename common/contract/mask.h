#ifndef TSUNAGU_COMMON_CONTRACT_MASK_H_
#define TSUNAGU_COMMON_CONTRACT_MASK_H_

#include "absl/status/status.h"
#include "common/contract/schema.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace tsunagu::contract {

// Copies from `patch` into `record` the fields that `mask` names ("*" names all). Output-only fields are ignored; an
// unknown path is UNKNOWN_FIELD, an immutable field that would change IMMUTABLE_FIELD, an empty mask MASK_REQUIRED:
// all faults at once, and then nothing is copied.
absl::Status ApplyMask(const Schema& schema, const google::protobuf::FieldMask& mask,
                       const google::protobuf::Message& patch, google::protobuf::Message& record);

// Copies into `record` what `filled` says and `sent` left out, where the record says nothing of it either. Returns
// which fields these are.
google::protobuf::FieldMask CopyFilled(const google::protobuf::Message& sent, const google::protobuf::Message& filled,
                                       google::protobuf::Message& record);

// The fields that `mask` names ("*": all of them) and `left_out` does not.
google::protobuf::FieldMask Without(const Schema& schema, const google::protobuf::FieldMask& mask,
                                    const google::protobuf::FieldMask& left_out);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_CONTRACT_MASK_H_
