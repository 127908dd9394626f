#ifndef TSUNAGU_COMMON_RECORDS_COUNTED_WAYS_H_
#define TSUNAGU_COMMON_RECORDS_COUNTED_WAYS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/db/database.h"
#include "common/records/list_query.h"

namespace tsunagu::store {

// How many rows the ways into the lists of one table lead to. The counts are cached for a minute, so that they are not
// repeated for each page. A count decides how a list is read, never what it contains. Thread-safe.
class CountedWays {
 public:
  struct Counts {
    int64_t few = 0;               // the number of rows that still count as few for this list
    std::vector<int64_t> of_ways;  // in their order; counting stops at `few` + 1
  };

  // Returns the counts of `ways`, each a query for ids, into `table`.
  absl::StatusOr<Counts> Of(Session& session, const std::string& table, const std::vector<contract::SqlText>& ways,
                            const ListQuery& query, absl::Time now);

 private:
  struct Kept {
    Counts counts;
    absl::Time since;
  };
  Mutex mutex_;
  absl::flat_hash_map<std::string, Kept> kept_ ABSL_GUARDED_BY(mutex_);  // by digest
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_COUNTED_WAYS_H_
