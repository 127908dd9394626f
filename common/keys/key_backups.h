#ifndef TSUNAGU_COMMON_KEYS_KEY_BACKUPS_H_
#define TSUNAGU_COMMON_KEYS_KEY_BACKUPS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "common/jp/civil_day.h"

namespace tsunagu {

// For how many days backups of key stores are kept, by the day from which that holds. There is no default: who has not
// said it does not know it.
class KeyBackups {
 public:
  // "35" (from ever on), or "2026-04-01=35" for each change. MALFORMED_VALUE at key_backup_days.
  static absl::StatusOr<KeyBackups> Parse(const std::vector<std::string>& entries);

  // The last day on which a backup made on `day` is kept; absent where no entry holds on `day`.
  absl::optional<jp::CivilDay> ExpiryOf(jp::CivilDay day) const;

 private:
  std::map<jp::CivilDay, int> days_;  // by the first day
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_KEYS_KEY_BACKUPS_H_
