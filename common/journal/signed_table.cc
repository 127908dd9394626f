#include "common/journal/signed_table.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/db/parameters.h"
#include "common/journal/chain.h"
#include "common/journal/follow_chain.h"

namespace tsunagu::store {
namespace {

constexpr int64_t kPage = 500;
constexpr absl::Duration kToldEvery = absl::Minutes(1);

std::string Quoted(absl::string_view name) { return absl::StrCat("`", name, "`"); }

}  // namespace

SignedTable::SignedTable(const char* table, size_t keys, std::vector<Column> columns, absl::string_view label)
    : table_(table), keys_(keys), columns_(std::move(columns)) {
  for (size_t i = 0; i < columns_.size(); ++i) {
    numbers_.push_back(columns_[i].kind == Kind::kNumber);
    if (columns_[i].name == label) label_ = static_cast<int>(i);
  }
}

std::string SignedTable::columns(absl::string_view alias) const {
  const std::string prefix = alias.empty() ? "" : absl::StrCat(alias, ".");
  std::string all;
  for (const Column& column : columns_) absl::StrAppend(&all, prefix, Quoted(column.name), ", ");
  return absl::StrCat(all, prefix, "`mac`");
}

TableDefinition SignedTable::WithMac(TableDefinition definition, Dialect dialect) const {
  definition.columns.push_back({"mac", ColumnTypes(dialect).Bytes(32)});
  return definition;
}

std::string SignedTable::Mac(absl::string_view key, absl::Span<const Value> values) const {
  return HmacSha256(key, absl::StrCat(table_, "\n", RowContent(values)));
}

bool SignedTable::IsGenuine(absl::string_view key, const Row& row, int first) const {
  const std::string content = RowContent(row, first, numbers_);
  const std::string mac = HmacSha256(key, absl::StrCat(table_, "\n", content));
  return EqualInConstantTime(mac, row.Bytes(first + static_cast<int>(columns_.size())));
}

// Binds bytes as bytes and text as text, because SQLite distinguishes them.
void SignedTable::Bind(const Row& row, size_t count, Parameters& parameters) const {
  for (size_t i = 0; i < count; ++i) {
    const int column = static_cast<int>(i);
    if (row.IsNull(column)) {
      parameters.AddNull();
    } else if (columns_[i].kind == Kind::kNumber) {
      parameters.Add(row.Integer(column));
    } else if (columns_[i].kind == Kind::kBytes) {
      parameters.AddBlob(row.Bytes(column));
    } else {
      parameters.AddText(row.Bytes(column));
    }
  }
}

absl::Status SignedTable::SignAll(Database& database, absl::string_view key) const {
  std::string where;
  for (size_t i = 0; i < keys_; ++i) absl::StrAppend(&where, i == 0 ? "" : " AND ", Quoted(columns_[i].name), " = ?");
  const std::string select = absl::StrCat("SELECT ", columns(), " FROM `", table_, "` WHERE `mac` IS NULL LIMIT ?");
  const std::string update = absl::StrCat("UPDATE `", table_, "` SET `mac` = ? WHERE ", where);
  for (int64_t read = kPage; read == kPage;) {
    RETURN_IF_ERROR(database.Write(PageDeadline(), [&](Session& session) -> absl::Status {
      std::vector<Parameters> updates;
      RETURN_IF_ERROR(session.Query(select, {kPage}, [&](const Row& row) {
        Parameters all;
        Bind(row, columns_.size(), all);
        Parameters& one = updates.emplace_back();
        one.AddBlob(Mac(key, all.values()));
        Bind(row, keys_, one);
        return absl::OkStatus();
      }));
      read = static_cast<int64_t>(updates.size());
      for (const Parameters& one : updates) RETURN_IF_ERROR(session.Execute(update, one.values()).status());
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> SignedTable::FindForged(Database& database, absl::string_view key,
                                                                 size_t most) const {
  std::vector<std::string> forged;
  RETURN_IF_ERROR(database.Read(PageDeadline(), [&](Session& session) {
    forged.clear();
    return session.Query(absl::StrCat("SELECT ", columns(), " FROM `", table_, "`"), {}, [&](const Row& row) {
      if (forged.size() < most && !IsGenuine(key, row)) forged.push_back(row.Bytes(label_));
      return absl::OkStatus();
    });
  }));
  return forged;
}

std::string WaitingMac(absl::string_view key, absl::string_view table, absl::string_view content) {
  return HmacSha256(key, absl::StrCat(table, "\n", content));
}

absl::Status ForgedRow(absl::string_view table) {
  static Mutex mutex;
  static auto& told = *new std::map<std::string, Deadline>();  // rows read every second are logged once a minute
  MutexLock lock(mutex);
  const auto [last, first] = told.try_emplace(std::string(table), Deadline::After(kToldEvery));
  if (first || last->second.Over()) {
    last->second = Deadline::After(kToldEvery);
    log::Line(log::Level::kError, "forged_row").Add("table", table).Write();
  }
  return Fail("ROW_FORGED"_reason, {{"table", std::string(table)}});
}

}  // namespace tsunagu::store
