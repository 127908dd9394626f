#ifndef TSUNAGU_TESTS_BENCH_ROUNDS_H_
#define TSUNAGU_TESTS_BENCH_ROUNDS_H_

#include <set>
#include <string>
#include <vector>

#include "google/longrunning/operations.pb.h"
#include "tests/bench/measure.h"
#include "tests/process/server.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::bench {

// Rounds of the matching service alone, or of the suite with a registry, on SQLite, in the production configuration.
class Rounds {
 public:
  explicit Rounds(std::vector<std::string> command);

  void Import(const std::string& service, const std::string& collection, const std::string& file, int rows);

  // Each returns its duration in seconds, without preparation. If `snapshot` is null, the registry provides it.
  double Freeze(const std::string& id, const matching::v1::Snapshot* snapshot,
                matching::v1::OpeningKind kind = matching::v1::OPENING_KIND_EMPLOYMENT);
  double Solve(const std::string& id, int least_matched);

  // For a published round of visits. Returns the supplies that have a contract afterwards.
  std::set<std::string> OpenVisitContracts(const std::string& name);

  // Calls "matching.v1.RoundService/PublishRound". Ends the program at a refusal.
  template <typename Answer>
  Answer Ask(const std::string& method, const google::protobuf::Message& request) {
    rpc::CallOptions options = server_.call_options();
    options.timeout = absl::Minutes(10);
    options.purpose = "benchmark";
    auto answer = server_.peer().Unary<Answer>("tsunagu." + method, request, options);
    if (!answer.ok()) GiveUp(absl::StrCat(method, ": ", answer.status().ToString()));
    return *std::move(answer);
  }

  double Memory();

 private:
  matching::v1::Round Await(google::longrunning::Operation operation);

  process::Folder folder_;
  process::ServerProcess server_;
};

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_ROUNDS_H_
