// Calls that a change queues for another service: each takes effect once, in order for each record, whatever stops in
// between.
#include <algorithm>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/contract/own_id.h"
#include "common/jp/civil_day.h"
#include "common/records/store.h"
#include "common/service/service.h"
#include "common/work/outbox.h"
#include "common/work/outbox_row.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/owed.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/delivery.pb.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::wire {
namespace {

using google::protobuf::util::TimeUtil;

class OutboxTest : public SuiteTest {
 protected:
  virtual Service& matching_service() { return *server().host().Find("matching"); }

  void Owe(const std::string& id, const std::string& method, const google::protobuf::Message& request) {
    clock().Advance(absl::Milliseconds(1));  // ids sort by time, and so does the list
    ASSERT_EQ(Said(wire::Owe(matching_service(), TheAdmin(), id, method, request)), "OK");
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
  virtual std::vector<platform_v1::Delivery> Owed() {
    platform_v1::ListDeliveriesRequest request;
    request.set_parent("services/matching");
    const auto listed =
        admin().Call<platform_v1::ListDeliveriesResponse>("platform.v1.DeliveryService/ListDeliveries", request);
    EXPECT_EQ(Said(listed), "OK");
    return {listed->deliveries().begin(), listed->deliveries().end()};
  }
  // Signs rows that the test itself has written into the table.
  void SignOwed() { ASSERT_EQ(Said(OutboxTable().SignAll(matching(), matching_service().store().RowKey())), "OK"); }
  // The clock has to go on for pauses to end.
  bool WaitUntil(absl::FunctionRef<bool()> done) {
    const Deadline patience = Deadline::After(absl::Seconds(40));
    while (!done()) {
      if (patience.Over()) return false;
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

// The answer was lost, or another replica makes the same call: the other side repeats its answer.
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
  const auto sealed = EncryptCall(matching_service().store(), id, {"", request.SerializeAsString()});
  ASSERT_EQ(Said(sealed), "OK");
  Execute(
      matching(),
      "INSERT INTO `outbox` (`id`, `tx`, `resource`, `service`, `method`, `request`, `principal`, `purpose`, `state`, "
      "`reason`, `create_time`) VALUES (?, ?, 'openings/one', 'registry', "
      "'tsunagu.registry.v1.FacilityService/UpdateFacility', ?, 'admin', 'tests', 'WAITING', '', 0)",
      {absl::string_view(id), store::Blob{tx}, store::Blob{*sealed}});
  SignOwed();
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

// A person with a password for the database gets a refused call repeated, in the name of another.
TEST_P(OutboxTest, WhatWasChangedInTheDatabaseIsCalledInNobodysName) {
  OweNote("one", "absent", "noted");
  ASSERT_TRUE(WaitUntil([&] {
    const auto owed = Owed();
    return owed.size() == 1 && owed[0].state() == platform_v1::Delivery::STATE_REFUSED;
  }));
  Create("absent", AFacility("ほし", ""));
  server().Spoil();
  Execute(matching(), "UPDATE `outbox` SET `principal` = 'service-registry', `state` = 'WAITING', `next_time` = 0");
  OweFacility("two", "f2");
  ASSERT_TRUE(WaitUntil([&] { return Owed().size() == 1; })) << "what was owed later is delivered";
  EXPECT_EQ(GetFacility(admin(), "facilities/absent")->note(), "");
  EXPECT_EQ(Column(matching(), "SELECT `attempts` FROM `outbox`"), std::vector<std::string>{"1"});
}

TEST_P(OutboxTest, ADeliveryThatBreaksARuleIsRefused) {
  CreateAreas();
  registry_v1::CreateCoordinatorRequest person;
  person.mutable_coordinator()->set_display_name("見本 花子");
  person.mutable_coordinator()->set_home_area("areas/312011");
  const auto hanako =
      admin().Call<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", person);
  registry_v1::CreatePlacementRequest request;
  request.mutable_placement()->set_coordinator(hanako->name());
  request.mutable_placement()->set_body("areas/312011");
  request.mutable_placement()->set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
  *request.mutable_placement()->mutable_valid_from_date() = jp::ToDate(*jp::ParseDay("2050-04-01"));
  for (const char* id : {"one", "two"}) Owe(id, "tsunagu.registry.v1.PlacementService/CreatePlacement", request);
  ASSERT_TRUE(WaitUntil([&] {
    const auto owed = Owed();
    return owed.size() == 1 && owed[0].state() == platform_v1::Delivery::STATE_REFUSED;
  }));
  EXPECT_EQ(Owed()[0].reason(), "PERIODS_OVERLAP");
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `placements`"), 1);
}

// The first of a record fails in a way that may pass: those behind it wait, other records do not.
TEST_P(OutboxTest, BehindACallThatMayStillSucceedItsRecordWaits) {
  Create("f1", AFacility("ほし", ""));
  Create("f2", AFacility("つき", ""));
  Owe("one", "tsunagu.registry.v1.FacilityService/OfANewerVersion", registry_v1::UpdateFacilityRequest());
  OweNote("one", "f1", "second");
  OweNote("two", "f2", "noted");
  ASSERT_TRUE(WaitUntil([&] {
    const auto owed = Owed();
    return owed.size() == 2 && owed[0].attempt_count() >= 3;
  }));
  EXPECT_EQ(GetFacility(admin(), "facilities/f2")->note(), "noted");
  EXPECT_EQ(GetFacility(admin(), "facilities/f1")->etag(), "1");
  EXPECT_EQ(Owed()[1].attempt_count(), 0);
  registry_v1::UpdateFacilityRequest first;
  first.mutable_facility()->set_name("facilities/f1");
  first.mutable_facility()->set_note("first");
  first.mutable_update_mask()->add_paths("note");
  const std::string id = contract::OwnId(Owed()[0].name());
  first.set_request_id(id);
  const auto sealed = EncryptCall(matching_service().store(), id, {"", first.SerializeAsString()});
  ASSERT_EQ(Said(sealed), "OK");
  Execute(matching(),
          "UPDATE `outbox` SET `method` = 'tsunagu.registry.v1.FacilityService/UpdateFacility', `request` = ?, "
          "`mac` = NULL WHERE `id` = ?",
          {store::Blob{*sealed}, absl::string_view(id)});
  SignOwed();
  ASSERT_TRUE(WaitUntil([&] { return Owed().empty(); }));
  EXPECT_EQ(GetFacility(admin(), "facilities/f1")->etag(), "3");
  EXPECT_EQ(GetFacility(admin(), "facilities/f1")->note(), "second") << "in order";
}

// Without a registry.
class AloneTest : public OutboxTest {
 protected:
  void SetUp() override {
    OutboxTest::SetUp();
    if (IsSkipped()) return;
    server().Stop();
    alone_ = std::make_unique<Server>(GetParam(), clock(), Entropy::System(), Server::Options{{"matching"}, {}, ""});
    OweNote("one", "f1", "noted");
  }
  Service& matching_service() override { return *alone_->host().Find("matching"); }
  std::vector<platform_v1::Delivery> Owed() override {
    return *matching_service().outbox().List(Deadline::After(absl::Seconds(30)), "", 10);
  }
  // The clock stands still meanwhile.
  bool Await(absl::FunctionRef<bool(const platform_v1::Delivery&)> so) {
    const Deadline patience = Deadline::After(absl::Seconds(40));
    while (!so(Owed().at(0))) {
      if (patience.Over()) return false;
      matching_service().outbox().Wake();
      std::this_thread::yield();
    }
    return true;
  }
  absl::Duration Pause(const platform_v1::Delivery& delivery) {
    return absl::FromUnixMicros(TimeUtil::TimestampToMicroseconds(delivery.next_attempt_time())) - clock().Now();
  }

  std::unique_ptr<Server> alone_;
};
WIRE_TEST_ON_BOTH(AloneTest);

TEST_P(AloneTest, PausesGrowToFiveMinutes) {
  absl::Duration expected = absl::Seconds(1);
  for (int attempt = 1; attempt <= 12; ++attempt) {
    ASSERT_TRUE(Await([&](const auto& owed) {
      return owed.attempt_count() == attempt && owed.reason() == "PEER_UNAVAILABLE" && Pause(owed) == expected;
    })) << attempt
        << " " << expected << ": " << Owed()[0].ShortDebugString();
    clock().Advance(expected - absl::Milliseconds(1));
    matching_service().outbox().Wake();
    EXPECT_EQ(Owed()[0].attempt_count(), attempt);
    clock().Advance(absl::Milliseconds(1));
    expected = std::min(expected * 2, absl::Minutes(5));
  }
  EXPECT_EQ(Owed()[0].state(), platform_v1::Delivery::STATE_WAITING);
}

// The other side forgets request ids after eight days.
TEST_P(AloneTest, AfterAWeekWithoutAnAnswerItIsGivenUpAndTheNextIsMade) {
  OweNote("one", "f1", "later");
  ASSERT_TRUE(Await([](const auto& owed) { return owed.attempt_count() == 1 && owed.reason() != ""; }));
  clock().Advance(absl::Hours(24 * 7 - 1));
  ASSERT_TRUE(Await([](const auto& owed) { return owed.attempt_count() == 2; }));
  EXPECT_EQ(Owed()[0].state(), platform_v1::Delivery::STATE_WAITING);
  clock().Advance(absl::Hours(2));
  ASSERT_TRUE(Await([](const auto& owed) { return owed.state() == platform_v1::Delivery::STATE_EXPIRED; }));
  EXPECT_FALSE(Owed()[0].has_next_attempt_time());
  ASSERT_TRUE(Await([&](const auto&) { return Owed().at(1).attempt_count() > 0; }));
  const int32_t attempts = Owed()[0].attempt_count();
  platform_v1::RetryDeliveryRequest retry;
  retry.set_name(Owed()[0].name());
  const char* again = "platform.v1.DeliveryService/RetryDelivery";
  ASSERT_EQ(Said(alone_->admin().Call<platform_v1::Delivery>(again, retry)), "OK");
  ASSERT_TRUE(Await([&](const auto& owed) { return owed.attempt_count() > attempts; }));
  EXPECT_EQ(Owed()[0].state(), platform_v1::Delivery::STATE_WAITING) << "a week from now";
}

// Registry and matching, each a server of its own.
class ApartTest : public OutboxTest {
 protected:
  void SetUp() override {
    OutboxTest::SetUp();
    if (IsSkipped()) return;
    server().Stop();
    Server::Options options;
    options.services = {"registry"};
    registry_ = std::make_unique<Server>(GetParam(), clock(), Entropy::System(), options);
    registry_->config().listen = "unix:" + registry_->config().data_dir + "/socket";  // the same after a restart
    registry_->Restart();
    platform_v1::SetPrincipalRequest principal;
    principal.set_parent("services/registry");
    principal.set_principal_id("matching");
    *principal.mutable_principal()->add_grants() = AGrant("service", "*");
    ASSERT_EQ(
        Said(registry_->admin().Call<platform_v1::Principal>("platform.v1.AccessService/SetPrincipal", principal)),
        "OK");
    platform_v1::CreateApiKeyRequest key;
    key.set_parent("services/registry");
    key.mutable_api_key()->set_principal("matching");
    const auto created =
        registry_->admin().Call<platform_v1::CreateApiKeyResponse>("platform.v1.AccessService/CreateApiKey", key);
    ASSERT_EQ(Said(created), "OK");
    options.services = {"matching"};
    options.peers = {"registry=" + registry_->config().listen};
    options.peer_key_file = registry_->config().data_dir + "/peer.key";
    std::ofstream(options.peer_key_file) << created->secret() << "\n";
    matching_ = std::make_unique<Server>(GetParam(), clock(), Entropy::System(), options);
  }
  void TearDown() override {
    matching_.reset();
    registry_.reset();
  }
  Service& matching_service() override { return *matching_->host().Find("matching"); }
  std::vector<platform_v1::Delivery> Owed() override {
    return *matching_service().outbox().List(Deadline::After(absl::Seconds(30)), "", 100);
  }
  void ExpectEachOnce(int count) {
    for (int i = 0; i < count; ++i) {
      const auto facility = GetFacility(registry_->admin(), absl::StrCat("facilities/f", i));
      ASSERT_EQ(Said(facility), "OK");
      EXPECT_EQ(facility->etag(), "2");
      EXPECT_EQ(facility->note(), "noted");
    }
  }

  std::unique_ptr<Server> registry_, matching_;
};
WIRE_TEST_ON_BOTH(ApartTest);

TEST_P(ApartTest, TheReceiverAloneIsRestarted) {
  for (int i = 0; i < 8; ++i) {
    OweFacility(absl::StrCat("o", i), absl::StrCat("f", i));
    if (i % 4 == 1) registry_->Stop();
    OweNote(absl::StrCat("o", i), absl::StrCat("f", i), "noted");
    if (i % 4 == 3) {
      ASSERT_TRUE(WaitUntil([&] { return Owed().front().reason() == "PEER_UNAVAILABLE"; }));
      ASSERT_EQ(Said(registry_->Start()), "OK");
    }
  }
  ASSERT_TRUE(WaitUntil([&] { return Owed().empty(); }));
  ExpectEachOnce(8);
}

TEST_P(ApartTest, TheSenderAloneIsRestarted) {
  for (int i = 0; i < 8; ++i) {
    OweFacility(absl::StrCat("o", i), absl::StrCat("f", i));
    OweNote(absl::StrCat("o", i), absl::StrCat("f", i), "noted");
    matching_->Restart();
  }
  ASSERT_TRUE(WaitUntil([&] { return Owed().empty(); }));
  ExpectEachOnce(8);
}

}  // namespace
}  // namespace tsunagu::wire
