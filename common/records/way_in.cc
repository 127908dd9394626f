#include "common/records/way_in.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

using contract::SqlText;

// At most this many runs are merged.
constexpr size_t kMostRuns = 16;

void Add(const SqlText& part, SqlText& sql) {
  absl::StrAppend(&sql.text, part.text);
  sql.parameters.insert(sql.parameters.end(), part.parameters.begin(), part.parameters.end());
}

void AddLimit(int64_t limit, SqlText& sql) {
  absl::StrAppend(&sql.text, " LIMIT ?");
  sql.parameters.push_back(limit);
}

}  // namespace

Parameters Bound(const std::vector<contract::Parameter>& parameters) {
  Parameters bound;
  for (const contract::Parameter& parameter : parameters) {
    if (const auto* number = absl::get_if<int64_t>(&parameter)) {
      bound.Add(*number);
    } else {
      bound.AddText(absl::get<std::string>(parameter));
    }
  }
  return bound;
}

WayIn::WayIn(const TableShape& shape, const identity::Scope& scope, jp::CivilDay today, const ListQuery& query,
             Dialect dialect)
    : shape_(shape),
      sets_(shape.has_access() ? scope.all_of() : std::vector<Keys>()),
      today_(jp::FormatIso(today)),
      query_(query),
      mysql_(dialect == Dialect::kMysql),
      by_id_(query.order[0].column == "id") {
  if (!query.after.empty()) after_ = contract::After(query.order, query.after);
}

bool WayIn::IsClosed() const {
  return std::any_of(sets_.begin(), sets_.end(), [](const Keys& keys) { return keys.empty(); });
}

absl::StatusOr<SqlText> WayIn::Choose(Session& session, absl::string_view columns, CountedWays& counted,
                                      absl::Time now) const {
  RETURN_IF_ERROR(after_.status());
  const size_t filters = sets_.empty() && !query_.page ? 0 : query_.where.ways_in.size();
  if (sets_.size() + filters == 0) return Walk(columns);
  // A page of one set is read along its keys, however many rows the set reaches.
  if (by_id_ && sets_.size() == 1 && filters == 0 && sets_[0].size() <= kMostRuns) return AlongKeys(columns, 0);

  std::vector<SqlText> ways = query_.where.ways_in;
  for (size_t i = 0; i < sets_.size(); ++i) ways.insert(ways.begin() + static_cast<int64_t>(i), IdsOf(sets_[i]));
  ASSIGN_OR_RETURN(const CountedWays::Counts counts, counted.Of(session, shape_.table(), ways, query_, now));
  const auto smallest = std::min_element(counts.of_ways.begin(), counts.of_ways.end());
  const size_t way = static_cast<size_t>(smallest - counts.of_ways.begin());
  const bool few = *smallest <= counts.few;
  const size_t set = few && way >= sets_.size() ? kNone : SmallestSet(counts.of_ways);
  if (by_id_ && set != kNone && sets_[set].size() <= kMostRuns) return AlongKeys(columns, set);
  return few ? Sorted(columns, way) : Walk(columns);
}

size_t WayIn::SmallestSet(const std::vector<int64_t>& counts) const {
  if (sets_.empty()) return kNone;
  return static_cast<size_t>(std::min_element(counts.begin(), counts.begin() + static_cast<int64_t>(sets_.size())) -
                             counts.begin());
}

// Joins the rows of ids that were found first. Neither engine knows that these are few, and MariaDB takes a table that
// has just been filled for empty, hence the index.
std::string WayIn::RowsOf(absl::string_view ids) const {
  return absl::StrCat(mysql_ ? " STRAIGHT_JOIN `" : " CROSS JOIN `", shape_.table(), "` t",
                      mysql_ ? " FORCE INDEX (PRIMARY)" : "", " ON t.`id` = ", ids, ".`id`");
}

// Reads the columns of the rows that are shown only, after their ids were found. The ids are sorted before their rows
// are read: if the rows were sorted, MariaDB would first write all of them to a temporary table on its disk, because
// they contain long texts.
SqlText WayIn::ShownRows(absl::string_view columns, SqlText page) const {
  page.text = absl::StrCat("SELECT ", columns, " FROM (", page.text, ") d", RowsOf("d"), " ORDER BY ",
                           absl::StrJoin(query_.order, ", ", [](std::string* out, const contract::OrderTerm& term) {
                             absl::StrAppend(out, "d.`", term.column, term.descending ? "` DESC" : "`");
                           }));
  return page;
}

std::string WayIn::OrderColumns() const {
  return absl::StrJoin(query_.order, ", ", [](std::string* out, const contract::OrderTerm& term) {
    absl::StrAppend(out, "t.`", term.column, "`");
  });
}

SqlText WayIn::Sorted(absl::string_view columns, size_t way) const {
  const bool is_set = way < sets_.size();
  const SqlText ids = is_set ? IdsOf(sets_[way]) : query_.where.ways_in[way - sets_.size()];
  // DISTINCT keeps SQLite from merging the inner query into the outer one; MariaDB might use another index because of
  // it.
  const bool repeats = is_set ? sets_[way].size() > 1 : absl::StrContains(ids.text, " UNION ALL ");
  SqlText sql{
      absl::StrCat("SELECT ", OrderColumns(), " FROM (SELECT ", repeats || !mysql_ ? "DISTINCT " : "", "w.`id` FROM ("),
      {}};
  Add(ids, sql);
  if (is_set) AddDays(sql);
  absl::StrAppend(&sql.text, ") w) d", RowsOf("d"), " WHERE 1 = 1");
  AddConditions(is_set ? way : kNone, sql);
  AddOrder("t.`id`", sql);
  return ShownRows(columns, std::move(sql));
}

SqlText WayIn::AlongKeys(absl::string_view columns, size_t set) const {
  const Keys& keys = sets_[set];
  SqlText sql{absl::StrCat("SELECT ", columns, " FROM "), {}};
  if (keys.size() == 1) {
    absl::StrAppend(&sql.text, "`", shape_.table(), "_access` a", RowsOf("a"));
    AddRun(*keys.begin(), set, sql);
    return sql;
  }
  // UNION removes ids that several keys lead to.
  absl::string_view between = "(";
  for (const std::string& key : keys) {
    absl::StrAppend(&sql.text, between, "SELECT r.`id` FROM (SELECT a.`id` FROM `", shape_.table(), "_access` a",
                    RowsOf("a"));
    AddRun(key, set, sql);
    absl::StrAppend(&sql.text, ") r");
    between = " UNION ";
  }
  absl::StrAppend(&sql.text, ") d", RowsOf("d"));
  AddOrder("d.`id`", sql);
  return sql;
}

// Adds the rows of one key in the order of their ids, from the beginning of the page.
void WayIn::AddRun(const std::string& key, size_t set, SqlText& sql) const {
  absl::StrAppend(&sql.text, " WHERE a.`key` = ?");
  sql.parameters.push_back(key);
  if (!query_.after.empty()) {  // SQLite does not derive this from the condition on t
    absl::StrAppend(&sql.text, " AND a.`id` ", query_.order[0].descending ? "<" : ">", " ?");
    sql.parameters.push_back(absl::get<std::string>(query_.after[0]));
  }
  AddDays(sql);
  AddConditions(set, sql);
  AddOrder("a.`id`", sql);
}

// Names an index, because otherwise both engines may use an index of the filter and sort half the table.
SqlText WayIn::Walk(absl::string_view columns) const {
  SqlText sql{absl::StrCat("SELECT ", by_id_ ? std::string(columns) : OrderColumns(), " FROM `", shape_.table(), "` t"),
              {}};
  if (!by_id_) {
    const std::string index = absl::StrCat("`i_", shape_.table(), "_", query_.order[0].column, "`");
    absl::StrAppend(&sql.text,
                    mysql_ ? absl::StrCat(" FORCE INDEX (", index, ")") : absl::StrCat(" INDEXED BY ", index));
  }
  // One key matches a row at most once, and a join is the faster look-up.
  const bool joins = sets_.size() == 1 && sets_[0].size() == 1;
  if (joins) {
    absl::StrAppend(&sql.text, mysql_ ? " STRAIGHT_JOIN `" : " CROSS JOIN `", shape_.table(), "_access` a",
                    mysql_ ? " FORCE INDEX (PRIMARY)" : "", " ON a.`key` = ? AND a.`id` = t.`id`");
    sql.parameters.push_back(*sets_[0].begin());
  }
  absl::StrAppend(&sql.text, " WHERE 1 = 1");
  if (joins) AddDays(sql);
  AddConditions(joins ? 0 : kNone, sql);
  AddOrder("t.`id`", sql);
  return by_id_ ? sql : ShownRows(columns, std::move(sql));
}

SqlText WayIn::IdsOf(const Keys& keys) const {
  SqlText sql{absl::StrCat("SELECT a.`id` FROM `", shape_.table(), "_access` a", mysql_ ? " FORCE INDEX (PRIMARY)" : "",
                           " WHERE "),
              {}};
  AddKeys(keys, sql);
  return sql;
}

// The number of keys is rounded up to a power of two (repeating the last), so that few different statements have to be
// prepared.
void WayIn::AddKeys(const Keys& keys, SqlText& sql) const {
  size_t marks = 1;
  while (marks < keys.size()) marks *= 2;
  absl::StrAppend(&sql.text, "a.`key` IN ", Marks(1, marks));
  for (const std::string& key : keys) sql.parameters.push_back(key);
  for (size_t i = keys.size(); i < marks; ++i) sql.parameters.push_back(*keys.rbegin());
}

void WayIn::AddDays(SqlText& sql) const {
  if (!shape_.has_dated_access()) return;
  absl::StrAppend(&sql.text,
                  " AND (a.`valid_from` IS NULL OR a.`valid_from` <= ?) AND (a.`valid_to` IS NULL OR "
                  "a.`valid_to` >= ?)");
  sql.parameters.push_back(today_);
  sql.parameters.push_back(today_);
}

// A scalar subquery, because MariaDB and MySQL turn EXISTS into a join, and then read the whole scope for one page.
void WayIn::AddConditions(size_t met, SqlText& sql) const {
  for (size_t i = 0; i < sets_.size(); ++i) {
    if (i == met) continue;
    absl::StrAppend(&sql.text, " AND (SELECT 1 FROM `", shape_.table(), "_access` a WHERE a.`id` = t.`id` AND ");
    AddKeys(sets_[i], sql);
    AddDays(sql);
    absl::StrAppend(&sql.text, " LIMIT 1) = 1");
  }
  for (const contract::SqlCondition* condition : {&query_.where, &*after_}) {
    if (condition->sql.empty()) continue;
    absl::StrAppend(&sql.text, " AND (", condition->sql, ")");
    sql.parameters.insert(sql.parameters.end(), condition->parameters.begin(), condition->parameters.end());
  }
}

void WayIn::AddOrder(absl::string_view id_column, SqlText& sql) const {
  absl::StrAppend(&sql.text, " ");
  if (by_id_) {
    absl::StrAppend(&sql.text, "ORDER BY ", id_column, query_.order[0].descending ? " DESC" : "");
  } else {
    absl::StrAppend(&sql.text, contract::OrderSql(query_.order));
  }
  AddLimit(query_.limit, sql);
}

}  // namespace tsunagu::store
