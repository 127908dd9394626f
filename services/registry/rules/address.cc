#include "services/registry/rules/address.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/jp/code_points.h"
#include "common/jp/place_name.h"
#include "common/jp/prefecture.h"

namespace tsunagu::registry::rules {
namespace {

constexpr absl::string_view kCounty = "郡";

// Returns true if `rest`, the text after the name of a city, begins with a name ending in 区 that can be one of its
// wards: not 地区 or 学区, and not after a house number.
bool BeginsWithWard(absl::string_view rest) {
  constexpr size_t kLongest = 6;  // characters of a ward's name before 区
  const std::u32string text = jp::ToCodePoints(rest);
  const size_t at = text.find(U'区');
  if (at == std::u32string::npos || at == 0 || at > kLongest) return false;
  const std::u32string name = text.substr(0, at);
  return name.find_first_of(U"0123456789-") == std::u32string::npos && name.back() != U'地' && name.back() != U'学' &&
         name.back() != U'街';
}

}  // namespace

void AddressBook::Add(const v1::Area& area, bool lives) {
  const std::string key =
      jp::FoldPlace(absl::StrCat(jp::PrefectureName(area.code().substr(0, 2)), area.display_name()));
  Entry& entry = areas_[key];
  longest_ = std::max(longest_, key.size());
  if (!lives) {
    entry.ended = area.display_name();
    return;
  }
  entry.several = !entry.living.empty();
  entry.living = area.name();
  entry.has_wards = area.kind() == v1::AREA_KIND_DESIGNATED_CITY;
}

AddressBook::Match AddressBook::LongestMatch(absl::string_view folded) const {
  Match match;
  for (size_t length = std::min(longest_, folded.size()); length > 0; --length) {
    const auto found = areas_.find(std::string(folded.substr(0, length)));
    if (found == areas_.end()) continue;
    const Entry& entry = found->second;
    if (!entry.living.empty()) {
      match.living = &entry;
      match.length = length;
      return match;
    }
    if (match.ended == nullptr) match.ended = &entry;
  }
  return match;
}

AddressBook::Found AddressBook::Find(absl::string_view address, absl::string_view designator) const {
  std::string folded = jp::FoldPlace(address);
  std::string prefecture = jp::PrefectureAtBeginning(folded);
  const bool taken = prefecture.empty();
  if (taken) {
    prefecture = std::string(designator.substr(0, 2));
    folded = absl::StrCat(jp::FoldPlace(jp::PrefectureName(prefecture)), folded);
  }
  const size_t begin = jp::FoldPlace(jp::PrefectureName(prefecture)).size();
  if (begin == 0) return {"", "AREA_NOT_IN_ADDRESS"_reason, ""};
  Match match = LongestMatch(folded);
  const size_t county = absl::string_view(folded).find(kCounty, begin);
  if (match.living == nullptr && county != absl::string_view::npos) {
    folded.erase(begin, county + kCounty.size() - begin);
    const Match without = LongestMatch(folded);
    if (without.living != nullptr || match.ended == nullptr) match = without;
  }
  if (match.living == nullptr && match.ended != nullptr) {
    return {"", "ENDED_AREA_IN_ADDRESS"_reason, match.ended->ended};
  }
  if (match.living == nullptr || match.living->several) return {"", "AREA_NOT_IN_ADDRESS"_reason, ""};
  Found found{match.living->living, taken ? "PREFECTURE_TAKEN"_reason : Reason(), ""};
  if (match.living->has_wards && BeginsWithWard(absl::string_view(folded).substr(match.length))) {
    found.warning = "WARD_NOT_FOUND"_reason;
  }
  return found;
}

bool ParseMillionths(absl::string_view text, int32_t& millionths) {
  const size_t dot = text.find('.');
  const absl::string_view whole = text.substr(0, dot);
  absl::string_view fraction = dot == absl::string_view::npos ? "" : text.substr(dot + 1);
  if (whole.empty() || whole.size() > 3 || !std::all_of(whole.begin(), whole.end(), absl::ascii_isdigit) ||
      !std::all_of(fraction.begin(), fraction.end(), absl::ascii_isdigit)) {
    return false;
  }
  const bool up = fraction.size() > 6 && fraction[6] >= '5';
  std::string digits = absl::StrCat(whole, fraction.substr(0, 6));
  digits.append(6 - std::min<size_t>(6, fraction.size()), '0');
  if (!absl::SimpleAtoi(digits, &millionths)) return false;
  millionths += up ? 1 : 0;
  return true;
}

}  // namespace tsunagu::registry::rules
