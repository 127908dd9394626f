// Messages that a change queues for another service, while either side is killed: each takes effect once, in order.
#include <signal.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/host/host.h"
#include "common/service/service.h"
#include "gtest/gtest.h"
#include "services/matching/module.h"
#include "tests/faults/ground.h"
#include "tests/wire/owed.h"
#include "tsunagu/platform/v1/delivery.pb.h"

namespace tsunagu::faults {
namespace {

using process::ServerProcess;
using registry::v1::Facility;

Deadline Soon() { return Deadline::After(process::kPatience); }

class OutboxKillTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (!Ground::Has(GetParam())) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    registry_ground_ = std::make_unique<Ground>(Ground::Options{GetParam(), {"registry"}});
    matching_ground_ = std::make_unique<Ground>(Ground::Options{GetParam(), {"matching"}});
    StartRegistry();
    const process::Outcome key =
        registry_ground_->Run({"keys", "create", "--principal", "matching", "--role", "service"});
    ASSERT_EQ(key.code, 0) << key.errors;
    process::WriteFile(folder_ / "peer.key", key.output);
  }

  void StartRegistry(const std::string& failpoints = "") {
    ServerProcess::Options options = registry_ground_->Server(failpoints);
    options.listen = socket_;
    options.may_not_listen = !failpoints.empty();
    registry_.reset();
    registry_ = std::make_unique<ServerProcess>(registry_ground_->data_dir(), std::move(options));
  }
  std::unique_ptr<ServerProcess> Matching(const std::string& failpoints = "") {
    ServerProcess::Options options = matching_ground_->Server(failpoints);
    options.flags.insert(options.flags.end(),
                         {"--peer", "registry=" + socket_, "--peer-key-file", folder_ / "peer.key"});
    options.may_not_listen = !failpoints.empty();
    return std::make_unique<ServerProcess>(matching_ground_->data_dir(), std::move(options));
  }

  // Creates a facility, and then a note on it. No method of matching queues a message yet, so the test makes the change
  // itself, with the same code and without a registry.
  void Owe(const std::string& facility) {
    const ServerProcess::Options as = matching_ground_->Server();
    HostConfig config;
    config.data_dir = matching_ground_->data_dir();
    config.listen = "127.0.0.1:0";
    if (!as.flags.empty()) {
      config.database = as.flags.at(1);
      config.master_keys = as.environment.at("TSUNAGU_MASTER_KEY");
    }
    const ServiceKind kinds[] = {{"matching", &matching::Build}};
    const auto host = Host::Start(config, kinds);
    ASSERT_TRUE(host.ok()) << host.status();
    identity::Actor actor = wire::TheAdmin();
    if (GetParam() == Engine::kMysql) actor.principal = "tester";
    registry::v1::UpdateFacilityRequest note;
    note.mutable_facility()->set_name("facilities/" + facility);
    note.mutable_facility()->set_note("noted");
    note.mutable_update_mask()->add_paths("note");
    Service& service = *(*host)->Find("matching");
    const absl::Status first = wire::Owe(service, actor, facility, "tsunagu.registry.v1.FacilityService/CreateFacility",
                                         process::FacilityRequest(facility));
    const absl::Status second =
        wire::Owe(service, actor, facility, "tsunagu.registry.v1.FacilityService/UpdateFacility", note);
    ASSERT_TRUE(first.ok() && second.ok()) << first << " " << second;
  }
  // A call that was started is retried after its ten seconds.
  void LetPausesEnd() {
    const auto database = matching_ground_->Database("matching");
    ASSERT_NE(database, nullptr);
    const absl::Status ended = database->Write(Soon(), [](store::Session& session) {
      return session.Execute("UPDATE `outbox` SET `next_time` = 0").status();
    });
    ASSERT_TRUE(ended.ok()) << ended;
  }
  static void ExpectDelivered(ServerProcess& matching) {
    platform::v1::ListDeliveriesRequest request;
    request.set_parent("services/matching");
    const Deadline patience = Soon();
    while (true) {
      const auto owed =
          matching.Call<platform::v1::ListDeliveriesResponse>("platform.v1.DeliveryService/ListDeliveries", request);
      ASSERT_TRUE(owed.ok()) << owed.status();
      if (owed->deliveries().empty()) return;
      ASSERT_FALSE(patience.Over()) << owed->ShortDebugString();
      std::this_thread::yield();
    }
  }
  void ExpectOnce(const std::string& facility) {
    EXPECT_EQ(process::RevisionCount(*registry_, "facilities/" + facility), 2);
    registry::v1::GetFacilityRequest request;
    request.set_name("facilities/" + facility);
    const auto kept = registry_->Call<Facility>("registry.v1.FacilityService/GetFacility", request);
    ASSERT_TRUE(kept.ok()) << kept.status();
    EXPECT_EQ(kept->note(), "noted");
  }

  process::Folder folder_;
  const std::string socket_ = "unix:" + folder_ / "registry.socket";
  std::unique_ptr<Ground> registry_ground_, matching_ground_;
  std::unique_ptr<ServerProcess> registry_;
};

INSTANTIATE_TEST_SUITE_P(All, OutboxKillTest, testing::Values(Engine::kSqlite, Engine::kMysql),
                         testing::PrintToStringParamName());

// Killed after the call, the sender has lost the answer.
TEST_P(OutboxKillTest, TheSenderAloneIsKilled) {
  int number = 0;
  for (const char* moment : {"outbox.before_call=kill:1", "outbox.after_call=kill:1", "outbox.before_call=kill:2",
                             "outbox.after_call=kill:2"}) {
    SCOPED_TRACE(moment);
    const std::string facility = absl::StrCat("sender-", ++number);
    Owe(facility);
    LetPausesEnd();
    EXPECT_EQ(Matching(moment)->process().Wait(), -SIGKILL);
    LetPausesEnd();
    const auto matching = Matching();
    ExpectDelivered(*matching);
    ExpectOnce(facility);
  }
}

// Killed before and after its commit, the receiver has not answered.
TEST_P(OutboxKillTest, TheReceiverAloneIsKilled) {
  int number = 0;
  for (const char* moment : {"store.before_request_kept=kill:1", "rpc.before_answer=kill:1",
                             "store.before_request_kept=kill:2", "rpc.before_answer=kill:2"}) {
    SCOPED_TRACE(moment);
    const std::string facility = absl::StrCat("receiver-", ++number);
    registry_->process().Signal(SIGTERM);
    EXPECT_EQ(registry_->process().Wait(), 0);
    Owe(facility);
    LetPausesEnd();
    StartRegistry(moment);
    const auto matching = Matching();
    EXPECT_EQ(registry_->process().Wait(), -SIGKILL);
    StartRegistry();
    ExpectDelivered(*matching);
    ExpectOnce(facility);
  }
}

}  // namespace
}  // namespace tsunagu::faults
