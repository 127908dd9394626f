#include "common/store/sqlite/sqlite_database.h"

#include <utility>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);  // of calls without a deadline

}  // namespace

SqliteDatabase::SqliteDatabase(SqliteOptions options, std::unique_ptr<SqliteSession> writer)
    : options_(std::move(options)),
      readers_(options_.max_readers),
      writer_(options_.path, std::move(writer), options_.max_batch) {}

absl::Status SqliteDatabase::Read(absl::Time deadline, absl::FunctionRef<absl::Status(Session&)> body) {
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteSession> reader, readers_.Acquire(deadline));
  if (reader == nullptr) {
    absl::StatusOr<std::unique_ptr<SqliteSession>> opened =
        SqliteSession::Open(options_.path, SqliteSession::Mode::kReader);
    if (!opened.ok()) {
      readers_.Release(nullptr);
      return Fail(reason::REASON_DATABASE_UNAVAILABLE);
    }
    reader = *std::move(opened);
  }
  reader->set_deadline(deadline);
  const absl::Status status = body(*reader);
  readers_.Release(std::move(reader));
  return status;
}

absl::Status SqliteDatabase::Write(absl::Time deadline, absl::FunctionRef<absl::Status(Session&)> body) {
  return writer_.Write(deadline, body);
}

absl::Status SqliteDatabase::Define(absl::string_view statement) {
  return Write(Clock::System().Now() + kPatience,
               [&](Session& session) { return session.Execute(statement).status(); });
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

absl::StatusOr<std::vector<std::string>> SqliteDatabase::Columns(absl::string_view table) {
  return Names("SELECT name FROM pragma_table_info(?) ORDER BY cid", table);
}

absl::StatusOr<std::vector<std::string>> SqliteDatabase::Indexes(absl::string_view table) {
  return Names("SELECT name FROM pragma_index_list(?) WHERE origin = 'c' ORDER BY name", table);
}

absl::StatusOr<std::vector<std::string>> SqliteDatabase::Names(absl::string_view sql, absl::string_view table) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(Read(Clock::System().Now() + kPatience, [&](Session& session) {
    return session.Query(sql, {table}, [&](const Row& row) {
      names.push_back(row.Bytes(0));
      return absl::OkStatus();
    });
  }));
  return names;
}

absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteSession> writer,
                   SqliteSession::Open(options.path, SqliteSession::Mode::kWriter));
  return std::make_unique<SqliteDatabase>(options, std::move(writer));
}

}  // namespace tsunagu::store
