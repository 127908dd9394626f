#ifndef TSUNAGU_COMMON_CONTRACT_VALIDATE_H_
#define TSUNAGU_COMMON_CONTRACT_VALIDATE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/contract/schema.h"
#include "google/protobuf/message.h"

namespace tsunagu::contract {

// Checks a request against its contract. Errors: INVALID_ARGUMENT with every violation and its field path. A record
// inside the request is not checked here: it is checked in the form in which it would be written, together with the
// rules of its service.
absl::Status ValidateRequest(const google::protobuf::Message& request);

// Adds to `faults` every violation of a whole record, its paths prefixed with `path` ("area").
void ValidateRecord(const Schema& schema, const google::protobuf::Message& record, absl::string_view path,
                    Faults& faults);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_CONTRACT_VALIDATE_H_
