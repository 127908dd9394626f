#include "common/keys/key_backups.h"

#include <iterator>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace tsunagu {

absl::StatusOr<KeyBackups> KeyBackups::Parse(const std::vector<std::string>& entries) {
  KeyBackups backups;
  for (const std::string& entry : entries) {
    const std::vector<std::string> parts = absl::StrSplit(entry, absl::MaxSplits('=', 1));
    jp::CivilDay from(1, 1, 1);
    if (parts.size() == 2) {
      ASSIGN_OR_RETURN(from, jp::ParseDay(parts.front()));
    }
    int days = 0;
    const bool read = absl::SimpleAtoi(parts.back(), &days) && days >= 0 && days <= 36'500;
    if (!read || !backups.days_.emplace(from, days).second) {
      return FailAt("key_backup_days", "MALFORMED_VALUE"_reason);
    }
  }
  return backups;
}

absl::optional<jp::CivilDay> KeyBackups::ExpiryOf(jp::CivilDay day) const {
  const auto next = days_.upper_bound(day);
  if (next == days_.begin()) return absl::nullopt;
  return day + std::prev(next)->second;
}

}  // namespace tsunagu
