#include "tests/bench/raw.h"

#include <sqlite3.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/db/mysql/mysql_database.h"
#include "tests/bench/measure.h"

namespace tsunagu::bench {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(5);

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
struct FreeValue {
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};
using Sqlite = std::unique_ptr<sqlite3, CloseDatabase>;
using SqliteStatement = std::unique_ptr<sqlite3_stmt, Finalize>;
using SqliteValue = std::unique_ptr<sqlite3_value, FreeValue>;

Sqlite OpenFile(const std::string& path) {
  sqlite3* database = nullptr;
  const int result = sqlite3_open(path.c_str(), &database);
  Sqlite opened(database);
  Require(result == SQLITE_OK, path);
  return opened;
}

SqliteStatement Prepare(const Sqlite& database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &statement, nullptr);
  Require(result == SQLITE_OK, sqlite3_errmsg(database.get()));
  return SqliteStatement(statement);
}

void Run(const Sqlite& database, const std::string& sql) {
  Require(sqlite3_exec(database.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
          sqlite3_errmsg(database.get()));
}

std::string Marks(size_t count) { return absl::StrJoin(std::vector<std::string>(count, "?"), ", "); }

std::vector<SqliteValue> ReadAll(const Sqlite& database, const std::string& table, int& columns) {
  const SqliteStatement all = Prepare(database, absl::StrCat("SELECT * FROM ", table, " ORDER BY create_time, id"));
  columns = sqlite3_column_count(all.get());
  std::vector<SqliteValue> values;
  while (sqlite3_step(all.get()) == SQLITE_ROW) {
    for (int i = 0; i < columns; ++i) values.emplace_back(sqlite3_value_dup(sqlite3_column_value(all.get(), i)));
  }
  return values;
}

void CopyDefinition(const Sqlite& from, const Sqlite& to, const std::string& table) {
  const SqliteStatement definitions =
      Prepare(from, absl::StrCat("SELECT sql FROM sqlite_master WHERE tbl_name = '", table,
                                 "' AND sql IS NOT NULL ORDER BY type DESC"));  // the table must come before its
                                                                                // indexes
  while (sqlite3_step(definitions.get()) == SQLITE_ROW) {
    Run(to, reinterpret_cast<const char*>(sqlite3_column_text(definitions.get(), 0)));
  }
}

}  // namespace

double RawSqlite(const std::string& file, const std::string& table) {
  const Sqlite from = OpenFile(file);
  int columns = 0;
  const std::vector<SqliteValue> values = ReadAll(from, table, columns);
  const std::string copy = file + ".raw";
  const auto remove = absl::MakeCleanup([&] {
    for (const char* end : {"", "-wal", "-shm"}) std::remove((copy + end).c_str());
  });
  const Sqlite to = OpenFile(copy);
  Run(to, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  CopyDefinition(from, to, table);
  const SqliteStatement insert =
      Prepare(to, absl::StrCat("INSERT INTO ", table, " VALUES (", Marks(static_cast<size_t>(columns)), ")"));

  const absl::Time start = Clock::System().Now();
  Run(to, "BEGIN IMMEDIATE");
  for (size_t i = 0; i < values.size(); ++i) {
    const int column = static_cast<int>(i) % columns + 1;
    sqlite3_bind_value(insert.get(), column, values[i].get());
    if (column < columns) continue;
    Require(sqlite3_step(insert.get()) == SQLITE_DONE, sqlite3_errmsg(to.get()));
    sqlite3_reset(insert.get());
  }
  Run(to, "COMMIT");
  const double rows = static_cast<double>(values.size()) / columns;
  return rows / absl::ToDoubleSeconds(Clock::System().Now() - start);
}

double RawMysql(const std::string& url, const std::string& table) {
  const auto options = store::ParseMysqlUrl(url);
  Require(options.ok(), url);
  store::MysqlDatabase database(*options);
  const auto columns = database.Columns(table);
  Require(columns.ok(), columns.status().ToString());
  std::vector<std::vector<std::string>> rows;
  std::vector<std::vector<bool>> nulls;
  const Deadline deadline = Deadline::After(kPatience);
  const absl::Status read = database.Read(deadline, [&](store::Session& session) {
    return session.Query(absl::StrCat("SELECT * FROM ", table, " ORDER BY create_time, id"), {},
                         [&](const store::Row& row) {
                           rows.emplace_back();
                           nulls.emplace_back();
                           for (int i = 0; i < static_cast<int>(columns->size()); ++i) {
                             rows.back().push_back(row.Bytes(i));
                             nulls.back().push_back(row.IsNull(i));
                           }
                           return absl::OkStatus();
                         });
  });
  Require(read.ok(), read.ToString());
  Require(database.Define(absl::StrCat("CREATE TABLE raw_copy LIKE ", table)).ok(), "CREATE TABLE");
  const std::string insert = absl::StrCat("INSERT INTO raw_copy VALUES (", Marks(columns->size()), ")");

  const absl::Time start = Clock::System().Now();
  const absl::Status written = database.Write(deadline, [&](store::Session& session) {
    std::vector<store::Value> values(columns->size());
    for (size_t row = 0; row < rows.size(); ++row) {
      for (size_t i = 0; i < values.size(); ++i) {
        values[i] = nulls[row][i] ? store::Value(absl::monostate()) : store::Value(absl::string_view(rows[row][i]));
      }
      RETURN_IF_ERROR(session.Execute(insert, values).status());
    }
    return absl::OkStatus();
  });
  const double seconds = absl::ToDoubleSeconds(Clock::System().Now() - start);
  Require(written.ok(), written.ToString());
  Require(database.Define("DROP TABLE raw_copy").ok(), "DROP TABLE");
  return static_cast<double>(rows.size()) / seconds;
}

}  // namespace tsunagu::bench
