#ifndef TSUNAGU_COMMON_TEXT_LOST_CHARACTERS_H_
#define TSUNAGU_COMMON_TEXT_LOST_CHARACTERS_H_

#include <vector>

#include "common/contract/schema.h"
#include "google/protobuf/message.h"

// Characters that a file could not hold: 〓 stands for them in CP932, U+FFFD where they were broken before.
namespace tsunagu {

// Whether 〓 stands in the field.
bool HasGetaMark(const google::protobuf::Message& record, const contract::Field& field);

// Puts the stored text back into each of `fields` where the file had no means to say it: where the text holds 〓 or
// U+FFFD and there is a stored one; and, of a file in CP932, where the stored text looks the same in CP932 (𠮷 and 〓,
// 辻 with and without a variation selector, — and ―).
void KeepStored(const google::protobuf::Message& stored, const std::vector<const contract::Field*>& fields,
                bool is_cp932, google::protobuf::Message& record);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_LOST_CHARACTERS_H_
