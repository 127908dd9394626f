#include "common/jp/clock_time.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace tsunagu::jp {

absl::optional<int> MinuteOfDay(absl::string_view time) {
  std::vector<absl::string_view> parts = absl::StrSplit(time, ':');
  if (parts.size() == 3 && parts[2] == "00") parts.pop_back();
  if (parts.size() != 2 || parts[0].empty() || parts[0].size() > 2 || parts[1].size() != 2) return absl::nullopt;
  int value[2];
  for (int i = 0; i < 2; ++i) {
    const bool is_number = std::all_of(parts[i].begin(), parts[i].end(), absl::ascii_isdigit);
    if (!is_number || !absl::SimpleAtoi(parts[i], &value[i])) return absl::nullopt;
  }
  const int minute = value[0] * 60 + value[1];
  if (value[1] > 59 || minute > kMinutesOfDay) return absl::nullopt;
  return minute;
}

}  // namespace tsunagu::jp
