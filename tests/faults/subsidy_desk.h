#ifndef TSUNAGU_TESTS_FAULTS_SUBSIDY_DESK_H_
#define TSUNAGU_TESTS_FAULTS_SUBSIDY_DESK_H_

#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"
#include "tests/process/server.h"

namespace tsunagu::faults {

// A request to a subsidy service with its request id and its result.
struct Sent {
  std::string role, method;
  std::unique_ptr<google::protobuf::Message> request;
  const google::protobuf::Descriptor* kind = nullptr;  // kind of the record that it creates or changes
  std::string name;                                    // name of that record; empty: it is unknown whether it was
                                                       // created
};

// All acknowledged requests, and all without an answer; refused requests are not kept.
class Outbasket {
 public:
  void Add(Sent sent);
  std::vector<Sent> Take();

 private:
  std::mutex mutex_;
  std::vector<Sent> sent_;
};

// The work of one officer, until the server is gone.
class Desk {
 public:
  // Keys by role.
  Desk(process::ServerProcess& server, const std::map<std::string, std::string>& keys, Outbasket& basket, uint64_t seed)
      : random(seed), server_(server), keys_(keys), basket_(basket) {}

  // Calls subsidy.v1.<M>Service/<verb>; `text` is the request.
  template <typename M>
  absl::StatusOr<M> Ask(const std::string& role, const std::string& verb, const std::string& text) {
    M made;
    const absl::Status status = Call(role, verb, text, made);
    if (!status.ok()) return status;
    return made;
  }
  // Creates a record of that kind; returns its name, empty if it was refused.
  template <typename M>
  std::string Make(const std::string& role, const std::string& text) {
    const auto made = Ask<M>(role, absl::StrCat("Create", M::descriptor()->name()), text);
    return made.ok() ? made->name() : "";
  }
  // Reads; `Request` selects the method's request type.
  template <typename Response, typename Request>
  Response Read(const std::string& role, const std::string& method, const Request& request) {
    Response response;
    (void)server_.peer().UnaryUntyped(absl::StrCat("tsunagu.subsidy.v1.", method), request, response, As(role));
    return response;
  }
  // Returns true if the server no longer answers.
  bool is_gone() const { return is_gone_; }
  int Upto(int most) { return static_cast<int>(random() % (most + 1)); }

  std::mt19937_64 random;

 private:
  absl::Status Call(const std::string& role, const std::string& verb, const std::string& text,
                    google::protobuf::Message& made);
  rpc::CallOptions As(const std::string& role) const;

  process::ServerProcess& server_;
  const std::map<std::string, std::string>& keys_;
  Outbasket& basket_;
  bool is_gone_ = false;
};

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_SUBSIDY_DESK_H_
