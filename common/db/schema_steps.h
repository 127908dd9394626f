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

// A hand-written change of a schema, for changes that contracts cannot express. The steps of a series count 1, 2, 3, …;
// a released step is never changed. Each step can be repeated without harm, because it first checks whether its effect
// exists. Tables and columns of the contracts are made before the steps, indexes after them.
struct SchemaStep {
  // Drops an index whose old form the contracts no longer require: they require other columns, or no such index.
  struct DropIndex {
    std::string table, index;
    std::string columns;  // "`principal`, `id`"; an index with other columns is kept
  };
  // Gives a column the type that contracts require. Does nothing on SQLite, which stores any value unchanged.
  struct ModifyColumn {
    std::string table, column;
    std::string type;  // with NOT NULL, DEFAULT
  };
  // Fills rows, one piece per transaction: at most 500 rows and 20 ms, beginning at `position`, which is empty at
  // first. Returns the position where the next piece begins; empty: all rows are filled.
  struct Fill {
    std::function<absl::StatusOr<std::string>(Session&, const std::string& position)> piece;
  };

  std::string series;  // "common", or the service
  int64_t number = 0;
  std::string name;  // its purpose
  // The lowest step number of this series that a binary must know to serve once this step is done; 0: any binary may
  // serve.
  int64_t serves_from = 0;
  absl::variant<DropIndex, ModifyColumn, Fill> action;

  // "common 1"
  std::string Title() const;
};

// The tables in which migrations store their state, in every database: schema_steps, schema_lock, installation.
std::vector<TableDefinition> BookkeepingTables(Dialect dialect);

// The steps of every service's database. Add a new one at the end, with the next number.
std::vector<SchemaStep> CommonSteps();

// The states of the numbered steps in a database.
class StepStates {
 public:
  // When the table does not exist, no step is done.
  static absl::StatusOr<StepStates> Read(Database& database);

  bool IsDone(const SchemaStep& step) const;
  // Returns true when steps have been done that are not in `known`.
  bool HasMoreThan(absl::Span<const SchemaStep> known) const;
  // Errors: DATABASE_TOO_NEW when a binary must know one of those steps to serve.
  absl::Status CheckServes(absl::Span<const SchemaStep> known, const std::string& database) const;

 private:
  struct State {
    bool done = false;
    int64_t serves_from = 0;
  };
  std::map<std::pair<std::string, int64_t>, State> states_;
};

absl::Status MarkDone(Database& database, const SchemaStep& step);

// Runs all pieces; each transaction also records the position reached.
absl::Status RunFill(Database& database, const SchemaStep& step);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_SCHEMA_STEPS_H_
