#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/journal/follow_chain.h"
#include "common/journal/journal.h"
#include "common/journal/signed_table.h"
#include "common/records/parts.h"
#include "common/records/table.h"
#include "common/records/way_in.h"
#include "common/text/matches.h"

namespace tsunagu::store {

using google::protobuf::Message;

// About ten times the cost of the slowest useful page of a million rows.
constexpr absl::Duration kMostWorkOfPage = absl::Seconds(3);
constexpr size_t kValuesAtOnce = 64;

bool Table::IsForged(const Row& row) {
  if (shape_.IsGenuine(parts_.RowKey(), row)) return false;
  // A row of a newer binary may have columns that are unknown here. A row that gives rights is never trusted unchecked.
  return gives_rights_ || row.Integer(2) <= schema().contract() || !HasNewerColumns();
}

bool Table::HasNewerColumns() {
  if (has_newer_columns_) return true;
  const absl::StatusOr<FoundTable> found = parts_.database().Describe(shape_.table());
  has_newer_columns_ = found.ok() && found->columns.size() > shape_.all_columns().size();
  return has_newer_columns_;
}

// Uses one statement for many rows, so that the database is waited for once.
absl::Status Table::SignPage(Session& session, absl::Span<const std::pair<std::string, std::string>> macs) const {
  constexpr size_t kAtOnce = 50;
  while (!macs.empty()) {
    const auto some = macs.first(std::min(macs.size(), kAtOnce));
    macs.remove_prefix(some.size());
    std::string cases;
    std::vector<Value> values, ids;
    for (const auto& [id, mac] : some) {
      absl::StrAppend(&cases, " WHEN ? THEN ?");
      values.insert(values.end(), {absl::string_view(id), Blob{mac}});
      ids.push_back(absl::string_view(id));
    }
    values.insert(values.end(), ids.begin(), ids.end());
    RETURN_IF_ERROR(session
                        .Execute(absl::StrCat("UPDATE `", shape_.table(), "` SET `mac` = CASE `id`", cases,
                                              " END WHERE `id` IN ", Marks(1, some.size())),
                                 values)
                        .status());
  }
  return absl::OkStatus();
}

absl::Status Table::SignRows() {
  constexpr int64_t kPage = 500;
  // By id, so that signed rows are not read again.
  const std::string select = absl::StrCat("SELECT ", shape_.columns(), " FROM `", shape_.table(),
                                          "` WHERE `id` > ? AND `mac` IS NULL ORDER BY `id` LIMIT ?");
  std::string after;
  for (int64_t read = kPage; read == kPage;) {
    std::vector<std::pair<std::string, std::string>> macs;
    RETURN_IF_ERROR(parts_.database().Write(PageDeadline(), [&](Session& session) -> absl::Status {
      macs.clear();
      RETURN_IF_ERROR(session.Query(select, {absl::string_view(after), kPage}, [&](const Row& row) {
        macs.emplace_back(row.Bytes(0), shape_.MacOf(parts_.RowKey(), row));
        return absl::OkStatus();
      }));
      return SignPage(session, macs);
    }));
    read = static_cast<int64_t>(macs.size());
    if (!macs.empty()) after = macs.back().first;
  }
  return absl::OkStatus();
}

// Rows of side tables may hide a record, and verify-journal finds that. They cannot show it to somebody else, or under
// a value that it does not have.
absl::Status Table::CheckBeside(View& view, absl::Span<const contract::FilterNode> claims,
                                const Message& record) const {
  if (knows_reach_ && !view.scope().everything()) {
    const std::vector<AccessKey> keys = AccessKeysOf(schema(), parts_.places(), record);
    const jp::CivilDay today = parts_.Today();
    const bool reached = view.scope().Meets(KeysOn(keys, today)) ||
                         view.scope().Meets(KeysOn(keys, today - 1));  // for a statement that began before midnight
    if (!reached) return ForgedRow(absl::StrCat(shape_.table(), "_access"));
  }
  for (const contract::FilterNode& claim : claims) {
    ASSIGN_OR_RETURN(const bool fits, contract::Matches(schema(), claim, record));
    if (!fits) return ForgedRow(shape_.table());
  }
  return absl::OkStatus();
}

absl::Status Table::CheckRow(View& view, absl::Span<const contract::FilterNode> claims, const Row& row) {
  if (IsForged(row)) return ForgedRow(shape_.table());
  const bool beside = !claims.empty() || (knows_reach_ && !view.scope().everything());
  if (!beside || row.Integer(2) > schema().contract()) return absl::OkStatus();
  const Record record = schema().New();
  RETURN_IF_ERROR(shape_.ReadRow(row, service_, *record));
  return CheckBeside(view, claims, *record);
}

absl::Status Table::ReadInto(View& view, const Row& row, Message& record) {
  if (IsForged(row)) return ForgedRow(shape_.table());
  RETURN_IF_ERROR(shape_.ReadRow(row, service_, record));
  if (view.reads_personal()) RETURN_IF_ERROR(DecryptPart(shape_.IdentityIn(row), "identity", record).status());
  view.largest_stamp_ = std::max(view.largest_stamp_, row.Integer(4));
  if (row.Integer(2) > schema().contract()) view.newer_.insert(schema().NameIn(record));
  return absl::OkStatus();
}

// Rows outside the scope do not exist for the caller. The number of keys is rounded up to a power of two (repeating the
// last), so that few different statements have to be prepared.
void Table::ScopeCondition(const identity::Scope& scope, std::string& sql, Parameters& parameters) const {
  if (!shape_.has_access()) return;
  for (const identity::Scope::Keys& keys : scope.all_of()) {
    if (keys.empty()) {
      absl::StrAppend(&sql, " AND 1 = 0");
      continue;
    }
    size_t marks = 1;
    while (marks < keys.size()) marks *= 2;
    absl::StrAppend(&sql, " AND EXISTS (SELECT 1 FROM `", shape_.table(),
                    "_access` a WHERE a.`id` = t.`id` AND a.`key` IN (");
    for (size_t i = 0; i < marks; ++i) absl::StrAppend(&sql, i == 0 ? "?" : ", ?");
    absl::StrAppend(&sql, ")");
    for (const std::string& key : keys) parameters.AddText(key);
    for (size_t i = keys.size(); i < marks; ++i) parameters.AddText(*keys.rbegin());
    if (shape_.has_dated_access()) {
      absl::StrAppend(&sql,
                      " AND (a.`valid_from` IS NULL OR a.`valid_from` <= ?) AND (a.`valid_to` IS NULL OR "
                      "a.`valid_to` >= ?)");
      const std::string today = jp::FormatIso(parts_.Today());
      parameters.AddText(today);
      parameters.AddText(today);
    }
    absl::StrAppend(&sql, ")");
  }
}

// Without a scope a point read needs no side table, so their rows stay collected.
Session& Table::SessionOf(View& view) const {
  return view.scope().everything() || !shape_.has_access() ? view.session_ : view.session();
}

absl::StatusOr<bool> Table::FindInto(View& view, const contract::Field& field, absl::string_view value,
                                     absl::FunctionRef<Message&()> make) {
  // MySQL cannot compare an ASCII column with other text.
  if (field.identifier && !schema().IsId(value)) return false;
  const std::string column = field.identifier ? "id" : absl::StrCat(field.name(), "_unique");
  std::string sql =
      absl::StrCat("SELECT ", shape_.select_columns(), " FROM `", shape_.table(), "` t WHERE t.`", column, "` = ?");
  Parameters parameters;
  parameters.AddText(std::string(value));
  ScopeCondition(view.scope(), sql, parameters);
  bool found = false;
  RETURN_IF_ERROR(SessionOf(view).Query(sql, parameters.values(), [&](const Row& row) -> absl::Status {
    found = true;
    Message& record = make();
    RETURN_IF_ERROR(ReadInto(view, row, record));
    return row.Integer(2) > schema().contract() ? absl::OkStatus() : CheckBeside(view, {}, record);
  }));
  return found;
}

absl::StatusOr<Record> Table::FindBy(View& view, const contract::Field& field, absl::string_view value) {
  Record record;
  RETURN_IF_ERROR(FindInto(view, field, value, [&]() -> Message& {
                    record = schema().New();
                    return *record;
                  }).status());
  return record;
}

absl::Status Table::FindAllBy(View& view, const contract::Field& field, const std::vector<std::string>& values,
                              absl::FunctionRef<absl::Status(Record)> each) {
  std::set<std::string> wanted(values.begin(), values.end());
  for (auto next = wanted.begin(); next != wanted.end();) {
    // As in FindInto, an ASCII column is compared with ids only.
    next = field.identifier && !schema().IsId(*next) ? wanted.erase(next) : std::next(next);
  }
  const std::string column = field.identifier ? "id" : absl::StrCat(field.name(), "_unique");
  for (auto next = wanted.begin(); next != wanted.end();) {
    // The number is a power of two (the last value is repeated), so that few different statements have to be prepared.
    const auto left = std::min<size_t>(kValuesAtOnce, static_cast<size_t>(std::distance(next, wanted.end())));
    size_t marks = 1;
    while (marks < left) marks *= 2;
    std::string sql = absl::StrCat("SELECT ", shape_.select_columns(), " FROM `", shape_.table(), "` t WHERE t.`",
                                   column, "` IN ", Marks(1, marks));
    Parameters parameters;
    for (size_t i = 0; i < marks; ++i) {
      parameters.AddText(*next);
      if (i + 1 < left) ++next;
    }
    ++next;
    ScopeCondition(view.scope(), sql, parameters);
    RETURN_IF_ERROR(SessionOf(view).Query(sql, parameters.values(), [&](const Row& row) -> absl::Status {
      Record record = schema().New();
      RETURN_IF_ERROR(ReadInto(view, row, *record));
      if (row.Integer(2) <= schema().contract()) RETURN_IF_ERROR(CheckBeside(view, {}, *record));
      return each(std::move(record));
    }));
  }
  return absl::OkStatus();
}

absl::StatusOr<Record> Table::Get(View& view, absl::string_view name) {
  Record record = schema().New();
  RETURN_IF_ERROR(GetInto(view, name, *record));
  return record;
}

absl::Status Table::GetInto(View& view, absl::string_view name, Message& record) {
  ASSIGN_OR_RETURN(const std::string id, schema().IdOf(name));
  bool found = false;
  if (NameOf(id) == name) {
    ASSIGN_OR_RETURN(found, FindInto(view, *schema().name_field(), id, [&]() -> Message& { return record; }));
  }
  if (found) return absl::OkStatus();
  return Fail("RESOURCE_NOT_FOUND"_reason,
              {{"resource", schema().word()}, {"resource_type", schema().type()}, {"name", std::string(name)}});
}

absl::StatusOr<Record> Table::GetKnown(View& view, absl::string_view name, int64_t place) {
  RETURN_IF_ERROR(Get(view, name).status());
  Record known;
  RETURN_IF_ERROR(
      ReadJournal(view.session(), name, INT64_MAX, 1, place, [&](const JournalEntry& entry) -> absl::Status {
        if (entry.deleted || !WasReached(view, entry)) return absl::OkStatus();
        known = schema().New();
        return ReadImage(view, entry, *known);
      }));
  if (known == nullptr) {
    return Fail("RESOURCE_NOT_FOUND"_reason,
                {{"resource", schema().word()}, {"resource_type", schema().type()}, {"name", std::string(name)}});
  }
  return known;
}

absl::StatusOr<bool> Table::Exists(View& view, absl::string_view id) {
  if (!schema().IsId(id)) return false;  // MySQL cannot compare an ASCII column with other text
  std::string sql = absl::StrCat("SELECT ", shape_.select_columns(), " FROM `", shape_.table(), "` t WHERE t.`id` = ?");
  Parameters parameters;
  parameters.AddText(std::string(id));
  ScopeCondition(view.scope(), sql, parameters);
  bool found = false;
  RETURN_IF_ERROR(SessionOf(view).Query(sql, parameters.values(), [&](const Row& row) {
    found = true;
    return CheckRow(view, {}, row);
  }));
  return found;
}

absl::Status Table::Narrow(const contract::Where& where, Query& query) const {
  ASSIGN_OR_RETURN(const contract::SqlCondition condition, contract::Compile(schema(), where.node()));
  query.Narrow(condition);
  return absl::OkStatus();
}

absl::Status Table::Select(View& view, const Query& query, absl::string_view columns,
                           absl::FunctionRef<absl::Status(const Row&)> each) const {
  const WayIn way(shape_, view.scope(), parts_.Today(), query, view.session().dialect());
  if (way.IsClosed()) return absl::OkStatus();
  if (query.page) view.session().BoundWork(kMostWorkOfPage);
  ASSIGN_OR_RETURN(const contract::SqlText sql,
                   way.Choose(view.session(), columns, counted_ways_, parts_.clock().Now()));
  return view.session().Query(sql.text, Bound(sql.parameters).values(), each);
}

absl::Status Table::List(View& view, Query query, absl::FunctionRef<absl::Status(Record)> each) {
  return Select(view, query, shape_.select_columns(), [&](const Row& row) -> absl::Status {
    if (query.skips_forged && IsForged(row)) {
      (void)ForgedRow(shape_.table());
      return absl::OkStatus();
    }
    Record record = schema().New();
    RETURN_IF_ERROR(ReadInto(view, row, *record));
    if (row.Integer(2) <= schema().contract()) {
      RETURN_IF_ERROR(CheckBeside(view, query.where.claims, *record));
    }
    return each(std::move(record));
  });
}

absl::Status Table::Search(View& view, absl::string_view text, const contract::Where& where, int64_t limit,
                           absl::FunctionRef<absl::Status(Record)> each) {
  const std::string token = TokenOf(text);
  if (token.empty()) return absl::OkStatus();
  Query query;
  const std::string side = absl::StrCat("`", shape_.table(), "_search` s WHERE s.`token` = ?");
  query.where.sql = absl::StrCat("EXISTS (SELECT 1 FROM ", side, " AND s.`id` = t.`id`)");
  query.where.parameters = {token};
  query.where.ways_in = {{absl::StrCat("SELECT s.`id` FROM ", side), {token}}};
  RETURN_IF_ERROR(Narrow(where, query));
  query.limit = limit;
  query.page = true;
  return List(view, std::move(query), [&](Record record) {
    // Cannot be checked when the searchable fields are not decrypted here, or were erased.
    const std::vector<std::string> tokens = TokensOf(*record);
    const bool fits = tokens.empty() || std::find(tokens.begin(), tokens.end(), token) != tokens.end();
    return fits ? each(std::move(record)) : ForgedRow(absl::StrCat(shape_.table(), "_search"));
  });
}

}  // namespace tsunagu::store
