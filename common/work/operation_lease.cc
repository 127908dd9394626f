#include "common/work/operation_lease.h"

#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/db/database.h"
#include "common/records/parts.h"
#include "common/records/tx.h"
#include "common/work/operation_row.h"

namespace tsunagu {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);  // for the database

// Returns the error of an UPDATE that checks the epoch, by its number of matched rows.
absl::Status HeldWhere(const absl::StatusOr<int64_t>& matched) {
  RETURN_IF_ERROR(matched.status());
  return *matched == 1 ? absl::OkStatus() : Fail("LEASE_LOST"_reason);
}

}  // namespace

absl::StatusOr<std::shared_ptr<OperationLease>> OperationLease::Claim(store::Parts& parts, const std::string& id) {
  const absl::Time now = parts.clock().Now();
  int64_t epoch = 0, matched = 0;
  RETURN_IF_ERROR(parts.database().Write(Deadline::After(kPatience), [&](store::Session& session) -> absl::Status {
    epoch = 0;
    RETURN_IF_ERROR(session.Query("SELECT `epoch` FROM `operations` WHERE `id` = ?", {absl::string_view(id)},
                                  [&](const store::Row& row) {
                                    epoch = row.Integer(0);
                                    return absl::OkStatus();
                                  }));
    ASSIGN_OR_RETURN(
        matched, session.Execute("UPDATE `operations` SET `epoch` = ?, `lease_time` = ? WHERE `id` = ? AND "
                                 "`epoch` = ? AND `state` = ? AND (`epoch` = 0 OR `lease_time` < ?)",
                                 {epoch + 1, absl::ToUnixMicros(now + kLength), absl::string_view(id), epoch, kRunning,
                                  absl::ToUnixMicros(now)}));
    return absl::OkStatus();
  }));
  return matched == 1 ? std::make_shared<OperationLease>(parts, id, epoch + 1) : nullptr;
}

int64_t OperationLease::EndFromNow() const { return absl::ToUnixMicros(parts_.clock().Now() + kLength); }

absl::Status OperationLease::Renew() {
  return parts_.database().Write(Deadline::After(kPatience), [&](store::Session& session) {
    return HeldWhere(
        session.Execute("UPDATE `operations` SET `lease_time` = ? WHERE `id` = ? AND `epoch` = ? AND `state` = ?",
                        {EndFromNow(), absl::string_view(id_), epoch_, kRunning}));
  });
}

absl::Status OperationLease::Report(int percent) {
  return parts_.database().Write(Deadline::After(kPatience), [&](store::Session& session) -> absl::Status {
    RETURN_IF_ERROR(HeldWhere(session.Execute(
        "UPDATE `operations` SET `percent` = ?, `lease_time` = ? WHERE `id` = ? AND `epoch` = ? AND `state` = ?",
        {int64_t{percent}, EndFromNow(), absl::string_view(id_), epoch_, kRunning})));
    return CheckCancel(session);
  });
}

// An UPDATE, because a read takes no lock, and because Galera compares the writes of transactions on two nodes, not
// their reads. It always changes the row, because an unchanged row is not replicated.
absl::Status OperationLease::Fence(store::Tx& tx) {
  Failpoint("operation.before_fence");
  const int64_t end = EndFromNow();
  RETURN_IF_ERROR(HeldWhere(tx.session().Execute(
      "UPDATE `operations` SET `lease_time` = CASE WHEN `lease_time` < ? THEN ? ELSE `lease_time` + 1 END "
      "WHERE `id` = ? AND `epoch` = ? AND `state` = ?",
      {end, end, absl::string_view(id_), epoch_, kRunning})));
  return CheckCancel(tx.session());
}

// Call after an UPDATE of the row in the same transaction, so that nobody else changes the row meanwhile.
absl::Status OperationLease::CheckCancel(store::Session& session) const {
  bool cancelled = false;
  RETURN_IF_ERROR(session.Query("SELECT `cancel` FROM `operations` WHERE `id` = ?", {absl::string_view(id_)},
                                [&](const store::Row& row) {
                                  cancelled = row.Integer(0) != 0;
                                  return absl::OkStatus();
                                }));
  return cancelled ? Fail("CANCELLED"_reason) : absl::OkStatus();
}

absl::Status OperationLease::End(absl::string_view state, absl::string_view result) {
  const int64_t now = absl::ToUnixMicros(parts_.clock().Now());
  return parts_.database().Write(Deadline::After(kPatience), [&](store::Session& session) {
    return HeldWhere(
        session.Execute("UPDATE `operations` SET `state` = ?, `percent` = 100, `result` = ?, "
                        "`end_time` = ? WHERE `id` = ? AND `epoch` = ? AND `state` = ?",
                        {state, store::Blob{result}, now, absl::string_view(id_), epoch_, kRunning}));
  });
}

}  // namespace tsunagu
