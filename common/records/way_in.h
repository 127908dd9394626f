#ifndef TSUNAGU_COMMON_RECORDS_WAY_IN_H_
#define TSUNAGU_COMMON_RECORDS_WAY_IN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/db/parameters.h"
#include "common/identity/scope.h"
#include "common/jp/civil_day.h"
#include "common/records/counted_ways.h"
#include "common/records/list_query.h"
#include "common/records/table_shape.h"

namespace tsunagu::store {

// Returns the values of a statement's `?`. They refer to `parameters`, which must outlive them.
Parameters Bound(const std::vector<contract::Parameter>& parameters);

// How the rows of one list are reached. Every way gives the same rows in the same order, so a page token is valid
// whichever way the next page uses. The ways differ in how many rows they read:
//
//   few    by a query for ids that gives few of them: the access keys of the scope, or a part of the filter that an
//          index answers. All of them are looked up, and sorted.
//   keys   when the order is that of the ids: along the access index, one run per key, merged. Without a filter it
//          reads only what it shows, however much is within the scope.
//   walk   the table in the requested order, along the index of its first column. For each row it is looked up whether
//          the scope reaches it.
//
// Few and walk find the ids of the page first, and then read the other columns of these rows.
//
// The arguments must outlive it.
class WayIn {
 public:
  WayIn(const TableShape& shape, const identity::Scope& scope, jp::CivilDay today, const ListQuery& query,
        Dialect dialect);

  // True when the scope reaches no row at all; then there is nothing to choose.
  bool IsClosed() const;
  // Returns the statement of the smallest way in; `columns` use the alias t. When several ways may be the smallest,
  // counts the rows they lead to, each up to a bound, unless `counted` has the counts. Errors: INVALID_PAGE_TOKEN when
  // `after` does not fit the order.
  absl::StatusOr<contract::SqlText> Choose(Session& session, absl::string_view columns, CountedWays& counted,
                                           absl::Time now) const;

 private:
  using Keys = identity::Scope::Keys;
  static constexpr size_t kNone = static_cast<size_t>(-1);

  size_t SmallestSet(const std::vector<int64_t>& counts) const;

  std::string RowsOf(absl::string_view ids) const;
  // Returns the columns that the order needs; the last one is the id.
  std::string OrderColumns() const;
  // Returns a statement for the rows of a page. `page`: a query for their order columns.
  contract::SqlText ShownRows(absl::string_view columns, contract::SqlText page) const;
  contract::SqlText Sorted(absl::string_view columns, size_t way) const;
  contract::SqlText AlongKeys(absl::string_view columns, size_t set) const;
  void AddRun(const std::string& key, size_t set, contract::SqlText& sql) const;
  contract::SqlText Walk(absl::string_view columns) const;

  contract::SqlText IdsOf(const Keys& keys) const;
  void AddKeys(const Keys& keys, contract::SqlText& sql) const;
  void AddDays(contract::SqlText& sql) const;
  // Adds the conditions of a row besides set `met` of the scope: the rest of the scope, the filter, and `after`.
  void AddConditions(size_t met, contract::SqlText& sql) const;
  void AddOrder(absl::string_view id_column, contract::SqlText& sql) const;

  const TableShape& shape_;
  const std::vector<Keys> sets_;  // of the scope; none: everything is within it
  const std::string today_;
  const ListQuery& query_;
  const bool mysql_;
  const bool by_id_;
  absl::StatusOr<contract::SqlCondition> after_ = contract::SqlCondition();
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_WAY_IN_H_
