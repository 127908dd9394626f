#include "common/service/retention.h"

#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/clock_check.h"
#include "common/base/status_macros.h"
#include "common/records/parts.h"

namespace tsunagu {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);
// Other writers wait meanwhile, so a transaction ends after this time, whatever it has done.
constexpr absl::Duration kTurn = absl::Milliseconds(10);

struct Kind {
  absl::string_view select;  // the keys of up to 500 outdated rows, given the time
  absl::string_view remove;  // one of them, if it is still outdated
  int columns;
  absl::Duration kept;  // after the time in the row
};
const Kind kKinds[] = {
    {"SELECT `caller`, `method`, `request_id` FROM `requests` WHERE `expire_time` < ? ORDER BY `expire_time` LIMIT 500",
     "DELETE FROM `requests` WHERE `expire_time` < ? AND `caller` = ? AND `method` = ? AND `request_id` = ?", 3,
     absl::ZeroDuration()},
    {"SELECT `id` FROM `operations` WHERE `end_time` > 0 AND `end_time` < ? ORDER BY `end_time` LIMIT 500",
     "DELETE FROM `operations` WHERE `end_time` > 0 AND `end_time` < ? AND `id` = ?", 1, kEndedOperationsKept},
};

using Key = std::vector<std::string>;

absl::StatusOr<std::vector<Key>> Find(store::Database& database, const Kind& kind, int64_t before) {
  std::vector<Key> keys;
  RETURN_IF_ERROR(database.Read(Deadline::After(kPatience), [&](store::Session& session) {
    keys.clear();
    return session.Query(kind.select, {before}, [&](const store::Row& row) {
      Key& key = keys.emplace_back();
      for (int i = 0; i < kind.columns; ++i) key.push_back(row.Bytes(i));
      return absl::OkStatus();
    });
  }));
  return keys;
}

absl::Status Remove(store::Session& session, const Kind& kind, int64_t before, const Key& key) {
  std::vector<store::Value> values = {before};
  for (const std::string& part : key) values.push_back(absl::string_view(part));
  return session.Execute(kind.remove, values).status();
}

// Removes rows from index `begin` on, as many as fit into one turn; returns the next index.
absl::StatusOr<size_t> RemoveSome(store::Database& database, const Kind& kind, int64_t before,
                                  const std::vector<Key>& keys, size_t begin) {
  size_t next = begin;
  RETURN_IF_ERROR(database.Write(Deadline::After(kPatience), [&](store::Session& session) -> absl::Status {
    const Deadline end = Deadline::After(kTurn);
    for (next = begin; next < keys.size() && !end.Over(); ++next) {
      RETURN_IF_ERROR(Remove(session, kind, before, keys[next]));
    }
    return absl::OkStatus();
  }));
  return next;
}

}  // namespace

absl::StatusOr<int64_t> DeleteOutdated(store::Parts& parts) {
  if (!CheckClock(parts.clock()).ok())
    return 0;  // a clock that is ahead would have everything forgotten, and repeated requests executed again
  const absl::Time now = parts.clock().Now();
  int64_t count = 0;
  for (const Kind& kind : kKinds) {
    const int64_t before = absl::ToUnixMicros(now - kind.kept);
    ASSIGN_OR_RETURN(const std::vector<Key> keys, Find(parts.database(), kind, before));
    for (size_t next = 0; next < keys.size();) {
      ASSIGN_OR_RETURN(next, RemoveSome(parts.database(), kind, before, keys, next));
    }
    count += static_cast<int64_t>(keys.size());
  }
  return count;
}

}  // namespace tsunagu
