#ifndef TSUNAGU_COMMON_DB_SCHEMA_STEPS_H_
#define TSUNAGU_COMMON_DB_SCHEMA_STEPS_H_

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/variant.h"
#include "common/db/database.h"
#include "common/db/table_definition.h"

namespace tsunagu::store {

// A change of a schema that contracts do not say, written by hand. The steps of a series count 1, 2, 3, …; one that
// has been released is never changed. Each can be done again without harm, because its effect is looked for first.
// Tables and columns that contracts ask for are there before, indexes are made after the steps.
struct SchemaStep {
  // The index as it was; contracts ask for it with other columns, or not at all.
  struct DropIndex {
    std::string table, index;
    std::string columns;  // "`principal`, `id`"; one with other columns stays
  };
  // Another type for a column, as contracts ask for it. On SQLite, which keeps a value as it is, nothing happens.
  struct ModifyColumn {
    std::string table, column;
    std::string type;  // with NOT NULL, DEFAULT
  };
  // Rows to be filled, a piece in each transaction: at most 500 rows and 20 ms from `position` on, which is empty at
  // first. Returns the position to go on from; empty: all is done.
  struct Fill {
    std::function<absl::StatusOr<std::string>(Session&, const std::string& position)> piece;
  };

  std::string series;  // "common", or the service
  int64_t number = 0;
  std::string name;  // what it is for
  // The lowest number of this series that a binary has to know to serve once this step is done; 0: any may.
  int64_t serves_from = 0;
  absl::variant<DropIndex, ModifyColumn, Fill> action;

  // "common 1"
  std::string Title() const;
};

// Tables in which migrations keep their state, in every database: schema_steps, schema_lock, installation.
std::vector<TableDefinition> BookkeepingTables(Dialect dialect);

// The steps of every service's database. To add one: the next number, at the end.
std::vector<SchemaStep> CommonSteps();

// What a database says of numbered steps.
class StepStates {
 public:
  // No table: nothing done.
  static absl::StatusOr<StepStates> Read(Database& database);

  bool IsDone(const SchemaStep& step) const;
  // True where steps have been done that are not among `known`.
  bool HasMoreThan(absl::Span<const SchemaStep> known) const;
  // DATABASE_TOO_NEW where one of those has to be known to serve.
  absl::Status CheckServes(absl::Span<const SchemaStep> known, const std::string& database) const;

 private:
  struct State {
    bool done = false;
    int64_t serves_from = 0;
  };
  std::map<std::pair<std::string, int64_t>, State> states_;
};

absl::Status MarkDone(Database& database, const SchemaStep& step);

// Runs pieces until none is left; how far it came is kept in the transaction of each.
absl::Status RunFill(Database& database, const SchemaStep& step);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SCHEMA_STEPS_H_
