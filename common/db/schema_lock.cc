#include "common/db/schema_lock.h"

#include <chrono>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/process.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr auto kBeat = std::chrono::seconds(1);
constexpr absl::Duration kLook = absl::Milliseconds(200);

Deadline Patience() { return Deadline::After(kPatience); }

absl::Status InProgress(const std::string& service, const std::string& holder) {
  return Fail("MIGRATION_IN_PROGRESS"_reason, {{"database", service}, {"holder", ProcessForPeople(holder)}});
}

}  // namespace

absl::StatusOr<SchemaLock::State> SchemaLock::Read(Database& database) {
  State state;
  RETURN_IF_ERROR(database.Read(Patience(), [&](Session& session) {
    state = State();
    return session.Query("SELECT `epoch`, `beat`, `holder` FROM `schema_lock` WHERE `name` = 'migration'", {},
                         [&](const Row& row) {
                           state = {row.Integer(0), row.Integer(1), row.Bytes(2)};
                           return absl::OkStatus();
                         });
  }));
  return state;
}

absl::StatusOr<bool> SchemaLock::IsHeld(Database& database) {
  ASSIGN_OR_RETURN(const FoundTable table, database.Describe("schema_lock"));
  if (!table.exists()) return false;
  ASSIGN_OR_RETURN(const State state, Read(database));
  return !state.holder.empty();
}

absl::StatusOr<bool> SchemaLock::TakeFrom(Database& database, const State& seen) {
  const std::string me = ThisProcess();
  bool taken = false;
  const absl::Status written = database.Write(Patience(), [&](Session& session) -> absl::Status {
    if (seen.epoch == 0) {
      taken = true;
      return session
          .Execute("INSERT INTO `schema_lock` (`name`, `epoch`, `beat`, `holder`) VALUES ('migration', 1, 0, ?)",
                   {absl::string_view(me)})
          .status();
    }
    ASSIGN_OR_RETURN(
        const int64_t matched,
        session.Execute("UPDATE `schema_lock` SET `epoch` = ?, `holder` = ? WHERE `name` = 'migration' "
                        "AND `epoch` = ? AND `holder` = ?",
                        {seen.epoch + 1, absl::string_view(me), seen.epoch, absl::string_view(seen.holder)}));
    taken = matched == 1;
    return absl::OkStatus();
  });
  if (absl::IsAlreadyExists(written)) return false;
  RETURN_IF_ERROR(written);
  return taken;
}

absl::StatusOr<std::unique_ptr<SchemaLock>> SchemaLock::Take(Database& database, const std::string& service,
                                                             absl::Duration patience) {
  ASSIGN_OR_RETURN(State seen, Read(database));
  for (absl::Duration still;; still += kLook) {
    const bool free = seen.holder.empty() || HasEnded(seen.holder) || still >= patience;
    if (free) {
      ASSIGN_OR_RETURN(const bool taken, TakeFrom(database, seen));
      if (taken) return std::unique_ptr<SchemaLock>(new SchemaLock(database, service, seen.epoch + 1));
    }
    absl::SleepFor(kLook);
    ASSIGN_OR_RETURN(const State now, Read(database));
    const bool lives = !now.holder.empty() && (now.epoch != seen.epoch || now.beat != seen.beat);
    if (lives) return InProgress(service, now.holder);
    seen = now;
  }
}

SchemaLock::SchemaLock(Database& database, std::string service, int64_t epoch)
    : database_(database), service_(std::move(service)), epoch_(epoch), beating_([this] { Beat(); }) {}

SchemaLock::~SchemaLock() {
  {
    MutexLock lock(mutex_);
    stopped_ = true;
  }
  stopping_.notify_all();
  beating_.join();
  // If this fails, others will see that the holder has ended.
  (void)database_.Write(Patience(), [&](Session& session) {
    return session
        .Execute("UPDATE `schema_lock` SET `holder` = '' WHERE `name` = 'migration' AND `epoch` = ?", {epoch_})
        .status();
  });
}

void SchemaLock::Beat() {
  while (true) {
    {
      MutexLock lock(mutex_);
      if (!stopped_) stopping_.wait_for(mutex_, kBeat);
      if (stopped_) return;
    }
    // A missed beat does no harm: others follow.
    (void)database_.Write(Patience(), [&](Session& session) {
      return session
          .Execute("UPDATE `schema_lock` SET `beat` = `beat` + 1 WHERE `name` = 'migration' AND `epoch` = ?", {epoch_})
          .status();
    });
  }
}

absl::Status SchemaLock::Check() {
  ASSIGN_OR_RETURN(const State state, Read(database_));
  return state.epoch == epoch_ ? absl::OkStatus() : InProgress(service_, state.holder);
}

}  // namespace tsunagu::store
