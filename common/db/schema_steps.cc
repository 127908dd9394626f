#include "common/db/schema_steps.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr absl::string_view kDone = "DONE", kRunning = "RUNNING";

Deadline Patience() { return Deadline::After(kPatience); }

int64_t HighestKnown(absl::Span<const SchemaStep> known, const std::string& series) {
  int64_t highest = 0;
  for (const SchemaStep& step : known) {
    if (step.series == series) highest = std::max(highest, step.number);
  }
  return highest;
}

absl::StatusOr<std::string> PositionOf(Session& session, const SchemaStep& step) {
  std::string position;
  RETURN_IF_ERROR(session.Query("SELECT `position` FROM `schema_steps` WHERE `series` = ? AND `number` = ?",
                                {absl::string_view(step.series), step.number}, [&](const Row& row) {
                                  position = row.Bytes(0);
                                  return absl::OkStatus();
                                }));
  return position;
}

// Records the state of the step; two programs that run the same step write one after the other.
absl::Status Put(Session& session, const SchemaStep& step, absl::string_view state, const std::string& position) {
  ASSIGN_OR_RETURN(const int64_t matched,
                   session.Execute("UPDATE `schema_steps` SET `state` = ?, `position` = ? WHERE `series` = ? AND "
                                   "`number` = ?",
                                   {state, absl::string_view(position), absl::string_view(step.series), step.number}));
  if (matched == 1) return absl::OkStatus();
  return session
      .Execute(
          "INSERT INTO `schema_steps` (`series`, `number`, `name`, `state`, `position`, `serves_from`) "
          "VALUES (?, ?, ?, ?, ?, ?)",
          {absl::string_view(step.series), step.number, absl::string_view(step.name), state,
           absl::string_view(position), step.serves_from})
      .status();
}

}  // namespace

std::string SchemaStep::Title() const { return absl::StrCat(series, " ", number); }

std::vector<TableDefinition> BookkeepingTables(Dialect dialect) {
  const std::string ascii =
      dialect == Dialect::kMysql ? " CHARACTER SET ascii COLLATE ascii_bin NOT NULL" : " NOT NULL";
  const char* number = "BIGINT NOT NULL DEFAULT 0";
  return {
      {"schema_lock",
       {{"name", "VARCHAR(64)" + ascii}, {"epoch", number}, {"beat", number}, {"holder", "VARCHAR(191) NOT NULL"}},
       "`name`",
       {}},
      {"schema_steps",
       {{"series", "VARCHAR(64)" + ascii},
        {"number", "BIGINT NOT NULL"},
        {"name", "VARCHAR(191) NOT NULL"},
        {"state", "VARCHAR(16)" + ascii},
        {"position", "TEXT"},
        {"serves_from", number}},
       "`series`, `number`",
       {}},
      {"installation",
       {{"name", "VARCHAR(64)" + ascii},
        {"installation", "VARCHAR(64)" + ascii},
        {"service", "VARCHAR(64)" + ascii},
        {"place", "VARCHAR(191) NOT NULL"},
        {"create_time", number}},
       "`name`",
       {}},
  };
}

absl::StatusOr<StepStates> StepStates::Read(Database& database) {
  StepStates states;
  ASSIGN_OR_RETURN(const FoundTable table, database.Describe("schema_steps"));
  if (!table.exists()) return states;
  RETURN_IF_ERROR(database.Read(Patience(), [&](Session& session) {
    states.states_.clear();
    return session.Query("SELECT `series`, `number`, `state`, `serves_from` FROM `schema_steps`", {},
                         [&](const Row& row) {
                           states.states_[{row.Bytes(0), row.Integer(1)}] = {row.Bytes(2) == kDone, row.Integer(3)};
                           return absl::OkStatus();
                         });
  }));
  return states;
}

bool StepStates::IsDone(const SchemaStep& step) const {
  const auto found = states_.find({step.series, step.number});
  return found != states_.end() && found->second.done;
}

bool StepStates::HasMoreThan(absl::Span<const SchemaStep> known) const {
  return std::any_of(states_.begin(), states_.end(),
                     [&](const auto& one) { return one.first.second > HighestKnown(known, one.first.first); });
}

absl::Status StepStates::CheckServes(absl::Span<const SchemaStep> known, const std::string& database) const {
  for (const auto& [step, state] : states_) {
    const int64_t highest = HighestKnown(known, step.first);
    if (step.second > highest && state.serves_from > highest) {
      return Fail("DATABASE_TOO_NEW"_reason,
                  {{"database", database}, {"step", absl::StrCat(step.first, " ", step.second)}});
    }
  }
  return absl::OkStatus();
}

absl::Status MarkDone(Database& database, const SchemaStep& step) {
  return database.Write(Patience(), [&](Session& session) { return Put(session, step, kDone, ""); });
}

absl::Status RunFill(Database& database, const SchemaStep& step) {
  const auto& piece = absl::get<SchemaStep::Fill>(step.action).piece;
  for (bool done = false; !done;) {
    RETURN_IF_ERROR(database.Write(Patience(), [&](Session& session) -> absl::Status {
      ASSIGN_OR_RETURN(const std::string from, PositionOf(session, step));
      ASSIGN_OR_RETURN(const std::string next, piece(session, from));
      done = next.empty();
      return Put(session, step, done ? kDone : kRunning, next);
    }));
    Failpoint("migrate.after_piece");
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::store
