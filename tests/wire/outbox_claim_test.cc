// A slow holder of a delivery completes only what it has claimed itself.
#include <atomic>
#include <thread>

#include "common/records/rule.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "common/work/outbox.h"
#include "services/matching/module.h"
#include "services/registry/module.h"
#include "tests/wire/gate.h"
#include "tests/wire/owed.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

// The registry stops at a gate before it answers.
class OutboxClaimTest : public SuiteTest {
 protected:
  Server::Options ServerOptions() override {
    Server::Options options;
    options.kinds = {{"registry",
                      [this](Service& service, const PeerFinder&) {
                        registry::Build(service);
                        service.Find("facilities")->table->SetRule([this](const store::Proposal& proposal) {
                          gate_.Pass();
                          if (refuses_) proposal.faults.Add("note", "FIELD_REQUIRED"_reason);
                          return absl::OkStatus();
                        });
                      }},
                     {"matching", &matching::Build}};
    return options;
  }
  void TearDown() override { gate_.Open(); }

  Service& matching_service() { return *server().host().Find("matching"); }
  void OweFacility(const std::string& id) {
    registry_v1::CreateFacilityRequest request;
    request.set_facility_id(id);
    *request.mutable_facility() = AFacility("ほし", "");
    clock().Advance(absl::Milliseconds(1));
    const char* method = "tsunagu.registry.v1.FacilityService/CreateFacility";
    ASSERT_EQ(Said(Owe(matching_service(), TheAdmin(), id, method, request)), "OK");
  }
  std::vector<std::string> Owed() {
    return Column(matching(), "SELECT `resource` FROM `outbox` WHERE `state` = 'WAITING' ORDER BY `id`");
  }
  bool AwaitOwed(const std::vector<std::string>& expected) {
    const Deadline patience = Deadline::After(absl::Seconds(30));
    while (Owed() != expected) {
      if (patience.Over()) return false;
      matching_service().outbox().Wake();
      std::this_thread::yield();
    }
    return true;
  }
  // As when another replica has found the pause over, and makes the same call.
  void ClaimByAnother() {
    const absl::Time next = clock().Now() + absl::Seconds(12);
    Execute(matching(), "UPDATE `outbox` SET `attempts` = `attempts` + 1, `next_time` = ?", {absl::ToUnixMicros(next)});
  }
  void ExpectUntouched() {
    EXPECT_EQ(
        Column(matching(),
               "SELECT `state` FROM `outbox` WHERE `resource` = 'openings/slow' AND `attempts` = 2 AND `reason` = "
               "'' AND `next_time` > ?",
               {absl::ToUnixMicros(clock().Now())}),
        std::vector<std::string>{"WAITING"});
  }

  Gate gate_;
  std::atomic<bool> refuses_ = false;
};
WIRE_TEST_ON_BOTH(OutboxClaimTest);

TEST_P(OutboxClaimTest, ASlowAnswerDoesNotDeleteWhatAnotherHasClaimed) {
  OweFacility("slow");
  ASSERT_TRUE(gate_.AwaitArrived(1));
  ClaimByAnother();
  OweFacility("next");
  gate_.Open();
  ASSERT_TRUE(AwaitOwed({"openings/slow"})) << "one thread makes the calls one by one, so the slow one is concluded";
  ExpectUntouched();
  clock().Advance(absl::Seconds(13));
  ASSERT_TRUE(AwaitOwed({})) << "made again, it is answered as it was the first time";
  EXPECT_EQ(GetFacility(admin(), "facilities/slow")->etag(), "1");
}

TEST_P(OutboxClaimTest, ASlowRefusalDoesNotConcludeWhatAnotherHasClaimed) {
  refuses_ = true;
  OweFacility("slow");
  ASSERT_TRUE(gate_.AwaitArrived(1));
  ClaimByAnother();
  OweFacility("next");
  gate_.Let(1);
  ASSERT_TRUE(gate_.AwaitArrived(2)) << "of the next";
  ExpectUntouched();
  refuses_ = false;
  gate_.Open();
  ASSERT_TRUE(AwaitOwed({"openings/slow"}));
  clock().Advance(absl::Seconds(13));
  ASSERT_TRUE(AwaitOwed({}));
  EXPECT_EQ(GetFacility(admin(), "facilities/slow")->etag(), "1");
}

}  // namespace
}  // namespace tsunagu::wire
