#ifndef TSUNAGU_TESTS_BENCH_SUBSIDY_H_
#define TSUNAGU_TESTS_BENCH_SUBSIDY_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/measure.h"
#include "tests/process/mariadb.h"
#include "tests/process/server.h"

namespace tsunagu::bench {

// A subsidy service in its production configuration, with one budget line to which everything is charged.
class Subsidy {
 public:
  // Uses an SQLite file.
  Subsidy();
  // Uses a schema of `mariadb`.
  Subsidy(process::Mariadb& mariadb, const std::string& schema);

  // One round of 32 officers at once, in calls a second: drafts, which are plain durable creates, and decisions that
  // grant them, all from the one line.
  struct Rates {
    double created = 0, decided = 0;
  };
  Rates CreateAndDecide();

 private:
  void Serve(const process::ServerProcess::Options& options);
  void MakeKey(const std::string& role, int officer);
  template <typename Answer, typename Request>
  Answer Ask(const std::string& key, const std::string& method, const std::string& text);
  // Calls `each` for every application of a round, by 32 officers at once; returns calls a second.
  double AtOnce(const std::function<void(int officer, int application)>& each);

  process::Folder folder_;
  std::unique_ptr<process::MariadbRegistry> schema_;
  std::string data_dir_;
  std::unique_ptr<process::ServerProcess> server_;
  std::map<std::string, std::vector<std::string>> keys_;  // by role, of each officer
};

// Measures all lines about subsidies on one engine.
std::vector<Line> CompareSubsidy(const std::string& engine, Subsidy& subsidy);

// Measures the microseconds for one claim of eight items of the rule set that comes with the program, with its trace;
// mean of 100,000.
Line EvaluateClaims();

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_SUBSIDY_H_
