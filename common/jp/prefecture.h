#ifndef TSUNAGU_COMMON_JP_PREFECTURE_H_
#define TSUNAGU_COMMON_JP_PREFECTURE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::jp {

// "鳥取県" for "31" (都道府県コード, JIS X 0401); empty for anything but 01 to 47.
absl::string_view PrefectureName(absl::string_view number);

// "31" for "鳥取県" in any spelling that FoldPlace makes one, also with characters lost (IsDamagedCopy) while only one
// prefecture can be meant; empty for anything else.
std::string PrefectureNumber(absl::string_view name);

// "31" where the text, as FoldPlace has left it, begins with 鳥取県; empty where it begins with none.
std::string PrefectureAtBeginning(absl::string_view folded);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_PREFECTURE_H_
