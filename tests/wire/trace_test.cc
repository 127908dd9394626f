// Calls that are caused by a call are in its trace, whenever they are made.
#include <chrono>
#include <set>

#include "common/access/actor.h"
#include "common/rpc/call.h"
#include "common/rpc/client.h"
#include "common/rpc/trace.h"
#include "common/service/service.h"
#include "common/work/outbox.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "tests/wire/owed.h"
#include "tests/wire/rounds.h"

namespace tsunagu::wire {
namespace {

// Acts as the registry: records the metadata of each call, and answers every call with the error that its database is
// unavailable.
class Listener : public grpc::CallbackGenericService {
 public:
  Listener() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterCallbackGenericService(this);
    server_ = builder.BuildAndStart();
  }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }
  // Returns whether there have been `count` calls; waits a moment for one.
  bool HasHeard(size_t count) {
    MutexLock lock(mutex_);
    if (heard_.size() < count) heard_one_.wait_for(mutex_, std::chrono::milliseconds(2));
    return heard_.size() >= count;
  }
  // The trace of each call so far.
  std::vector<rpc::Trace> Heard() {
    MutexLock lock(mutex_);
    return heard_;
  }

 private:
  struct Refusal : grpc::ServerGenericBidiReactor {
    Refusal() { Finish(rpc::ToGrpc(Fail("DATABASE_UNAVAILABLE"_reason), Language::kEnglish, "")); }
    void OnDone() override { delete this; }
  };
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    const auto found = context->client_metadata().find("traceparent");
    const std::string header =
        found == context->client_metadata().end() ? "" : std::string(found->second.data(), found->second.size());
    // Matching looks at places on its own account, in nobody's trace. A call that has lost its trace is waited for in
    // vain.
    if (header.empty()) return new Refusal;
    MutexLock lock(mutex_);
    heard_.push_back(rpc::ParseTraceparent(header).value_or(rpc::Trace()));
    heard_one_.notify_all();
    return new Refusal;
  }

  Mutex mutex_;
  CondVar heard_one_;
  std::vector<rpc::Trace> heard_ ABSL_GUARDED_BY(mutex_);
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class TraceTest : public SuiteTest {
 protected:
  Server::Options Alone() {
    Server::Options options;
    options.services = {"matching"};
    options.peers = {"registry=" + listener_.address()};
    return options;
  }
  void WaitForCalls(size_t count, Server& server) {
    const Deadline patience = Deadline::After(absl::Seconds(40));
    while (!listener_.HasHeard(count) && !patience.Over()) {
      clock().Advance(absl::Milliseconds(50));  // by far not the hour that an operation has
      server.host().Find("matching")->outbox().Wake();
    }
    ASSERT_GE(listener_.Heard().size(), count);
  }
  // All of them in the trace of `cause`, none of them its own span.
  void ExpectOneTrace(const rpc::Trace& cause) {
    for (const rpc::Trace& heard : listener_.Heard()) EXPECT_EQ(heard.trace_id(), cause.trace_id());
  }

  Listener listener_;
  const rpc::Trace cause_ = rpc::Trace::Continue("");
};
WIRE_TEST_ON_BOTH(TraceTest);

TEST_P(TraceTest, AnOperationIsInTheTraceOfItsCallAlsoAfterARestart) {
  Server alone(GetParam(), clock(), Entropy::System(), Alone());
  ASSERT_EQ(Said(CreateRound(alone.admin(), "r1", 7)), "OK");
  {
    rpc::Peer peer("suite", alone.channel());
    rpc::CallOptions options = alone.admin().options();
    options.trace = cause_.traceparent();
    matching_v1::SolveRoundRequest solve;
    solve.set_name("rounds/r1");
    ASSERT_EQ(
        Said(peer.Unary<google::longrunning::Operation>("tsunagu.matching.v1.RoundService/SolveRound", solve, options)),
        "OK");
  }
  WaitForCalls(1, alone);
  alone.Stop();  // after the last attempt: an absent database ends no operation
  const size_t before = listener_.Heard().size();
  clock().Advance(absl::Minutes(1));
  ASSERT_EQ(Said(alone.Start()), "OK");
  WaitForCalls(before + 1, alone);
  ExpectOneTrace(cause_);
  EXPECT_NE(listener_.Heard().front().span, cause_.span) << "the operation's own span";
  EXPECT_NE(listener_.Heard().front().span, listener_.Heard().back().span) << "each run has one";
}

TEST_P(TraceTest, ADeliveryIsInTheTraceOfTheCallThatChanged) {
  Server alone(GetParam(), clock(), Entropy::System(), Alone());
  rpc::Call call;
  call.method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      "tsunagu.matching.v1.OpeningService.CreateOpening");
  call.principal = identity::Principal::All("admin");
  call.trace = cause_;
  ASSERT_EQ(Said(Owe(*alone.host().Find("matching"), ActorOf(call), "one",
                     "tsunagu.registry.v1.FacilityService/UpdateFacility", registry_v1::UpdateFacilityRequest())),
            "OK");
  WaitForCalls(1, alone);
  const size_t before = listener_.Heard().size();
  alone.Restart();
  WaitForCalls(before + 1, alone);
  ExpectOneTrace(cause_);
}

}  // namespace
}  // namespace tsunagu::wire
