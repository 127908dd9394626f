#ifndef TSUNAGU_COMMON_RECORDS_TIME_IN_H_
#define TSUNAGU_COMMON_RECORDS_TIME_IN_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "common/contract/schema.h"
#include "google/protobuf/message.h"

namespace tsunagu::store {

// Returns a Timestamp of a record in microseconds, as columns hold it.
int64_t TimeIn(const contract::Schema& schema, const google::protobuf::Message& record, absl::string_view field);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_TIME_IN_H_
