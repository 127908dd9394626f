#include "common/records/list_query.h"

#include "absl/strings/str_cat.h"

namespace tsunagu::store {

void ListQuery::Narrow(const contract::SqlCondition& condition) {
  if (condition.sql.empty()) return;
  where.sql =
      where.sql.empty() ? absl::StrCat("(", condition.sql, ")") : absl::StrCat(where.sql, " AND (", condition.sql, ")");
  where.parameters.insert(where.parameters.end(), condition.parameters.begin(), condition.parameters.end());
  where.ways_in.insert(where.ways_in.end(), condition.ways_in.begin(), condition.ways_in.end());
  where.claims.insert(where.claims.end(), condition.claims.begin(), condition.claims.end());
}

}  // namespace tsunagu::store
