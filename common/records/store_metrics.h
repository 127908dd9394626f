#ifndef TSUNAGU_COMMON_RECORDS_STORE_METRICS_H_
#define TSUNAGU_COMMON_RECORDS_STORE_METRICS_H_

#include <string>
#include <vector>

#include "common/base/metrics.h"
#include "common/db/database.h"

namespace tsunagu::store {

// The counters of the store of one service. Thread-safe.
class StoreMetrics {
 public:
  // `database` must outlive this object.
  StoreMetrics(const std::string& service, Database& database);

  // Repeated requests that got their first answer.
  metrics::Counter& replays;
  // COMMITs without an answer, whose outcome was looked up.
  metrics::Counter& unknown_commits;

 private:
  std::vector<metrics::Registry::Watch> watches_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_STORE_METRICS_H_
