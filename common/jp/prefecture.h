#ifndef TSUNAGU_COMMON_JP_PREFECTURE_H_
#define TSUNAGU_COMMON_JP_PREFECTURE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::jp {

// Returns "鳥取県" for "31" (都道府県コード, JIS X 0401); empty for anything but 01 to 47.
absl::string_view PrefectureName(absl::string_view number);

// Returns "31" for "鳥取県" in any form that FoldPlace treats as equal, also with lost characters (IsDamagedCopy) if
// only one prefecture is possible; empty for anything else.
std::string PrefectureNumber(absl::string_view name);

// Returns "31" when the text, folded by FoldPlace, begins with 鳥取県; empty when it begins with no prefecture.
std::string PrefectureAtBeginning(absl::string_view folded);

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_PREFECTURE_H_
