#ifndef TSUNAGU_TESTS_BENCH_LOAD_H_
#define TSUNAGU_TESTS_BENCH_LOAD_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"

namespace tsunagu::bench {

// The same call again and again, as many at once as `in_flight`, over four connections, from one thread.
struct Load {
  std::string method;                           // "/tsunagu.registry.v1.FacilityService/GetFacility"
  std::function<std::string(int64_t)> request;  // bytes of the n-th one
  int in_flight = 32;
  std::string api_key;
  std::string purpose;
  bool heeds_refusals = false;  // waits the second and a bit that a refusal asks for, as our clients do
};

// A server as a client that has nothing else to do sees it.
class Target {
 public:
  // `pid`: the server's.
  Target(const std::string& address, pid_t pid);

  // Answered calls a second. Ends the program at the first refusal.
  double Rate(const Load& load, absl::Duration duration);
  // Calls for a second of the server's processor time, in the last Rate. What else the machine does hardly matters
  // here.
  double per_processor_second() const { return per_processor_second_; }

 private:
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  const pid_t pid_;
  double per_processor_second_ = 0;
  int64_t sent_ = 0;  // over all loads, so that no request is made twice
};

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_LOAD_H_
