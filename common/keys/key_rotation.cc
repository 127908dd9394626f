#include <string>
#include <vector>

#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/keys/key_store.h"

namespace tsunagu::store {

absl::Status KeyStore::RetireAllBut(const MasterKey& newest) {
  const std::string id = newest.id();
  return Write([&](Session& session) {
    return session
        .Execute("UPDATE `master_keys` SET `retire_time` = ? WHERE `id` <> ? AND `retire_time` = 0",
                 {absl::ToUnixMicros(clock_.Now()), absl::string_view(id)})
        .status();
  });
}

absl::StatusOr<int64_t> KeyStore::CountNotWrappedBy(const MasterKey& master) {
  const std::string id = master.id();
  int64_t count = 0;
  RETURN_IF_ERROR(Read([&](Session& session) {
    return session.Query("SELECT COUNT(*) FROM `data_keys` WHERE `master` <> ?", {absl::string_view(id)},
                         [&](const Row& row) {
                           count = row.Integer(0);
                           return absl::OkStatus();
                         });
  }));
  return count;
}

absl::StatusOr<int64_t> KeyStore::WrapAnew(absl::Span<const MasterKey> masters, int64_t limit) {
  const MasterKey& newest = masters.front();
  const std::string newest_id = newest.id();
  int64_t count = 0;
  RETURN_IF_ERROR(Write([&](Session& session) -> absl::Status {
    std::vector<WrappedKey> batch;
    RETURN_IF_ERROR(session.Query(
        "SELECT `id`, `master`, `wrapped` FROM `data_keys` WHERE `master` <> ? ORDER BY `master`, `id` LIMIT ?",
        {absl::string_view(newest_id), limit}, [&](const Row& row) {
          batch.push_back({row.Bytes(0), row.Bytes(1), row.Bytes(2)});
          return absl::OkStatus();
        }));
    count = static_cast<int64_t>(batch.size());
    for (const WrappedKey& key : batch) {
      ASSIGN_OR_RETURN(const std::string bytes, Unwrap(masters, key));
      const std::string wrapped = Wrap(newest, key.id, bytes);
      // A key that was erased meanwhile stays erased.
      RETURN_IF_ERROR(session
                          .Execute("UPDATE `data_keys` SET `master` = ?, `wrapped` = ? WHERE `id` = ? AND `master` = ?",
                                   {absl::string_view(newest_id), Blob{wrapped}, absl::string_view(key.id),
                                    absl::string_view(key.master)})
                          .status());
      Failpoint("keys.row_wrapped");
    }
    return absl::OkStatus();
  }));
  return count;
}

}  // namespace tsunagu::store
