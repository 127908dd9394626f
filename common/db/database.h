#ifndef TSUNAGU_COMMON_DB_DATABASE_H_
#define TSUNAGU_COMMON_DB_DATABASE_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "absl/types/variant.h"
#include "common/base/deadline.h"

namespace tsunagu::store {

// Bytes that are not text.
struct Blob {
  absl::string_view bytes;
};

// A bound parameter. Views have to live as long as the call they are passed to.
using Value = absl::variant<absl::monostate, int64_t, absl::string_view, Blob>;

// The row a query stands on; columns count from 0.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool IsNull(int column) const = 0;
  // 0 where null.
  virtual int64_t Integer(int column) const = 0;
  // Text or blob; empty where null.
  virtual std::string Bytes(int column) const = 0;
};

// Where the two engines differ, the SQL of common/db asks this and nothing else.
enum class Dialect { kSqlite, kMysql };

// One connection, used by one thread at a time. SQL is constant text with `?`, never built from data.
//
// Errors: ALREADY_EXISTS whose message is the name of the violated unique index or, for the primary key, "id";
// ABORTED (a conflict: the transaction may be run again); the reasons DATABASE_UNAVAILABLE, DISK_FULL,
// DEADLINE_EXCEEDED (a statement is interrupted soon after its deadline is over); DATA_LOSS where the file is damaged;
// anything else is our bug, INTERNAL. The driver's text is for the log only.
class Session {
 public:
  virtual ~Session() = default;
  // Returns how many rows matched (also those an UPDATE left as they were).
  virtual absl::StatusOr<int64_t> Execute(absl::string_view sql, absl::Span<const Value> parameters = {}) = 0;
  // Calls `each` per row; stops at its first error and returns it.
  virtual absl::Status Query(absl::string_view sql, absl::Span<const Value> parameters,
                             absl::FunctionRef<absl::Status(const Row&)> each) = 0;
  // Of a session that does not write: all that `body` reads is one state of the database. Otherwise each statement sees
  // what has been committed by then.
  virtual absl::Status Snapshot(absl::FunctionRef<absl::Status()> body) = 0;
  // Of a session that does not write: from here on to the end of its Read, all statements together cost no more than
  // this, else QUERY_TOO_COSTLY. SQLite counts the processor time of this thread, MySQL the time until it answers.
  virtual void BoundWork(absl::Duration most) = 0;
  virtual Dialect dialect() const = 0;
};

// What a table really is, as the engine tells it.
struct FoundTable {
  struct Column {
    std::string name;
    std::string type;  // "VARCHAR(64)", "BIGINT"; on MySQL with CHARACTER SET where that is not utf8mb4
    bool nullable = true;
  };
  struct Index {
    std::string name;
    bool unique = false;
    std::string columns;  // "`area`, `id`"
  };
  std::vector<Column> columns;  // in their order; none: there is no such table
  std::vector<Index> indexes;   // by name; without the primary key's

  bool exists() const { return !columns.empty(); }
  // Null where there is none.
  const Column* FindColumn(absl::string_view column) const;
  const Index* FindIndex(absl::string_view index) const;
  // For drivers: the next column of an index.
  void AddIndexColumn(const std::string& index, bool unique, absl::string_view column);
};

// A database of one service. Thread-safe.
class Database {
 public:
  virtual ~Database() = default;

  // Runs `body` on a connection that does not write. No longer than `deadline`: DEADLINE_EXCEEDED when no connection
  // comes free. `body` may run again as long as none of its statements has been answered.
  virtual absl::Status Read(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) = 0;

  // The same; but all that do so in one Turn of this thread may see the state of the database that the first of them
  // saw. So it is not for what is remembered beyond the turn, as in a cache that is told of changes.
  virtual absl::Status ReadInTurn(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) {
    return Read(deadline, body);
  }

  // Runs `body` in a transaction; OK means durable. An error of `body` rolls back and is returned. `body` may run
  // several times (conflicts are retried) and on another thread, so it touches only its session and what it sets
  // anew on each run. COMMIT_UNKNOWN: the transaction may or may not have been committed.
  virtual absl::Status Write(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) = 0;

  // Runs one statement outside any transaction: tables and indexes.
  virtual absl::Status Define(absl::string_view statement) = 0;

  virtual absl::StatusOr<FoundTable> Describe(absl::string_view table) = 0;
  // Takes what was deleted or overwritten out of the files in which it still stands: SQLite's log. False where somebody
  // still reads there: it has to be asked for again. What a server does with its own logs is the operator's.
  virtual absl::StatusOr<bool> ForgetDeleted() { return true; }

  // What in the schema can act by itself or stand in for a table, and is never ours: "trigger x on areas", views,
  // routines, events, foreign keys. By kind and name.
  virtual absl::StatusOr<std::vector<std::string>> ForeignObjects() = 0;

  // Names of a table's columns; empty when there is no such table.
  absl::StatusOr<std::vector<std::string>> Columns(absl::string_view table);

  virtual Dialect dialect() const = 0;

  // How many calls it works on at once; a thread more could only wait for a connection.
  virtual int most_at_once() const { return std::numeric_limits<int>::max(); }

  // How busy it is, for metrics.
  struct Load {
    int64_t connections = 0;  // in use
    int64_t connections_bound = 0;
    int64_t waiting = 0;  // callers, now
    int64_t waits = 0;    // callers who had to, since the start
    int64_t retries = 0;  // transactions run again after a conflict, since the start
  };
  virtual Load load() { return {}; }
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_DATABASE_H_
