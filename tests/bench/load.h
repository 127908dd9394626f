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

// Repeats the same call, `in_flight` at once, over four connections, from one thread.
struct Load {
  std::string method;                           // "/tsunagu.registry.v1.FacilityService/GetFacility"
  std::function<std::string(int64_t)> request;  // the bytes of the n-th request
  int in_flight = 32;
  std::string api_key;
  std::string purpose;
  bool heeds_refusals = false;  // waits for the delay that a refusal requests, a little more than a second, as our
                                // clients do
};

// A server as seen by a client that does nothing else.
class Target {
 public:
  // `pid`: the process id of the server.
  Target(const std::string& address, pid_t pid);

  // Returns answered calls a second. Ends the program at the first refusal.
  double Rate(const Load& load, absl::Duration duration);
  // Returns calls for each second of the server's processor time, in the last Rate. Other load on the machine hardly
  // affects this.
  double per_processor_second() const { return per_processor_second_; }

 private:
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  const pid_t pid_;
  double per_processor_second_ = 0;
  int64_t sent_ = 0;  // over all loads, so that no request is repeated
};

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_LOAD_H_
