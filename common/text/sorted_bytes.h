#ifndef TSUNAGU_COMMON_TEXT_SORTED_BYTES_H_
#define TSUNAGU_COMMON_TEXT_SORTED_BYTES_H_

#include <string>

#include "google/protobuf/message.h"

namespace tsunagu::contract {

// Returns the message in protobuf's form, fields by number and map keys sorted: equal messages give equal bytes.
std::string SortedBytes(const google::protobuf::Message& message);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_SORTED_BYTES_H_
