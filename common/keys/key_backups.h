#ifndef TSUNAGU_COMMON_KEYS_KEY_BACKUPS_H_
#define TSUNAGU_COMMON_KEYS_KEY_BACKUPS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "common/jp/civil_day.h"

namespace tsunagu {

// For how many days backups of key stores are kept, by the first day for which the number holds. There is no default,
// so that the operator has to state it.
class KeyBackups {
 public:
  // Reads "35" (since ever), or "2026-04-01=35" for each change. Errors: MALFORMED_VALUE at key_backup_days.
  static absl::StatusOr<KeyBackups> Parse(const std::vector<std::string>& entries);

  // Returns the last day on which a backup made on `day` is kept; nothing when no entry covers `day`.
  absl::optional<jp::CivilDay> ExpiryOf(jp::CivilDay day) const;

 private:
  std::map<jp::CivilDay, int> days_;  // by the first day
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_KEYS_KEY_BACKUPS_H_
