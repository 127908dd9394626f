#ifndef TSUNAGU_COMMON_TEXT_LOST_CHARACTERS_H_
#define TSUNAGU_COMMON_TEXT_LOST_CHARACTERS_H_

#include <vector>

#include "common/contract/schema.h"
#include "google/protobuf/message.h"

// Characters that a file could not hold. CP932 has 〓 in their place; U+FFFD means that they were lost before.
namespace tsunagu {

// Returns whether the field contains 〓.
bool HasGetaMark(const google::protobuf::Message& record, const contract::Field& field);

// Restores the stored text in each of `fields` for which the file could not represent it: when the file's text contains
// 〓 or U+FFFD and a stored text exists; and, for a file in CP932, when the stored text looks the same in CP932 (𠮷 and
// 〓, 辻 with and without a variation selector, — and ―).
void KeepStored(const google::protobuf::Message& stored, const std::vector<const contract::Field*>& fields,
                bool is_cp932, google::protobuf::Message& record);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_LOST_CHARACTERS_H_
