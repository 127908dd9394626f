// What a request_id promises: one effect, and the same answer again.
#include <atomic>
#include <thread>

#include "google/protobuf/util/message_differencer.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using google::protobuf::util::MessageDifferencer;

class RequestIdTest : public SuiteTest {
 protected:
  static registry_v1::CreateFacilityRequest CreateRequest(const std::string& name, const std::string& request_id) {
    registry_v1::CreateFacilityRequest request;
    *request.mutable_facility() = AFacility(name, "");
    request.set_request_id(request_id);
    return request;
  }
  static absl::StatusOr<registry_v1::Facility> Send(const Caller& caller,
                                                    const registry_v1::CreateFacilityRequest& request) {
    return caller.Call<registry_v1::Facility>("registry.v1.FacilityService/CreateFacility", request);
  }
  static absl::StatusOr<registry_v1::Facility> Send(const Caller& caller,
                                                    const registry_v1::UpdateFacilityRequest& request) {
    return caller.Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request);
  }
  static registry_v1::UpdateFacilityRequest UpdateRequest(const registry_v1::Facility& facility,
                                                          const std::string& kana, const std::string& request_id) {
    registry_v1::UpdateFacilityRequest request;
    *request.mutable_facility() = facility;
    request.mutable_facility()->set_kana(kana);
    request.mutable_update_mask()->add_paths("kana");
    request.set_request_id(request_id);
    return request;
  }
};
WIRE_TEST_ON_BOTH(RequestIdTest);

TEST_P(RequestIdTest, TheSameRequestGetsTheSameAnswerAlsoAfterTheRecordChanged) {
  const auto create = CreateRequest("きた", "r1");
  const auto created = Send(admin(), create);
  ASSERT_EQ(Said(created), "OK");
  const auto update = UpdateRequest(*created, "キタ", "r1");  // another method: its ids are its own
  const auto updated = Send(admin(), update);
  ASSERT_EQ(Said(updated), "OK");
  ASSERT_EQ(Said(Send(admin(), UpdateRequest(*updated, "ミナミ", ""))), "OK");

  const auto created_again = Send(admin(), create);
  ASSERT_EQ(Said(created_again), "OK");
  EXPECT_TRUE(MessageDifferencer::Equals(*created, *created_again));
  const auto updated_again = Send(admin(), update);
  ASSERT_EQ(Said(updated_again), "OK") << "though its etag is no longer true";
  EXPECT_TRUE(MessageDifferencer::Equals(*updated, *updated_again));
  EXPECT_EQ(GetFacility(admin(), created->name())->kana(), "ミナミ");
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `facilities`"), 1);
}

TEST_P(RequestIdTest, AnUpdateThatChangedNothingIsReplayedToo) {
  const auto created = Send(admin(), CreateRequest("きた", ""));
  ASSERT_EQ(Said(created), "OK");
  const auto update = UpdateRequest(*created, "", "same");
  ASSERT_EQ(Said(Send(admin(), update)), "OK");
  ASSERT_EQ(Said(Send(admin(), UpdateRequest(*created, "キタ", ""))), "OK");
  const auto again = Send(admin(), update);
  ASSERT_EQ(Said(again), "OK");
  EXPECT_TRUE(MessageDifferencer::Equals(*created, *again));
}

// The first is over when it is answered, not when the server has forgotten the call.
TEST_P(RequestIdTest, SentAgainAtOnceItIsNeverInFlight) {
  for (int i = 0; i < 200; ++i) {
    const auto fine = CreateRequest("きた", absl::StrCat("fine ", i));
    auto refused = CreateRequest("みなみ", absl::StrCat("refused ", i));
    refused.mutable_facility()->set_area("areas/999999");
    for (const auto& request : {fine, refused}) {
      const std::string first = Said(Send(admin(), request));
      EXPECT_EQ(first == "OK", request.request_id() == fine.request_id());
      EXPECT_EQ(Said(Send(admin(), request)), first);
    }
  }
}

TEST_P(RequestIdTest, AnotherBodyUnderTheSameIdIsRefused) {
  ASSERT_EQ(Said(Send(admin(), CreateRequest("きた", "r1"))), "OK");
  EXPECT_EQ(Said(Send(admin(), CreateRequest("みなみ", "r1"))),
            "INVALID_ARGUMENT REQUEST_ID_REUSED request_id:REQUEST_ID_REUSED");
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `facilities`"), 1);
}

TEST_P(RequestIdTest, IdsOfTwoCallersAreApart) {
  const Caller other = CallerWith("other", {"prefecture-officer@*"});
  const auto mine = Send(admin(), CreateRequest("きた", "r1"));
  const auto theirs = Send(other, CreateRequest("みなみ", "r1"));
  ASSERT_EQ(Said(theirs), "OK");
  EXPECT_NE(mine->name(), theirs->name());
}

TEST_P(RequestIdTest, ARefusedRequestMayBeCorrectedUnderItsId) {
  auto request = CreateRequest("きた", "r1");
  request.mutable_facility()->set_area("areas/310000");
  EXPECT_EQ(Said(Send(admin(), request)), "INVALID_ARGUMENT INVALID_REQUEST facility.area:REFERENCE_NOT_FOUND");
  request.mutable_facility()->clear_area();
  EXPECT_EQ(Said(Send(admin(), request)), "OK");
}

TEST_P(RequestIdTest, MayBeAnyText) {
  for (const char* id : {"要求一", "A", "a", "3F2504E0-4F89-11D3-9A0C-0305E82C3301", "一 二"}) {
    const auto created = Send(admin(), CreateRequest("きた", id));
    ASSERT_EQ(Said(created), "OK") << id;
    EXPECT_EQ(Send(admin(), CreateRequest("きた", id))->name(), created->name()) << id;
  }
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `facilities`"), 5);
  EXPECT_EQ(Said(Send(admin(), CreateRequest("きた", std::string(65, 'x')))),
            "INVALID_ARGUMENT INVALID_REQUEST request_id:FIELD_TOO_LONG");
}

TEST_P(RequestIdTest, ValidateOnlyUsesNoIdUp) {
  auto request = CreateRequest("きた", "r1");
  request.set_validate_only(true);
  ASSERT_EQ(Said(Send(admin(), request)), "OK");
  request.set_validate_only(false);
  EXPECT_EQ(Said(Send(admin(), request)), "OK");
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `facilities`"), 1);
}

TEST_P(RequestIdTest, SixteenAtOnceHaveOneEffect) {
  for (int round = 0; round < 5; ++round) {
    const auto request = CreateRequest("きた", "round-" + std::to_string(round));
    std::vector<absl::StatusOr<registry_v1::Facility>> answers(16, absl::UnknownError(""));
    std::vector<std::thread> senders;
    for (auto& answer : answers) senders.emplace_back([&] { answer = Send(admin(), request); });
    for (std::thread& sender : senders) sender.join();
    std::string name;
    for (const auto& answer : answers) {
      if (!answer.ok()) {
        EXPECT_EQ(Said(answer), "ABORTED REQUEST_IN_FLIGHT");
        continue;
      }
      if (name.empty()) name = answer->name();
      EXPECT_EQ(answer->name(), name);
    }
    EXPECT_NE(name, "");
    EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `facilities`"), round + 1);
  }
}

TEST_P(RequestIdTest, IsKeptOverARestart) {
  const auto request = CreateRequest("きた", "r1");
  const auto created = Send(admin(), request);
  ASSERT_EQ(Said(created), "OK");
  server().Restart();
  const auto again = Send(admin(), request);
  ASSERT_EQ(Said(again), "OK");
  EXPECT_TRUE(MessageDifferencer::Equals(*created, *again));
  EXPECT_EQ(Said(Send(admin(), CreateRequest("みなみ", "r1"))),
            "INVALID_ARGUMENT REQUEST_ID_REUSED request_id:REQUEST_ID_REUSED");
}

TEST_P(RequestIdTest, AReplayIsCutByTodaysGrants) {
  CreateAreas();
  const Caller officer = CallerWith("officer", {"prefecture-officer@areas/310000"});
  auto request = CreateRequest("きた", "r1");
  request.mutable_facility()->set_area("areas/312011");
  const auto created = Send(officer, request);
  ASSERT_EQ(Said(created), "OK");
  ASSERT_EQ(Said(Send(officer, request)), "OK");
  Grant("officer", {AGrant("prefecture-officer", "areas/320005")});
  EXPECT_EQ(Said(Send(officer, request)), "NOT_FOUND FACILITY_NOT_FOUND");
}

TEST_P(RequestIdTest, AReplayIsMaskedByTodaysPurpose) {
  registry_v1::CreateNurseRequest request;
  *request.mutable_nurse() = ANurse("見本 花子", "");
  request.set_request_id("r1");
  const auto shown = reader().Call<registry_v1::Nurse>("registry.v1.NurseService/CreateNurse", request);
  ASSERT_EQ(Said(shown), "OK");
  EXPECT_EQ(shown->display_name(), "見本 花子");
  const auto masked = admin().Call<registry_v1::Nurse>("registry.v1.NurseService/CreateNurse", request);
  ASSERT_EQ(Said(masked), "OK");
  EXPECT_EQ(masked->name(), shown->name());
  EXPECT_EQ(masked->display_name(), "");
  EXPECT_EQ(masked->home_mesh(), "");
}

TEST_P(RequestIdTest, AKeyIsShownOnce) {
  Grant("robot", {AGrant("integrator", "*")});
  platform_v1::CreateApiKeyRequest request;
  request.set_parent("services/registry");
  request.mutable_api_key()->set_principal("robot");
  request.set_request_id("r1");
  const char* method = "platform.v1.AccessService/CreateApiKey";
  const auto first = admin().Call<platform_v1::CreateApiKeyResponse>(method, request);
  ASSERT_EQ(Said(first), "OK");
  EXPECT_NE(first->secret(), "");
  EXPECT_EQ(Said(admin().Call<platform_v1::CreateApiKeyResponse>(method, request)), "ALREADY_EXISTS API_KEY_EXISTS");
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `api_keys`"), 1);
}

}  // namespace
}  // namespace tsunagu::wire
