// Surveys: a form as data, a round that asks each municipality, answers from draft to lock.
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/due.pb.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/joint_group.pb.h"
#include "tsunagu/registry/v1/joint_group_member.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"
#include "tsunagu/registry/v1/survey_form.pb.h"
#include "tsunagu/registry/v1/survey_response.pb.h"
#include "tsunagu/registry/v1/survey_round.pb.h"

namespace tsunagu::wire {
namespace {

using testing::HasSubstr;
using Response = registry_v1::SurveyResponse;
using Round = registry_v1::SurveyRound;

constexpr char kTottori[] = "surveyRounds/r1/surveyResponses/312011";
constexpr char kIwami[] = "surveyRounds/r1/surveyResponses/313025";

class SurveyTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    Place("見本 一子", "areas/312011", registry_v1::PLACEMENT_STAGE_ACTUAL, 2049);
    Place("見本 二子", "areas/312011", registry_v1::PLACEMENT_STAGE_ACTUAL, 2049);
    Place("見本 三子", "areas/312011", registry_v1::PLACEMENT_STAGE_PLANNED, 2049);
    Place("見本 四子", "areas/312011", registry_v1::PLACEMENT_STAGE_ACTUAL, 2051);
    ASSERT_EQ(
        MakeForm("f1", R"pb(
          items { code: "placing" label: "配置の有無" kind: KIND_YES_NO required: true indicator: INDICATOR_PLACING }
          items { code: "persons" label: "配置人数" kind: KIND_NUMBER required: true indicator: INDICATOR_PERSONS }
          items { code: "planned" label: "配置予定" kind: KIND_NUMBER indicator: INDICATOR_PLANNED_PERSONS }
          items { code: "own" label: "直営" kind: KIND_NUMBER }
          items { code: "given" label: "委託" kind: KIND_NUMBER }
          totals { item: "persons" parts: "own" parts: "given" }
        )pb"),
        "OK");
  }

  template <typename M>
  absl::StatusOr<M> Ask(const Caller& caller, const std::string& method, const google::protobuf::Message& request) {
    return caller.Call<M>("registry.v1." + method, request);
  }

  void Place(const std::string& name, const std::string& body, registry_v1::PlacementStage stage, int year) {
    registry_v1::CreateCoordinatorRequest person;
    person.mutable_coordinator()->set_display_name(name);
    person.mutable_coordinator()->set_home_area("areas/312011");
    const auto made = Ask<registry_v1::Coordinator>(admin(), "CoordinatorService/CreateCoordinator", person);
    ASSERT_EQ(Said(made), "OK");
    registry_v1::CreatePlacementRequest request;
    request.mutable_placement()->set_coordinator(made->name());
    request.mutable_placement()->set_body(body);
    request.mutable_placement()->set_stage(stage);
    request.mutable_placement()->mutable_valid_from_date()->set_year(year);
    request.mutable_placement()->mutable_valid_from_date()->set_month(4);
    request.mutable_placement()->mutable_valid_from_date()->set_day(1);
    ASSERT_EQ(Said(Ask<registry_v1::Placement>(admin(), "PlacementService/CreatePlacement", request)), "OK");
  }

  std::string MakeForm(const std::string& id, const std::string& text) {
    registry_v1::CreateSurveyFormRequest request;
    request.set_survey_form_id(id);
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, request.mutable_survey_form()));
    request.mutable_survey_form()->set_display_name("見本調査票");
    return Said(Ask<registry_v1::SurveyForm>(admin(), "SurveyFormService/CreateSurveyForm", request));
  }

  absl::StatusOr<Round> Open(const std::string& id, const std::string& prefecture = "areas/310000", int due_month = 8) {
    registry_v1::CreateSurveyRoundRequest request;
    request.set_survey_round_id(id);
    Round& round = *request.mutable_survey_round();
    round.set_display_name("見本調査");
    round.set_form("surveyForms/f1");
    round.set_prefecture(prefecture);
    round.mutable_as_of_date()->set_year(2050);
    round.mutable_as_of_date()->set_month(8);
    round.mutable_as_of_date()->set_day(1);
    round.mutable_due_date()->set_year(2050);
    round.mutable_due_date()->set_month(due_month);
    round.mutable_due_date()->set_day(31);
    return Ask<Round>(admin(), "SurveyRoundService/CreateSurveyRound", request);
  }

  absl::StatusOr<Response> Get(const Caller& caller, const std::string& name) {
    registry_v1::GetSurveyResponseRequest request;
    request.set_name(name);
    return Ask<Response>(caller, "SurveyResponseService/GetSurveyResponse", request);
  }
  // "persons=2 own=1": these answers, the others as they are.
  absl::StatusOr<Response> Answer(const Caller& caller, const std::string& name,
                                  const std::map<std::string, std::string>& values) {
    auto response = Get(caller, name);
    if (!response.ok()) return response;
    for (auto& answer : *response->mutable_answers()) {
      const auto value = values.find(answer.item());
      if (value != values.end()) answer.set_value(value->second);
    }
    registry_v1::UpdateSurveyResponseRequest request;
    *request.mutable_survey_response() = *response;
    request.mutable_survey_response()->clear_etag();
    request.mutable_update_mask()->add_paths("answers");
    return Ask<Response>(caller, "SurveyResponseService/UpdateSurveyResponse", request);
  }
  std::string Submit(const Caller& caller, const std::string& name) {
    registry_v1::SubmitSurveyResponseRequest request;
    request.set_name(name);
    return Said(Ask<Response>(caller, "SurveyResponseService/SubmitSurveyResponse", request));
  }
  std::string Accept(const Caller& caller, const std::string& name) {
    registry_v1::AcceptSurveyResponseRequest request;
    request.set_name(name);
    return Said(Ask<Response>(caller, "SurveyResponseService/AcceptSurveyResponse", request));
  }
  std::string Return(const Caller& caller, const std::string& name, const std::string& item) {
    registry_v1::ReturnSurveyResponseRequest request;
    request.set_name(name);
    request.add_objections()->set_item(item);
    request.mutable_objections(0)->set_text("人数を確認してください。");
    return Said(Ask<Response>(caller, "SurveyResponseService/ReturnSurveyResponse", request));
  }
  std::string Lock(bool leave_out_others = false) {
    registry_v1::LockSurveyRoundRequest request;
    request.set_name("surveyRounds/r1");
    request.set_leave_out_others(leave_out_others);
    return Said(Ask<Round>(admin(), "SurveyRoundService/LockSurveyRound", request));
  }
};
WIRE_TEST_ON_BOTH(SurveyTest);

TEST_P(SurveyTest, ARoundAsksEachMunicipalityWithWhatIsKnown) {
  const auto round = Open("r1");
  ASSERT_EQ(Said(round), "OK");
  EXPECT_EQ(round->state(), Round::STATE_OPEN);
  registry_v1::ListSurveyResponsesRequest list;
  list.set_parent("surveyRounds/r1");
  const auto listed =
      Ask<registry_v1::ListSurveyResponsesResponse>(admin(), "SurveyResponseService/ListSurveyResponses", list);
  ASSERT_EQ(Said(listed), "OK");
  ASSERT_EQ(listed->survey_responses_size(), 2);
  const Response& tottori = listed->survey_responses(0);
  EXPECT_EQ(tottori.name(), kTottori);
  EXPECT_EQ(tottori.body(), "areas/312011");
  EXPECT_EQ(tottori.state(), Response::STATE_DRAFT);
  ASSERT_EQ(tottori.answers_size(), 5);
  EXPECT_EQ(tottori.answers(0).value(), "1");
  EXPECT_EQ(tottori.answers(1).value(), "2") << "whoever begins later is not counted";
  EXPECT_EQ(tottori.answers(1).provenance(), Response::PROVENANCE_ROWS);
  EXPECT_EQ(tottori.answers(2).value(), "1");
  EXPECT_EQ(tottori.answers(3).value(), "");
  const Response& iwami = listed->survey_responses(1);
  EXPECT_EQ(iwami.answers(0).value(), "0");
  EXPECT_EQ(iwami.answers(1).value(), "0");
}

TEST_P(SurveyTest, WhoIsPlacedTogetherCountsForEachMember) {
  registry_v1::CreateJointGroupRequest group;
  group.set_joint_group_id("east");
  group.mutable_joint_group()->set_display_name("東部共同");
  ASSERT_EQ(Said(Ask<registry_v1::JointGroup>(admin(), "JointGroupService/CreateJointGroup", group)), "OK");
  for (const char* area : {"areas/312011", "areas/313025"}) {
    registry_v1::CreateJointGroupMemberRequest member;
    member.mutable_joint_group_member()->set_joint_group("jointGroups/east");
    member.mutable_joint_group_member()->set_area(area);
    ASSERT_EQ(
        Said(Ask<registry_v1::JointGroupMember>(admin(), "JointGroupMemberService/CreateJointGroupMember", member)),
        "OK");
  }
  Place("見本 五子", "jointGroups/east", registry_v1::PLACEMENT_STAGE_ACTUAL, 2049);
  ASSERT_EQ(Said(Open("r1")), "OK");
  EXPECT_EQ(Get(admin(), kTottori)->answers(1).value(), "3");
  EXPECT_EQ(Get(admin(), kIwami)->answers(1).value(), "1");
}

TEST_P(SurveyTest, FromDraftToLock) {
  ASSERT_EQ(Said(Open("r1")), "OK");
  const Caller town = CallerWith("town", {"municipality-officer@areas/312011"});
  const Caller prefecture = CallerWith("pref", {"prefecture-officer@areas/310000"});
  // The answers of a body are compared with the registry's counts.
  const auto said = Answer(town, kTottori, {{"persons", "3"}, {"own", "1"}, {"given", "1"}});
  ASSERT_EQ(Said(said), "OK");
  EXPECT_EQ(said->answers(1).provenance(), Response::PROVENANCE_ATTESTED);
  EXPECT_EQ(said->answers(1).counted(), "2");
  EXPECT_EQ(Submit(town, kTottori), "INVALID_ARGUMENT INVALID_REQUEST answers:TOTAL_DIFFERS");
  ASSERT_EQ(Said(Answer(town, kTottori, {{"given", "2"}})), "OK");
  EXPECT_EQ(Accept(prefecture, kTottori), "FAILED_PRECONDITION SURVEY_STEP_OUT_OF_ORDER");
  ASSERT_EQ(Submit(town, kTottori), "OK");
  EXPECT_EQ(Submit(town, kTottori), "FAILED_PRECONDITION SURVEY_STEP_OUT_OF_ORDER");
  EXPECT_EQ(Said(Answer(town, kTottori, {{"given", "1"}})), "FAILED_PRECONDITION SURVEY_HANDED_IN");
  // Sent back, corrected, handed in again.
  EXPECT_EQ(Return(prefecture, kTottori, "nothing"),
            "INVALID_ARGUMENT INVALID_REQUEST objections[0].item:SURVEY_ITEM_UNKNOWN");
  ASSERT_EQ(Return(prefecture, kTottori, "persons"), "OK");
  EXPECT_EQ(Get(town, kTottori)->objections(0).item(), "persons");
  ASSERT_EQ(Said(Answer(town, kTottori, {{"persons", "2"}, {"given", "1"}})), "OK");
  ASSERT_EQ(Submit(town, kTottori), "OK");
  EXPECT_EQ(Get(town, kTottori)->objections_size(), 0);
  ASSERT_EQ(Accept(prefecture, kTottori), "OK");
  EXPECT_EQ(Get(town, kTottori)->answers(1).provenance(), Response::PROVENANCE_ROWS);
  // Locked for good.
  EXPECT_EQ(Lock(), "FAILED_PRECONDITION SURVEY_NOT_ACCEPTED");
  ASSERT_EQ(Lock(true), "OK");
  EXPECT_EQ(Lock(true), "FAILED_PRECONDITION SURVEY_LOCKED");
  EXPECT_EQ(Return(prefecture, kTottori, "persons"), "FAILED_PRECONDITION SURVEY_LOCKED");
  EXPECT_EQ(Submit(admin(), kIwami), "FAILED_PRECONDITION SURVEY_LOCKED");
  EXPECT_EQ(Said(Answer(admin(), kIwami, {{"persons", "1"}})), "FAILED_PRECONDITION SURVEY_LOCKED");
}

// On the day of the survey, whoever did so before or after.
TEST_P(SurveyTest, WhoAnswersDirectlyIsListedAndNotWaitedFor) {
  ASSERT_EQ(ImportCsv(admin(), "areaRoles",
                      "地域,役割,開始日,終了日\n312011,調査に直接回答,2050-08-01,\n313025,調査に直接回答,,2050-07-31\n")
                .summary,
            "2 rows: 2 created");
  ASSERT_EQ(Said(Open("r1")), "OK");
  registry_v1::ListSurveyResponsesRequest list;
  list.set_parent("surveyRounds/r1");
  list.set_filter("answers_directly = true");
  const auto directly =
      Ask<registry_v1::ListSurveyResponsesResponse>(admin(), "SurveyResponseService/ListSurveyResponses", list);
  ASSERT_EQ(Said(directly), "OK");
  ASSERT_EQ(directly->survey_responses_size(), 1);
  EXPECT_EQ(directly->survey_responses(0).name(), kTottori);
  platform_v1::ListDueRequest due;
  due.set_parent("services/registry");
  *due.mutable_until_date() = jp::ToDate(*jp::ParseDay("2050-12-31"));
  const auto listed = CallerWith("town", {"municipality-officer@areas/312011"})
                          .Call<platform_v1::ListDueResponse>("platform.v1.DueService/ListDue", due);
  ASSERT_EQ(Said(listed), "OK");
  ASSERT_EQ(listed->due_size(), 1);
  EXPECT_EQ(listed->due(0).kind(), "SURVEY_ANSWER_DIRECTLY");
  EXPECT_EQ(Lock(), "FAILED_PRECONDITION SURVEY_NOT_ACCEPTED") << "the other is waited for";
  ASSERT_EQ(Said(Answer(admin(), kIwami, {{"own", "0"}, {"given", "0"}})), "OK");
  ASSERT_EQ(Submit(admin(), kIwami), "OK");
  ASSERT_EQ(Accept(admin(), kIwami), "OK");
  EXPECT_EQ(Lock(), "OK");
}

TEST_P(SurveyTest, EachSeesAndWritesItsOwn) {
  ASSERT_EQ(Said(Open("r1")), "OK");
  const Caller town = CallerWith("town", {"municipality-officer@areas/312011"});
  const Caller elsewhere = CallerWith("shimane", {"prefecture-officer@areas/320005"});
  EXPECT_EQ(Said(Get(town, kTottori)), "OK");
  EXPECT_EQ(Said(Get(town, kIwami)), "NOT_FOUND SURVEY_RESPONSE_NOT_FOUND");
  EXPECT_EQ(Said(Get(elsewhere, kTottori)), "NOT_FOUND SURVEY_RESPONSE_NOT_FOUND");
  registry_v1::ListSurveyResponsesRequest list;
  list.set_parent("surveyRounds/-");
  const auto hers =
      Ask<registry_v1::ListSurveyResponsesResponse>(town, "SurveyResponseService/ListSurveyResponses", list);
  ASSERT_EQ(Said(hers), "OK");
  ASSERT_EQ(hers->survey_responses_size(), 1);
  EXPECT_EQ(hers->survey_responses(0).name(), kTottori);
  // Of one round, which she may not read, she lists her own all the same; to those who have none, it is not there.
  const auto of_one = [&](const Caller& caller, const std::string& round) {
    list.set_parent("surveyRounds/" + round);
    const auto listed =
        Ask<registry_v1::ListSurveyResponsesResponse>(caller, "SurveyResponseService/ListSurveyResponses", list);
    std::string said = Said(listed);
    if (listed.ok()) {
      for (const Response& one : listed->survey_responses()) absl::StrAppend(&said, " ", one.name());
    }
    return said;
  };
  const std::string not_there = "NOT_FOUND SURVEY_ROUND_NOT_FOUND parent:SURVEY_ROUND_NOT_FOUND";
  EXPECT_EQ(of_one(town, "r1"), absl::StrCat("OK ", kTottori));
  EXPECT_EQ(of_one(admin(), "r1"), absl::StrCat("OK ", kTottori, " ", kIwami));
  EXPECT_EQ(of_one(elsewhere, "r1"), not_there);
  EXPECT_EQ(of_one(town, "r2"), not_there);
  EXPECT_EQ(Accept(town, kTottori), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(Lock(), "FAILED_PRECONDITION SURVEY_NOT_ACCEPTED");
  EXPECT_EQ(Said(Ask<Round>(town, "SurveyRoundService/LockSurveyRound", registry_v1::LockSurveyRoundRequest())),
            "PERMISSION_DENIED PERMISSION_DENIED");
}

TEST_P(SurveyTest, WhatCannotBeAsked) {
  EXPECT_THAT(Said(Open("r1", "areas/312011")), HasSubstr("SURVEY_NOBODY_TO_ASK"));
  EXPECT_EQ(Said(Open("r1", "areas/310000", 7)),
            "INVALID_ARGUMENT INVALID_REQUEST survey_round.due_date:SURVEY_DUE_BEFORE_DAY");
  ASSERT_EQ(Said(Open("r1")), "OK");
  registry_v1::UpdateSurveyFormRequest request;
  request.mutable_survey_form()->set_name("surveyForms/f1");
  request.mutable_survey_form()->set_display_name("別の調査票");
  request.mutable_update_mask()->add_paths("display_name");
  EXPECT_EQ(Said(Ask<registry_v1::SurveyForm>(admin(), "SurveyFormService/UpdateSurveyForm", request)),
            "FAILED_PRECONDITION SURVEY_FORM_IN_USE");
}

TEST_P(SurveyTest, ANewDueDateIsToldToAllThatAreAsked) {
  ASSERT_EQ(Said(Open("r1")), "OK");
  const Caller town = CallerWith("town", {"municipality-officer@areas/312011"});
  ASSERT_EQ(Said(Answer(town, kTottori, {{"own", "2"}})), "OK");
  ASSERT_EQ(Submit(town, kTottori), "OK");
  registry_v1::UpdateSurveyRoundRequest request;
  request.mutable_survey_round()->set_name("surveyRounds/r1");
  request.mutable_survey_round()->mutable_due_date()->set_year(2050);
  request.mutable_survey_round()->mutable_due_date()->set_month(9);
  request.mutable_survey_round()->mutable_due_date()->set_day(15);
  request.mutable_update_mask()->add_paths("due_date");
  ASSERT_EQ(Said(Ask<Round>(admin(), "SurveyRoundService/UpdateSurveyRound", request)), "OK");
  EXPECT_EQ(Get(town, kTottori)->due_date().month(), 9);
  EXPECT_EQ(Get(admin(), kIwami)->due_date().day(), 15);
}

TEST_P(SurveyTest, WhatWaitsIsToldToTheBodyWhileItCanBeAnswered) {
  ASSERT_EQ(Said(Open("r1")), "OK");
  const Caller town = CallerWith("town", {"municipality-officer@areas/312011"});
  const auto due = [&] {
    platform_v1::ListDueRequest request;
    request.set_parent("services/registry");
    request.mutable_until_date()->set_year(2050);
    request.mutable_until_date()->set_month(9);
    request.mutable_until_date()->set_day(1);
    const auto listed = town.Call<platform_v1::ListDueResponse>("platform.v1.DueService/ListDue", request);
    EXPECT_EQ(Said(listed), "OK");
    std::string told;
    for (const auto& item : listed->due()) absl::StrAppend(&told, item.kind(), " ", item.resource_name(), ";");
    return told;
  };
  EXPECT_EQ(due(), absl::StrCat("SURVEY_UNANSWERED ", kTottori, ";"));
  ASSERT_EQ(Said(Answer(town, kTottori, {{"own", "2"}})), "OK");
  ASSERT_EQ(Submit(town, kTottori), "OK");
  EXPECT_EQ(due(), "");
  ASSERT_EQ(Return(admin(), kTottori, "own"), "OK");
  EXPECT_EQ(due(), absl::StrCat("SURVEY_RETURNED ", kTottori, ";"));
  ASSERT_EQ(Lock(true), "OK");
  EXPECT_EQ(due(), "") << "nobody can answer it any more";
}

// A form cannot change from the moment that a survey uses it.
TEST_P(SurveyTest, EightWhoChangeAFormWhileItIsAskedBy) {
  const auto told = EightAtOnce([&](int writer) {
    if (writer == 0) return "open " + Said(Open("r1"));
    registry_v1::UpdateSurveyFormRequest request;
    request.mutable_survey_form()->set_name("surveyForms/f1");
    auto& item = *request.mutable_survey_form()->add_items();
    item.set_code(absl::StrCat("w", writer));
    item.set_label("人数");
    item.set_kind(registry_v1::SurveyForm::KIND_NUMBER);
    request.mutable_update_mask()->add_paths("items");
    request.mutable_update_mask()->add_paths("totals");
    return Said(Ask<registry_v1::SurveyForm>(admin(), "SurveyFormService/UpdateSurveyForm", request));
  });
  EXPECT_EQ(told.count("open OK"), 1u) << testing::PrintToString(told);
  registry_v1::GetSurveyFormRequest request;
  request.set_name("surveyForms/f1");
  const auto form = Ask<registry_v1::SurveyForm>(admin(), "SurveyFormService/GetSurveyForm", request);
  ASSERT_EQ(Said(form), "OK");
  const auto response = Get(admin(), kTottori);
  ASSERT_EQ(Said(response), "OK");
  ASSERT_EQ(response->answers_size(), form->items_size());
  for (int i = 0; i < form->items_size(); ++i) EXPECT_EQ(response->answers(i).item(), form->items(i).code());
}

// Nothing in a locked round changes, even with concurrent writers.
TEST_P(SurveyTest, EightWhoAnswerWhileItIsLocked) {
  ASSERT_EQ(Said(Open("r1")), "OK");
  const auto told = EightAtOnce([&](int writer) {
    if (writer == 0) return "lock " + Lock(true);
    return Said(Answer(admin(), writer % 2 == 0 ? kTottori : kIwami, {{"own", std::to_string(writer)}}));
  });
  EXPECT_EQ(told.count("lock OK"), 1u) << testing::PrintToString(told);
  registry_v1::GetSurveyRoundRequest request;
  request.set_name("surveyRounds/r1");
  const auto round = Ask<Round>(admin(), "SurveyRoundService/GetSurveyRound", request);
  ASSERT_EQ(Said(round), "OK");
  for (const char* name : {kTottori, kIwami}) {
    const auto response = Get(admin(), name);
    ASSERT_EQ(Said(response), "OK");
    EXPECT_LE(google::protobuf::util::TimeUtil::TimestampToMicroseconds(response->update_time()),
              google::protobuf::util::TimeUtil::TimestampToMicroseconds(round->lock_time()));
  }
  for (const auto& [said, count] : told) {
    EXPECT_THAT(said, testing::AnyOf("lock OK", "OK", "FAILED_PRECONDITION SURVEY_LOCKED", HasSubstr("ETAG_MISMATCH")));
  }
}

}  // namespace
}  // namespace tsunagu::wire
