#include "common/records/access_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/clock_check.h"
#include "common/base/status_macros.h"
#include "common/journal/chain.h"
#include "common/journal/journal.h"
#include "common/journal/reached.h"
#include "common/journal/signed_table.h"
#include "common/records/access_log_chain.h"
#include "common/records/store.h"

namespace tsunagu::store {
namespace {

constexpr size_t kNamesAtOnce = 100;  // so that a page of records needs few statements

// Returns the smallest id of a row of that time.
std::string FirstIdAt(absl::Time time) {
  std::string id;
  for (int shift = 56; shift >= 0; shift -= 8) id.push_back(static_cast<char>(absl::ToUnixMicros(time) >> shift));
  return id + std::string(8, '\0');
}

std::string InsertNames(size_t count) {
  std::string sql = "INSERT INTO `access_log_names` (`name`, `id`) VALUES ";
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&sql, i == 0 ? "(?, ?)" : ", (?, ?)");
  return sql;
}

absl::Status WriteNames(Session& session, absl::string_view id, std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  static const std::string& many = *new std::string(InsertNames(kNamesAtOnce));
  static const std::string& one = *new std::string(InsertNames(1));
  for (size_t i = 0; i < names.size();) {
    const size_t count = names.size() - i >= kNamesAtOnce ? kNamesAtOnce : 1;
    std::vector<Value> values;
    for (size_t j = i; j < i + count; ++j) values.insert(values.end(), {absl::string_view(names[j]), Blob{id}});
    RETURN_IF_ERROR(session.Execute(count == 1 ? one : many, values).status());
    i += count;
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<TableDefinition> AccessLogTables(Dialect dialect) {
  const ColumnTypes types(dialect);
  const std::string key = types.Bytes(16) + " NOT NULL";
  std::vector<TableDefinition> tables = AccessLogChainTables(dialect);
  std::vector<TableDefinition> own = {{"access_log",
                                       {{"id", key},
                                        {"stamp", "BIGINT NOT NULL"},
                                        {"actor", types.Ascii(64)},
                                        {"on_behalf_of", types.Ascii(64)},
                                        {"purpose", "VARCHAR(191)"},
                                        {"method", types.Ascii(128)},
                                        {"names", types.Text()}},
                                       "`id`",
                                       {{"i_access_log_actor_id", false, "`actor`, `id`"},
                                        {"i_access_log_on_behalf_of_id", false, "`on_behalf_of`, `id`"}}},
                                      {"access_log_names",
                                       {{"name", types.Ascii(191) + " NOT NULL"}, {"id", key}},
                                       "`name`, `id`",
                                       {},
                                       /*one_tree=*/true}};
  tables.insert(tables.begin(), own.begin(), own.end());
  return tables;
}

absl::Status Store::LogAccess(const Actor& actor, Deadline deadline, absl::Span<const std::string> names) {
  RETURN_IF_ERROR(CheckClock(clock_));
  const int64_t stamp = absl::ToUnixMicros(clock_.Now());
  const std::string id = NewRowId(stamp, entropy_);
  const std::string joined = absl::StrJoin(names, " ");
  const std::vector<Value> columns = {Blob{id},
                                      stamp,
                                      absl::string_view(actor.principal),
                                      absl::string_view(actor.on_behalf_of),
                                      absl::string_view(actor.purpose),
                                      absl::string_view(actor.method),
                                      absl::string_view(joined)};
  const std::string mac = WaitingMac(RowKey(), "access_log", RowContent(columns));
  RETURN_IF_ERROR(database_->Write(deadline, [&](Session& session) -> absl::Status {
    RETURN_IF_ERROR(
        session
            .Execute("INSERT INTO `access_log` (`id`, `stamp`, `actor`, `on_behalf_of`, `purpose`, `method`, `names`) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?)",
                     columns)
            .status());
    RETURN_IF_ERROR(
        session.Execute("INSERT INTO `access_log_pending` (`id`, `mac`) VALUES (?, ?)", {Blob{id}, Blob{mac}})
            .status());
    return WriteNames(session, id, {names.begin(), names.end()});
  }));
  if (reached_ != nullptr) reached_->Advance({0, 0, id});
  MutexLock lock(mutex_);
  on_logged_();
  return absl::OkStatus();
}

absl::Status ReadAccessLog(View& view, const AccessQuestion& question,
                           absl::FunctionRef<absl::Status(const AccessEvent&)> each) {
  const std::string from = std::max(FirstIdAt(question.from), question.after_id), until = FirstIdAt(question.until);
  // The key of the previous page is excluded; the key of a time is included.
  const char* begin = from == question.after_id ? ">" : ">=";
  const absl::string_view viewer = question.viewer, name = question.name;
  std::string sql;
  std::vector<Value> values;
  auto one_column = [&](absl::string_view column) {
    values.insert(values.end(), {viewer, Blob{from}, Blob{until}, question.limit});
    return absl::StrCat("SELECT * FROM (SELECT ", kAccessLogColumns, " FROM `access_log` l WHERE l.`", column,
                        "` = ? AND l.`id` ", begin, " ? AND l.`id` < ? ORDER BY l.`id` LIMIT ?) ", column, "_rows");
  };
  if (name.empty()) {
    sql = one_column("actor");
    absl::StrAppend(&sql, " UNION ", one_column("on_behalf_of"), " ORDER BY 1 LIMIT ?");
  } else {
    sql = absl::StrCat("SELECT ", kAccessLogColumns,
                       " FROM `access_log_names` n JOIN `access_log` l ON l.`id` = n.`id` WHERE "
                       "n.`name` = ? AND n.`id` ",
                       begin, " ? AND n.`id` < ?");
    values.insert(values.end(), {name, Blob{from}, Blob{until}});
    if (!viewer.empty()) {
      absl::StrAppend(&sql, " AND (l.`actor` = ? OR l.`on_behalf_of` = ?)");
      values.insert(values.end(), {viewer, viewer});
    }
    absl::StrAppend(&sql, " ORDER BY n.`id` LIMIT ?");
  }
  values.push_back(question.limit);
  return view.session().Query(sql, values, [&](const Row& row) {
    return each({row.Bytes(0), row.Integer(1), row.Bytes(2), row.Bytes(3), row.Bytes(4), row.Bytes(5), row.Bytes(6)});
  });
}

}  // namespace tsunagu::store
