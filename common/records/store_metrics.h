#ifndef TSUNAGU_COMMON_RECORDS_STORE_METRICS_H_
#define TSUNAGU_COMMON_RECORDS_STORE_METRICS_H_

#include <string>
#include <vector>

#include "common/base/metrics.h"
#include "common/db/database.h"

namespace tsunagu::store {

// What the store of one service counts. Thread-safe.
class StoreMetrics {
 public:
  // `database` outlives it.
  StoreMetrics(const std::string& service, Database& database);

  // A repeated request was given its first answer.
  metrics::Counter& replays;
  // A COMMIT went without an answer, and was looked up.
  metrics::Counter& unknown_commits;

 private:
  std::vector<metrics::Registry::Watch> watches_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_STORE_METRICS_H_
