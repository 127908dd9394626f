#ifndef TSUNAGU_COMMON_DB_DATABASE_H_
#define TSUNAGU_COMMON_DB_DATABASE_H_

#include <cstdint>
#include <functional>
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

// A bound parameter. Its views must outlive the call they are passed to.
using Value = absl::variant<absl::monostate, int64_t, absl::string_view, Blob>;

// The current row of a query; columns count from 0.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool IsNull(int column) const = 0;
  // Returns 0 when the column is null.
  virtual int64_t Integer(int column) const = 0;
  // Returns text or a blob; empty when the column is null.
  virtual std::string Bytes(int column) const = 0;
};

// The engine. SQL of common/db that differs between the two engines depends on nothing else.
enum class Dialect { kSqlite, kMysql };

// One connection, used by one thread at a time. SQL is constant text with `?`, never built from data.
//
// Errors: ALREADY_EXISTS, whose message is the name of the violated unique index or, for the primary key, "id"; ABORTED
// for a conflict: the transaction may be run again; the reasons DATABASE_UNAVAILABLE, DISK_FULL and DEADLINE_EXCEEDED
// (a statement is interrupted soon after its deadline); DATA_LOSS when the file is damaged; INTERNAL for anything else,
// which is our bug. The driver's text is for the log only.
class Session {
 public:
  virtual ~Session() = default;
  // Returns how many rows matched, including rows that an UPDATE left unchanged.
  virtual absl::StatusOr<int64_t> Execute(absl::string_view sql, absl::Span<const Value> parameters = {}) = 0;
  // Calls `each` for every row. Stops at its first error and returns it.
  virtual absl::Status Query(absl::string_view sql, absl::Span<const Value> parameters,
                             absl::FunctionRef<absl::Status(const Row&)> each) = 0;
  // For a session that does not write: everything that `body` reads belongs to one state of the database. Outside of
  // Snapshot, each statement sees what has been committed before it.
  virtual absl::Status Snapshot(absl::FunctionRef<absl::Status()> body) = 0;
  // For a session that does not write: limits the total work of all statements from here to the end of its Read. Errors
  // of the statements: QUERY_TOO_COSTLY. SQLite counts the processor time of this thread, MySQL the time until the
  // server answers.
  virtual void BoundWork(absl::Duration most) = 0;
  virtual Dialect dialect() const = 0;
};

// The real structure of a table, as the engine reports it.
struct FoundTable {
  struct Column {
    std::string name;
    std::string type;  // "VARCHAR(64)", "BIGINT"; on MySQL with CHARACTER SET when that is not utf8mb4
    bool nullable = true;
  };
  struct Index {
    std::string name;
    bool unique = false;
    std::string columns;  // "`area`, `id`"
  };
  std::vector<Column> columns;  // in their order; empty: the table does not exist
  std::vector<Index> indexes;   // by name; without the index of the primary key

  bool exists() const { return !columns.empty(); }
  // Return null when there is none.
  const Column* FindColumn(absl::string_view column) const;
  const Index* FindIndex(absl::string_view index) const;
  // For drivers: adds the next column of an index.
  void AddIndexColumn(const std::string& index, bool unique, absl::string_view column);
};

// The database of one service. Thread-safe.
class Database {
 public:
  virtual ~Database() = default;

  // Runs `body` on a connection that does not write, until `deadline` at the latest. Errors: DEADLINE_EXCEEDED when no
  // connection becomes free. `body` may run again as long as none of its statements has been answered.
  virtual absl::Status Read(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) = 0;

  // As Read, but all such reads in one Turn of this thread may see the state of the database that the first of them
  // saw. Do not use it for values that are kept after the turn, such as a cache that is notified of changes.
  virtual absl::Status ReadInTurn(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) {
    return Read(deadline, body);
  }

  // Runs `body` in a transaction. OK means that the transaction is durable. An error of `body` rolls back and is
  // returned. `body` may run several times (conflicts are retried) and on another thread, so it may only touch its
  // session and values that it sets anew on each run. Errors: COMMIT_UNKNOWN when the transaction may or may not have
  // been committed.
  virtual absl::Status Write(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) = 0;

  // As Write, but returns at once, so that no thread waits for the commit. `done` is called once, with the result, on
  // the thread that writes, so it must not wait. Returns false when this engine cannot do that: call Write instead.
  virtual bool WriteLater(Deadline /*deadline*/, std::function<absl::Status(Session&)> /*body*/,
                          std::function<void(absl::Status)> /*done*/) {
    return false;
  }

  // Runs one statement outside any transaction, for tables and indexes.
  virtual absl::Status Define(absl::string_view statement) = 0;

  virtual absl::StatusOr<FoundTable> Describe(absl::string_view table) = 0;
  // Removes deleted or overwritten data from the files that still contain it: the log of SQLite. Returns false while a
  // reader still uses the log: call it again later. The logs of a database server are the operator's task.
  virtual absl::StatusOr<bool> ForgetDeleted() { return true; }

  // Returns schema objects that can act by themselves or stand in for a table. None of them is ours: "trigger x on
  // areas", views, routines, events, foreign keys. Sorted by kind and name.
  virtual absl::StatusOr<std::vector<std::string>> ForeignObjects() = 0;

  // Returns the names of a table's columns; empty when the table does not exist.
  absl::StatusOr<std::vector<std::string>> Columns(absl::string_view table);

  virtual Dialect dialect() const = 0;

  // The number of calls that it executes at once; further threads could only wait for a connection.
  virtual int most_at_once() const { return std::numeric_limits<int>::max(); }

  // Usage figures for metrics.
  struct Load {
    int64_t connections = 0;  // in use
    int64_t connections_bound = 0;
    int64_t waiting = 0;  // callers that wait now
    int64_t waits = 0;    // callers that had to wait, since the start
    int64_t retries = 0;  // transactions run again after a conflict, since the start
  };
  virtual Load load() { return {}; }
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_DATABASE_H_
