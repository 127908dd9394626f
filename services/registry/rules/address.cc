#include "services/registry/rules/address.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tsunagu::registry::rules {
namespace {

constexpr absl::string_view kCounty = "郡";

// Where the prefecture ends: 北海道, 東京都, 大阪府, 鳥取県; 0 when the address does not begin with one. The word may
// not stand first, for 京都府 holds 都.
size_t PrefectureEnd(absl::string_view address) {
  if (address.substr(0, std::string("北海道").size()) == "北海道") return std::string("北海道").size();
  constexpr size_t kCharacter = 3;  // bytes of a kanji
  for (const size_t characters : {2, 3}) {
    const absl::string_view end = address.substr(std::min(address.size(), characters * kCharacter), kCharacter);
    if (end == "県" || end == "府" || end == "都") return (characters + 1) * kCharacter;
  }
  return 0;
}

}  // namespace

void AddressBook::Add(absl::string_view full_name, absl::string_view area_name) {
  areas_[std::string(full_name)] = std::string(area_name);
  longest_ = std::max(longest_, full_name.size());
}

std::string AddressBook::LongestMatch(absl::string_view address) const {
  for (size_t length = std::min(longest_, address.size()); length > 0; --length) {
    const auto found = areas_.find(std::string(address.substr(0, length)));
    if (found != areas_.end()) return found->second;
  }
  return "";
}

std::string AddressBook::Find(absl::string_view address) const {
  std::string found = LongestMatch(address);
  if (!found.empty()) return found;
  const size_t prefecture = PrefectureEnd(address);
  const size_t county = address.find(kCounty, prefecture);
  if (prefecture == 0 || county == absl::string_view::npos) return "";
  return LongestMatch(absl::StrCat(address.substr(0, prefecture), address.substr(county + kCounty.size())));
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
