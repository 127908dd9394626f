#include "common/jp/prefecture.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "common/jp/place_name.h"

namespace tsunagu::jp {
namespace {

constexpr absl::string_view kNames[] = {
    "北海道", "青森県", "岩手県", "宮城県",   "秋田県", "山形県",   "福島県", "茨城県", "栃木県", "群馬県",
    "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",   "石川県", "福井県", "山梨県", "長野県",
    "岐阜県", "静岡県", "愛知県", "三重県",   "滋賀県", "京都府",   "大阪府", "兵庫県", "奈良県", "和歌山県",
    "鳥取県", "島根県", "岡山県", "広島県",   "山口県", "徳島県",   "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県",   "宮崎県", "鹿児島県", "沖縄県"};
constexpr int kCount = 47;
static_assert(sizeof(kNames) / sizeof(kNames[0]) == kCount);

std::string Number(int index) { return absl::StrFormat("%02d", index + 1); }

const std::vector<std::string>& FoldedNames() {
  static const auto& names = *[] {
    auto* folded = new std::vector<std::string>;
    for (const absl::string_view name : kNames) folded->push_back(FoldPlace(name));
    return folded;
  }();
  return names;
}

}  // namespace

absl::string_view PrefectureName(absl::string_view number) {
  for (int i = 0; i < kCount; ++i) {
    if (Number(i) == number) return kNames[i];
  }
  return "";
}

std::string PrefectureNumber(absl::string_view name) {
  const std::string folded = FoldPlace(name);
  std::string damaged;
  for (int i = 0; i < kCount; ++i) {
    if (FoldedNames()[i] == folded) return Number(i);
    if (!IsDamagedCopy(name, kNames[i])) continue;
    if (!damaged.empty()) return "";
    damaged = Number(i);
  }
  return damaged;
}

std::string PrefectureAtBeginning(absl::string_view folded) {
  for (int i = 0; i < kCount; ++i) {
    if (absl::StartsWith(folded, FoldedNames()[i])) return Number(i);
  }
  return "";
}

}  // namespace tsunagu::jp
