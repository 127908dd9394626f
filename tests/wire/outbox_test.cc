// Calls that a change owes another service: made once in effect, in order for each record, whatever stops in between.
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/platform/v1/delivery.pb.h"

namespace tsunagu::wire {
namespace {

using matching::v1::Opening;
using testing::IsEmpty;

class OutboxTest : public SuiteTest {
 protected:
  Service& matching_service() { return *server().host().Find("matching"); }

  // A new opening whose making owes the registry this call.
  template <typename Request>
  void Owe(const std::string& id, const std::string& method, const Request& request) {
    Service& service = matching_service();
    store::Table& openings = *service.Find("openings")->table;
    const store::Actor actor{"admin", "", "tests", "tests", "", access::Scope::Everything()};
    Opening opening;
    const absl::Status changed = service.store().Change(
        actor, clock().Now() + absl::Seconds(30), {id}, opening, [&](store::Tx& tx) -> absl::Status {
          const auto before = openings.FindBy(tx, *openings.schema().name_field(), id);
          if (before.ok() && *before != nullptr) {
            opening.CopyFrom(**before);
            opening.set_posts(opening.posts() + 1);
            if (const auto updated = openings.Update(tx, **before, opening); !updated.ok()) return updated;
          } else {
            opening.set_facility("facilities/x");
            opening.set_display_name("募集");
            opening.set_posts(1);
            opening.set_weekly_minutes(600);
            if (const auto inserted = openings.Insert(tx, id, opening); !inserted.ok()) return inserted;
          }
          return service.outbox().Add(tx, opening.name(), "registry", method, request);
        });
    ASSERT_EQ(Said(changed), "OK");
  }
  void OweFacility(const std::string& opening, const std::string& facility) {
    registry_v1::CreateFacilityRequest request;
    request.set_facility_id(facility);
    *request.mutable_facility() = AFacility("ほし", "");
    Owe(opening, "tsunagu.registry.v1.FacilityService/CreateFacility", request);
  }
  void OweNote(const std::string& opening, const std::string& facility, const std::string& note) {
    registry_v1::UpdateFacilityRequest request;
    request.mutable_facility()->set_name(absl::StrCat("facilities/", facility));
    request.mutable_facility()->set_note(note);
    request.mutable_update_mask()->add_paths("note");
    Owe(opening, "tsunagu.registry.v1.FacilityService/UpdateFacility", request);
  }
  std::vector<platform_v1::Delivery> Owed() {
    platform_v1::ListDeliveriesRequest request;
    request.set_parent("services/matching");
    const auto listed =
        admin().Call<platform_v1::ListDeliveriesResponse>("platform.v1.DeliveryService/ListDeliveries", request);
    EXPECT_EQ(Said(listed), "OK");
    return {listed->deliveries().begin(), listed->deliveries().end()};
  }
  // The clock has to go on for pauses to end.
  bool WaitUntil(absl::FunctionRef<bool()> done) {
    const absl::Time patience = Clock::System().Now() + absl::Seconds(40);
    while (!done()) {
      if (Clock::System().Now() > patience) return false;
      clock().Advance(absl::Milliseconds(50));
      matching_service().outbox().Wake();
      std::this_thread::yield();
    }
    return true;
  }
};
WIRE_TEST_ON_BOTH(OutboxTest);

TEST_P(OutboxTest, ACallIsMadeAfterTheChangeAndInOrderOfTheRecord) {
  OweFacility("one", "f1");
  for (int i = 1; i <= 10; ++i) OweNote("one", "f1", absl::StrCat(i));
  ASSERT_TRUE(WaitUntil([&] { return Owed().empty(); }));
  const auto facility = GetFacility(admin(), "facilities/f1");
  ASSERT_EQ(Said(facility), "OK");
  EXPECT_EQ(facility->note(), "10");
  EXPECT_EQ(facility->etag(), "11") << "each once";
  EXPECT_EQ(Column(registry(), "SELECT DISTINCT `actor` FROM `journal` WHERE `name` = 'facilities/f1'"),
            std::vector<std::string>{"service-matching"});
  EXPECT_EQ(Column(registry(), "SELECT DISTINCT `on_behalf_of` FROM `journal` WHERE `name` = 'facilities/f1'"),
            std::vector<std::string>{"admin"});
}

TEST_P(OutboxTest, WhatIsOwedSurvivesRestartsOfBothSides) {
  for (int i = 0; i < 12; ++i) {
    OweFacility(absl::StrCat("o", i), absl::StrCat("f", i));
    OweNote(absl::StrCat("o", i), absl::StrCat("f", i), "noted");
    if (i % 4 == 3) server().Restart();
  }
  ASSERT_TRUE(WaitUntil([&] { return Owed().empty(); }));
  for (int i = 0; i < 12; ++i) {
    const auto facility = GetFacility(admin(), absl::StrCat("facilities/f", i));
    ASSERT_EQ(Said(facility), "OK");
    EXPECT_EQ(facility->etag(), "2");
    EXPECT_EQ(facility->note(), "noted");
  }
}

// The answer got lost, or another replica makes the same call: the other side tells what it told.
TEST_P(OutboxTest, ACallThatIsMadeTwiceHasItsEffectOnce) {
  OweFacility("one", "f1");
  OweNote("one", "f1", "noted");
  ASSERT_TRUE(WaitUntil([&] { return Owed().empty(); }));
  // The row comes back, as after a crash in front of its removal.
  const std::string id =
      Column(registry(), "SELECT `request_id` FROM `journal` WHERE `name` = 'facilities/f1' AND `revision` = 2").at(0);
  const std::string tx = Column(matching(), "SELECT `tx` FROM `journal` WHERE `name` = 'openings/one'").at(0);
  registry_v1::UpdateFacilityRequest request;
  request.mutable_facility()->set_name("facilities/f1");
  request.mutable_facility()->set_note("noted");
  request.mutable_update_mask()->add_paths("note");
  request.set_request_id(id);
  const auto sealed = matching_service().store().Seal(absl::StrCat("outbox ", id), request.SerializeAsString());
  ASSERT_EQ(Said(sealed), "OK");
  Execute(matching(),
          "INSERT INTO `outbox` (`id`, `tx`, `resource`, `service`, `method`, `request`, `principal`, `purpose`, `state`, "
          "`reason`, `create_time`) VALUES (?, ?, 'openings/one', 'registry', "
          "'tsunagu.registry.v1.FacilityService/UpdateFacility', ?, 'admin', 'tests', 'WAITING', '', 0)",
          {absl::string_view(id), store::Blob{tx}, store::Blob{*sealed}});
  ASSERT_TRUE(WaitUntil([&] { return Owed().empty(); }));
  EXPECT_EQ(GetFacility(admin(), "facilities/f1")->etag(), "2");
}

TEST_P(OutboxTest, ARefusedCallStaysToBeSeenAndCanBeMadeAgain) {
  OweNote("one", "absent", "noted");
  ASSERT_TRUE(WaitUntil([&] {
    const auto owed = Owed();
    return owed.size() == 1 && owed[0].state() == platform_v1::Delivery::STATE_REFUSED;
  }));
  const platform_v1::Delivery refused = Owed()[0];
  EXPECT_EQ(refused.reason(), "FACILITY_NOT_FOUND");
  EXPECT_EQ(refused.resource_name(), "openings/one");
  EXPECT_EQ(refused.target_service(), "registry");
  Create("absent", AFacility("ほし", ""));
  platform_v1::RetryDeliveryRequest retry;
  retry.set_name(refused.name());
  EXPECT_EQ(Said(admin().Call<platform_v1::Delivery>("platform.v1.DeliveryService/RetryDelivery", retry)), "OK");
  ASSERT_TRUE(WaitUntil([&] { return Owed().empty(); }));
  EXPECT_EQ(GetFacility(admin(), "facilities/absent")->note(), "noted");
  EXPECT_EQ(Said(admin().Call<platform_v1::Delivery>("platform.v1.DeliveryService/RetryDelivery", retry)),
            "NOT_FOUND DELIVERY_NOT_FOUND");
}

// Without a registry it waits, and says so.
TEST_P(OutboxTest, WhileTheOtherSideIsAwayItWaits) {
  server().Stop();
  Server alone(GetParam(), clock(), Entropy::System(), {{"matching"}, {}, ""});
  Service& service = *alone.host().Find("matching");
  store::Table& openings = *service.Find("openings")->table;
  const store::Actor actor{"admin", "", "", "tests", "", access::Scope::Everything()};
  Opening opening;
  registry_v1::UpdateFacilityRequest request;
  ASSERT_EQ(Said(service.store().Change(actor, clock().Now() + absl::Seconds(30), {"x"}, opening,
                                        [&](store::Tx& tx) -> absl::Status {
                                          opening.set_facility("facilities/x");
                                          opening.set_display_name("募集");
                                          opening.set_posts(1);
                                          opening.set_weekly_minutes(600);
                                          const auto inserted = openings.Insert(tx, "one", opening);
                                          if (!inserted.ok()) return inserted;
                                          return service.outbox().Add(tx, opening.name(), "registry",
                                                                      "tsunagu.registry.v1.FacilityService/UpdateFacility",
                                                                      request);
                                        })),
            "OK");
  const absl::Time patience = Clock::System().Now() + absl::Seconds(30);
  std::vector<platform_v1::Delivery> owed;
  do {
    clock().Advance(absl::Seconds(1));
    service.outbox().Wake();
    owed = *service.outbox().List(clock().Now() + absl::Seconds(30), "", 10);
  } while (Clock::System().Now() < patience && owed.at(0).attempt_count() < 3);
  EXPECT_GE(owed.at(0).attempt_count(), 3);
  EXPECT_EQ(owed.at(0).state(), platform_v1::Delivery::STATE_WAITING);
  EXPECT_EQ(owed.at(0).reason(), "PEER_UNAVAILABLE");
}

}  // namespace
}  // namespace tsunagu::wire
