#include "common/records/counted_ways.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/base/status_macros.h"
#include "common/records/way_in.h"

namespace tsunagu::store {
namespace {

constexpr absl::Duration kGoodFor = absl::Minutes(1);
constexpr size_t kMostKept = 1'000;
// Bounds for wrong estimates: kFewest rows are read and sorted in a millisecond or two, kMost rows in about fifty.
constexpr double kFewest = 500, kMost = 10'000;

// A walk reads limit × N ÷ n of N rows for a page, when n rows match. Each of those costs about a third of a row that
// is read and sorted, so both ways cost the same when n² = limit × N ÷ 3. On SQLite N is the largest row number,
// because no row is ever deleted; the other engines estimate N.
absl::StatusOr<int64_t> FewOf(Session& session, const std::string& table, const ListQuery& query) {
  if (query.few) return *query.few;
  const std::string sql =
      session.dialect() == Dialect::kMysql
          ? absl::StrCat(
                "SELECT COALESCE(MAX(TABLE_ROWS), 0) FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                "DATABASE() AND TABLE_NAME = '",
                table, "'")
          : absl::StrCat("SELECT COALESCE(MAX(rowid), 0) FROM `", table, "`");
  int64_t rows = 0;
  RETURN_IF_ERROR(session.Query(sql, {}, [&](const Row& row) {
    rows = row.Integer(0);
    return absl::OkStatus();
  }));
  return static_cast<int64_t>(std::clamp(std::sqrt(1.0 * query.limit * rows / 3), kFewest, kMost));
}

// Identifies these ways, for a page of this many rows. A digest, because a scope may have thousands of keys, and
// because the text of a filter about a person must not be kept.
std::string DigestOf(const std::vector<contract::SqlText>& ways, const ListQuery& query) {
  std::string name = absl::StrCat(query.limit, " ", query.few.value_or(-1));
  for (const contract::SqlText& way : ways) {
    absl::StrAppend(&name, "\n", way.text);
    for (const contract::Parameter& parameter : way.parameters) {
      const auto* number = absl::get_if<int64_t>(&parameter);
      absl::StrAppend(&name, "\n", number != nullptr ? absl::StrCat(*number) : absl::get<std::string>(parameter));
    }
  }
  return Sha256(name);
}

}  // namespace

absl::StatusOr<CountedWays::Counts> CountedWays::Of(Session& session, const std::string& table,
                                                    const std::vector<contract::SqlText>& ways, const ListQuery& query,
                                                    absl::Time now) {
  const std::string digest = DigestOf(ways, query);
  {
    MutexLock lock(mutex_);
    const auto found = kept_.find(digest);
    // Also valid after the clock was set back.
    if (found != kept_.end() && absl::AbsDuration(now - found->second.since) < kGoodFor) return found->second.counts;
  }
  Counts counts;
  ASSIGN_OR_RETURN(counts.few, FewOf(session, table, query));
  std::string sql = "SELECT ";
  std::vector<contract::Parameter> parameters;
  for (const contract::SqlText& way : ways) {
    absl::StrAppend(&sql, parameters.empty() ? "" : ", ", "(SELECT COUNT(*) FROM (", way.text, " LIMIT ?) c)");
    parameters.insert(parameters.end(), way.parameters.begin(), way.parameters.end());
    parameters.push_back(counts.few + 1);
  }
  RETURN_IF_ERROR(session.Query(sql, Bound(parameters).values(), [&](const Row& row) {
    for (size_t i = 0; i < ways.size(); ++i) counts.of_ways.push_back(row.Integer(static_cast<int>(i)));
    return absl::OkStatus();
  }));
  MutexLock lock(mutex_);
  if (kept_.size() >= kMostKept) kept_.clear();
  kept_[digest] = {counts, now};
  return counts;
}

}  // namespace tsunagu::store
