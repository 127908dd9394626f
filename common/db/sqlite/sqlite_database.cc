#include "common/db/sqlite/sqlite_database.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/base/turn.h"

namespace tsunagu::store {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);  // for calls without a deadline
// The largest file that is checked at start: takes about a second, or about four after its last process was killed.
constexpr uintmax_t kLookedThrough = 256 << 20;
// Up to this size the indexes are always compared too: takes about a second.
constexpr uintmax_t kCompared = 64 << 20;

// A process that ends regularly leaves no log. A process that is still running has a log too.
bool HasLog(const std::string& path) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path + "-wal", error);
  return !error && size > 0;
}

// The reader that a thread keeps until its turn ends.
struct Kept {
  const SqliteDatabase* database = nullptr;  // to which it belongs
  std::unique_ptr<SqliteSession> reader;     // null: none is kept
  bool in_use = false;
};
thread_local Kept kept;

}  // namespace

SqliteDatabase::SqliteDatabase(SqliteOptions options, std::unique_ptr<SqliteSession> writer)
    : options_(std::move(options)),
      readers_(options_.max_readers),
      writer_(options_.path, std::move(writer), options_.max_batch) {}

absl::StatusOr<std::unique_ptr<SqliteSession>> SqliteDatabase::TakeReader(Deadline deadline) {
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteSession> reader, readers_.Acquire(deadline));
  if (reader == nullptr && deadline.Over()) {  // making one takes a while
    readers_.Release(nullptr);
    return Fail("DEADLINE_EXCEEDED"_reason);
  }
  if (reader == nullptr) {
    absl::StatusOr<std::unique_ptr<SqliteSession>> opened =
        SqliteSession::Open(options_.path, SqliteSession::Mode::kReader);
    if (!opened.ok()) {
      readers_.Release(nullptr);
      return Fail("DATABASE_UNAVAILABLE"_reason);
    }
    reader = *std::move(opened);
  }
  reader->Lend(deadline);
  return reader;
}

absl::Status SqliteDatabase::Read(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) {
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteSession> reader, TakeReader(deadline));
  const absl::Status status = body(*reader);
  readers_.Release(std::move(reader));
  return status;
}

absl::Status SqliteDatabase::ReadInTurn(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) {
  Turn* const turn = Turn::Current();
  const bool of_another = kept.reader != nullptr && kept.database != this;
  if (turn == nullptr || of_another || kept.in_use) return Read(deadline, body);
  if (kept.reader == nullptr) {
    ASSIGN_OR_RETURN(std::unique_ptr<SqliteSession> reader, TakeReader(deadline));
    if (const absl::Status begun = reader->BeginSnapshot(); !begun.ok()) {
      readers_.Release(nullptr);
      return begun;
    }
    kept.database = this;
    kept.reader = std::move(reader);
    turn->AtEnd([this] {
      kept.reader->EndSnapshot();
      readers_.Release(std::move(kept.reader));
    });
  }
  kept.reader->Lend(deadline);
  kept.in_use = true;
  const absl::Status status = body(*kept.reader);
  kept.in_use = false;
  return status;
}

absl::Status SqliteDatabase::Write(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) {
  return writer_.Write(deadline, body);
}

bool SqliteDatabase::WriteLater(Deadline deadline, std::function<absl::Status(Session&)> body,
                                std::function<void(absl::Status)> done) {
  writer_.WriteLater(deadline, std::move(body), std::move(done));
  return true;
}

absl::Status SqliteDatabase::Define(absl::string_view statement) {
  return Write(Deadline::After(kPatience), [&](Session& session) { return session.Execute(statement).status(); });
}

Database::Load SqliteDatabase::load() {
  const auto use = readers_.use();
  Load load;
  load.connections = use.taken;
  load.connections_bound = use.bound;
  load.waiting = use.waiting + writer_.waiting();
  load.waits = use.waits;
  return load;
}

absl::StatusOr<FoundTable> SqliteDatabase::Describe(absl::string_view table) {
  FoundTable shape;
  RETURN_IF_ERROR(Read(Deadline::After(kPatience), [&](Session& session) -> absl::Status {
    shape = FoundTable();
    RETURN_IF_ERROR(session.Query("SELECT name, type, \"notnull\" FROM pragma_table_info(?) ORDER BY cid", {table},
                                  [&](const Row& row) {
                                    shape.columns.push_back({row.Bytes(0), row.Bytes(1), row.Integer(2) == 0});
                                    return absl::OkStatus();
                                  }));
    return session.Query(
        "SELECT l.name, l.\"unique\", c.name FROM pragma_index_list(?) l JOIN pragma_index_info(l.name) c "
        "WHERE l.origin = 'c' ORDER BY l.name, c.seqno",
        {table}, [&](const Row& row) {
          shape.AddIndexColumn(row.Bytes(0), row.Integer(1) != 0, row.Bytes(2));
          return absl::OkStatus();
        });
  }));
  return shape;
}

absl::StatusOr<std::vector<std::string>> SqliteDatabase::ForeignObjects() {
  std::vector<std::string> objects;
  RETURN_IF_ERROR(Read(Deadline::After(kPatience), [&](Session& session) {
    objects.clear();
    return session.Query(
        "SELECT type, name, tbl_name FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY type, name", {},
        [&](const Row& row) {
          const bool on_table = row.Bytes(0) == "trigger";
          objects.push_back(
              absl::StrCat(row.Bytes(0), " ", row.Bytes(1), on_table ? " on " : "", on_table ? row.Bytes(2) : ""));
          return absl::OkStatus();
        });
  }));
  return objects;
}

// Runs outside any transaction, because SQLite does not write the log back within one. Debian's SQLite overwrites
// deleted data in the file.
absl::StatusOr<bool> SqliteDatabase::ForgetDeleted() {
  ASSIGN_OR_RETURN(const std::unique_ptr<SqliteSession> session,
                   SqliteSession::Open(options_.path, SqliteSession::Mode::kWriter));
  bool done = false;
  RETURN_IF_ERROR(session->Query("PRAGMA wal_checkpoint(TRUNCATE)", {}, [&](const Row& row) {
    done = row.Integer(0) == 0;
    return absl::OkStatus();
  }));
  return done;
}

absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options) {
  const bool has_log = HasLog(options.path);
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteSession> writer,
                   SqliteSession::Open(options.path, SqliteSession::Mode::kWriter));
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(options.path, error);
  if (error || size > kLookedThrough) {
    log::Line(log::Level::kInfo, "not_looked_through")
        .Add("path", options.path)
        .Add("text", "too large for the start; PRAGMA quick_check does it")
        .Write();
    return std::make_unique<SqliteDatabase>(options, std::move(writer));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<SqliteSession> reader,
                   SqliteSession::Open(options.path, SqliteSession::Mode::kReader));
  const absl::Status looked =
      reader->LookForDamage(has_log || size <= kCompared ? SqliteSession::Look::kAll : SqliteSession::Look::kStructure);
  if (absl::IsDataLoss(looked)) {
    return Fail("DATABASE_DAMAGED"_reason, {{"database", options.path}, {"detail", std::string(looked.message())}});
  }
  RETURN_IF_ERROR(looked);
  return std::make_unique<SqliteDatabase>(options, std::move(writer));
}

}  // namespace tsunagu::store
