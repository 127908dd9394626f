// Councils, their meetings, local issues and targets of plans: their rules on each way in, and who keeps them.
#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/council_test_base.h"
#include "tests/wire/eight_writers.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

using CouncilTest = CouncilTestBase;

constexpr char kTown[] = "level: COUNCIL_LEVEL_MUNICIPALITY convener: 'areas/312011' ";

TEST_P(CouncilTest, EveryFaultOfACouncilIsToldAtOnce) {
  EXPECT_EQ(Said(MakeCouncil(kTown)), "OK");
  EXPECT_EQ(Said(MakeCouncil("level: COUNCIL_LEVEL_REGION convener: 'areas/310000' region: 'regions/none' "
                             "sharing: COUNCIL_SHARING_JOINT areas: 'areas/310000'")),
            "INVALID_ARGUMENT INVALID_REQUEST council.areas:JOINT_COUNCIL_ALONE council.areas[0]:AREA_SERVED_TWICE "
            "council.region:REFERENCE_NOT_FOUND");
  Create(AnArea("140007", registry_v1::AREA_KIND_PREFECTURE, "見本県", ""));
  Create(AnArea("141003", registry_v1::AREA_KIND_DESIGNATED_CITY, "見本市", "areas/140007"));
  Create(AnArea("141011", registry_v1::AREA_KIND_WARD, "見本市見本区", "areas/141003"));
  EXPECT_EQ(Said(MakeCouncil("level: COUNCIL_LEVEL_MUNICIPALITY convener: 'areas/141011'")),
            "INVALID_ARGUMENT INVALID_REQUEST council.convener:WARD_IS_NO_BODY");
  EXPECT_EQ(Said(MakeCouncil(absl::StrCat(kTown, "areas: 'areas/141011'"))),
            "INVALID_ARGUMENT INVALID_REQUEST council.areas[0]:WARD_IS_NO_BODY");
}

TEST_P(CouncilTest, MeetsWhileItExistsInFact) {
  const std::string planned = MakeCouncil(absl::StrCat(kTown, "stage: COUNCIL_STAGE_PLANNED"))->name();
  EXPECT_EQ(Said(Meet(planned, "2049-06-01")), "INVALID_ARGUMENT INVALID_REQUEST meeting.held_date:MEETING_OF_PLANNED");
  const std::string council = MakeCouncil(kTown)->name();
  EXPECT_EQ(Said(Meet(council, "2039-06-01")),
            "INVALID_ARGUMENT INVALID_REQUEST meeting.held_date:MEETING_OUTSIDE_COUNCIL");
  EXPECT_EQ(Said(Meet(council, "2050-05-01", "だれかを決めた")),
            "INVALID_ARGUMENT INVALID_REQUEST meeting.decisions:DECISIONS_AHEAD");
  EXPECT_EQ(Said(Meet(council, "2049-06-01", "専門部会を置く")), "OK");
  const std::string has_met = "INVALID_ARGUMENT INVALID_REQUEST ";
  EXPECT_EQ(Said(End(council, "2049-05-31")), has_met + "valid_to_date:COUNCIL_HAS_MET");
  EXPECT_EQ(Said(Change("name: '" + council + "' stage: COUNCIL_STAGE_PLANNED", "stage")),
            has_met + "council.stage:COUNCIL_HAS_MET");
  EXPECT_EQ(Said(Change("name: '" + council + "' valid_from_date { year: 2049 month: 6 day: 2 }", "valid_from_date")),
            has_met + "council.valid_from_date:COUNCIL_HAS_MET");
  EXPECT_EQ(Said(End(council, "2049-06-01")), "OK");
  EXPECT_EQ(Said(Meet(council, "2049-06-01")), "FAILED_PRECONDITION PARENT_ENDED parent:PARENT_ENDED") << "it is over";
}

// Some end a council before a day, others enter a meeting on that day: only one kind succeeds.
TEST_P(CouncilTest, EightWritersMeetOrEndIt) {
  for (int round = 0; round < 3; ++round) {
    const std::string council = MakeCouncil(kTown)->name();
    EightAtOnce(
        [&](int i) { return i % 2 == 0 ? Said(Meet(council, "2051-06-01")) : Said(End(council, "2051-05-31")); });
    registry_v1::ListMeetingsRequest request;
    request.set_parent(council);
    const auto meetings =
        admin().Call<registry_v1::ListMeetingsResponse>("registry.v1.MeetingService/ListMeetings", request);
    ASSERT_EQ(Said(meetings), "OK");
    EXPECT_NE(meetings->meetings_size() > 0, Get(admin(), council)->has_valid_to_date());
  }
}

TEST_P(CouncilTest, IsKeptByItsBodiesAndSeenFromAbove) {
  const auto region = Make<registry_v1::Region, registry_v1::CreateRegionRequest>(
      "registry.v1.RegionService/CreateRegion",
      "region_id: 'east' region { display_name: '見本圏域' kind: REGION_KIND_DISABILITY_WELFARE prefecture: "
      "'areas/310000' }");
  ASSERT_EQ(Said(region), "OK");
  const std::string own = MakeCouncil(kTown)->name();
  const std::string shared = MakeCouncil(absl::StrCat(kTown, "areas: 'areas/313025'"))->name();
  const std::string of_region =
      MakeCouncil("level: COUNCIL_LEVEL_REGION convener: 'areas/312011' region: 'regions/east'")->name();
  const std::string elsewhere = MakeCouncil("level: COUNCIL_LEVEL_MUNICIPALITY convener: 'areas/322016'")->name();
  struct Case {
    const char* grant;
    std::string sees;
  };
  const Case cases[] = {
      {"municipality-officer@areas/312011", "yyy-"}, {"municipality-officer@areas/313025", "-y--"},
      {"prefecture-officer@areas/310000", "yyy-"},   {"prefecture-officer@areas/320005", "---y"},
      {"prefecture-officer@regions/east", "--y-"},
  };
  int n = 0;
  for (const Case& c : cases) {
    const Caller caller = CallerWith(absl::StrCat("caller-", n++), {c.grant});
    std::string sees;
    for (const std::string& council : {own, shared, of_region, elsewhere}) {
      const std::string said = Said(Get(caller, council));
      sees += said == "OK" ? "y" : said == "NOT_FOUND COUNCIL_NOT_FOUND" ? "-" : "?";
      EXPECT_EQ(Said(Meet(council, "2049-06-01", "", &caller)) == "OK", said == "OK") << c.grant;
    }
    EXPECT_EQ(sees, c.sees) << c.grant;
  }
}

TEST_P(CouncilTest, AnIssueLeadsFromAMeetingToAMeasure) {
  const std::string council = MakeCouncil(kTown)->name(), meeting = Meet(council, "2049-06-01")->name();
  const std::string raised = absl::StrCat("area: 'areas/312011' title: '通学の付添い' council: '", council,
                                          "' meeting: '", meeting, "' raised_date { year: 2049 month: 6 day: 1 } ");
  const auto issue = MakeIssue(raised + "state: ISSUE_STATE_OPEN");
  ASSERT_EQ(Said(issue), "OK");
  EXPECT_EQ(Said(MakeIssue(raised + "state: ISSUE_STATE_DONE funded_by: 'somebody'")),
            "INVALID_ARGUMENT INVALID_REQUEST local_issue.decided_date:ISSUE_DATE_MISSING "
            "local_issue.done_date:ISSUE_DATE_MISSING local_issue.funded_by:FUNDING_NOT_NAMED "
            "local_issue.measure:MEASURE_NOT_SAID");
  registry_v1::UpdateLocalIssueRequest update = Read<registry_v1::UpdateLocalIssueRequest>(
      absl::StrCat("local_issue { name: '", issue->name(),
                   "' state: ISSUE_STATE_DECIDED measure: '看護職員の派遣' decided_date { year: 2049 "
                   "month: 9 day: 1 } funded_by: 'programmes/r32' } update_mask { paths: 'state' paths: 'measure' "
                   "paths: 'decided_date' "
                   "paths: 'funded_by' }"));
  const auto decided = admin().Call<registry_v1::LocalIssue>("registry.v1.LocalIssueService/UpdateLocalIssue", update);
  ASSERT_EQ(Said(decided), "OK") << "the subsidy service is not there";
  EXPECT_EQ(decided->funded_by(), "programmes/r32");
}

TEST_P(CouncilTest, OneTargetOfEachBodyYearAndIndicator) {
  const std::string one = "body: 'areas/312011' fiscal_year: 2049 indicator: PLAN_INDICATOR_COORDINATORS target: 3";
  const auto first = MakeTarget(one);
  ASSERT_EQ(Said(first), "OK");
  struct Case {
    const char* name;
    const char* target;
    const char* said;
  };
  const Case cases[] = {
      {"the same", "body: 'areas/312011' fiscal_year: 2049 indicator: PLAN_INDICATOR_COORDINATORS target: 4",
       "INVALID_ARGUMENT INVALID_REQUEST plan_target.indicator:TARGET_REPEATED"},
      {"another body", "body: 'areas/313025' fiscal_year: 2049 indicator: PLAN_INDICATOR_COORDINATORS target: 0", "OK"},
      {"another year", "body: 'areas/312011' fiscal_year: 2050 indicator: PLAN_INDICATOR_COORDINATORS target: 4", "OK"},
      {"another indicator", "body: 'areas/312011' fiscal_year: 2049 indicator: PLAN_INDICATOR_COUNCILS target: 1",
       "OK"},
      {"without a number", "body: 'areas/322016' fiscal_year: 2049 indicator: PLAN_INDICATOR_COUNCILS",
       "INVALID_ARGUMENT INVALID_REQUEST plan_target.target:FIELD_REQUIRED"},
      {"below 0", "body: 'areas/322016' fiscal_year: 2049 indicator: PLAN_INDICATOR_COUNCILS target: -1",
       "INVALID_ARGUMENT INVALID_REQUEST plan_target.target:OUT_OF_RANGE"},
  };
  for (const Case& c : cases) EXPECT_EQ(Said(MakeTarget(c.target)), c.said) << c.name;
  auto update = Read<registry_v1::UpdatePlanTargetRequest>(
      absl::StrCat("plan_target { name: '", first->name(), "' target: 5 } update_mask { paths: 'target' }"));
  EXPECT_EQ(Said(admin().Call<registry_v1::PlanTarget>("registry.v1.PlanTargetService/UpdatePlanTarget", update)),
            "OK");
  EXPECT_THAT(
      ImportCsv(admin(), "planTargets", "団体,年度,指標,目標値\nareas/312011,2049,コーディネーターの配置人数,9\n").rows,
      ElementsAre(HasSubstr("TARGET_REPEATED")));
}

TEST_P(CouncilTest, EightWritersSetOneTarget) {
  for (int round = 0; round < 3; ++round) {
    const std::string year = absl::StrCat(2060 + round);
    const auto told = EightAtOnce([&](int i) -> std::string {
      if (i % 2 == 0) {
        return Said(
                   MakeTarget("body: 'areas/312011' indicator: PLAN_INDICATOR_COUNCILS target: 1 fiscal_year: " + year))
                           .find("TARGET_REPEATED") == std::string::npos
                   ? "set"
                   : "repeated";
      }
      const Imported file = ImportCsv(admin(), "planTargets",
                                      "body,fiscal_year,indicator,target\nareas/312011," + year + ",COUNCILS,1\n");
      return file.counts.created_count() == 1 ? "set" : "repeated";
    });
    EXPECT_THAT(told, ElementsAre(Pair("repeated", 7), Pair("set", 1)));
  }
}

// Out of one installation and into it again, by their Japanese headings, as text and as workbooks.
TEST_P(CouncilTest, GoOutInFilesAndComeBack) {
  const std::string council =
      MakeCouncil(absl::StrCat(kTown, "areas: 'areas/313025' areas: 'areas/322016' family_members: 2"))->name();
  const std::string meeting = Meet(council, "2049-06-01", "専門部会を置く")->name();
  const auto issue =
      MakeIssue(absl::StrCat("area: 'areas/312011' title: '通学の付添い' state: ISSUE_STATE_OPEN council: '", council,
                             "' meeting: '", meeting, "' raised_date { year: 2049 month: 6 day: 1 }"));
  ASSERT_EQ(Said(issue), "OK");
  EXPECT_EQ(Said(MakeTarget("body: 'areas/312011' fiscal_year: 2049 indicator: PLAN_INDICATOR_COORDINATORS target: 0")),
            "OK");
  for (const char* collection : {"councils", "meetings", "localIssues", "planTargets"}) {
    const Exported csv = ExportCsv(admin().In(Language::kJapanese), collection);
    ASSERT_EQ(Said(csv.status), "OK") << collection;
    EXPECT_EQ(ImportCsv(admin(), collection, csv.file).summary, "1 rows: 1 unchanged") << collection << "\n"
                                                                                       << csv.file;
    const Exported workbook = ExportWorkbook(admin(), collection);
    EXPECT_EQ(ImportWorkbook(admin(), collection, workbook.file).summary, "1 rows: 1 unchanged") << collection;
  }
  const Imported file =
      ImportCsv(admin(), "councils",
                "名称,設置区分,設置団体,対象地域,設置形態,単独・共同,段階,開始日,委員数（家族）\n"
                "見本の会,市区町村,areas/312011,areas/313025;areas/322016,自立支援協議会の部会,共同,実績,R21.4.1,3\n");
  EXPECT_EQ(file.summary, "1 rows: 1 created") << testing::PrintToString(file.rows);
}

TEST_P(CouncilTest, WhatWaitsIsDue) {
  // Today is 2050-04-03; the year ends on 2051-03-31.
  const std::string idle = MakeCouncil(kTown)->name();
  const std::string ends = MakeCouncil(absl::StrCat(kTown, "valid_to_date { year: 2050 month: 9 day: 30 }"))->name();
  EXPECT_EQ(Said(MakeCouncil(absl::StrCat(kTown, "stage: COUNCIL_STAGE_PLANNED"))), "OK");
  EXPECT_EQ(Said(Meet(MakeCouncil(kTown)->name(), "2050-04-01")), "OK");
  EXPECT_EQ(Said(Meet(MakeCouncil(kTown)->name(), "2050-12-01")), "OK") << "one that will meet";
  EXPECT_EQ(Said(Meet(idle, "2050-03-31")), "OK") << "last year";
  const std::string target =
      MakeTarget("body: 'areas/312011' fiscal_year: 2049 indicator: PLAN_INDICATOR_COORDINATORS target: 3")->name();
  EXPECT_EQ(Said(MakeTarget("body: 'areas/312011' fiscal_year: 2049 indicator: PLAN_INDICATOR_COUNCILS target: 1")),
            "OK");
  EXPECT_EQ(Said(MakeTarget("body: 'areas/312011' fiscal_year: 2050 indicator: PLAN_INDICATOR_COUNCILS target: 1")),
            "OK");
  EXPECT_EQ(Said(MakeTarget("body: 'areas/312011' fiscal_year: 2048 indicator: PLAN_INDICATOR_MEETINGS target: 1")),
            "OK");
  const auto due = [](const Caller& caller, const char* until) {
    platform_v1::ListDueRequest request;
    request.set_parent("services/registry");
    *request.mutable_until_date() = Day(until);
    std::vector<std::string> items;
    const auto listed = caller.Call<platform_v1::ListDueResponse>("platform.v1.DueService/ListDue", request);
    if (!listed.ok()) return std::vector<std::string>{Said(listed)};
    for (const auto& item : listed->due()) {
      items.push_back(
          absl::StrCat(jp::FormatIso(jp::DayOf(item.due_date())), " ", item.kind(), " ", item.resource_name()));
    }
    return items;
  };
  const std::string missing = "2050-04-03 TARGET_MISSING " + target, last = "2051-03-31 COUNCIL_HAS_NOT_MET " + idle,
                    sooner = "2050-09-30 COUNCIL_HAS_NOT_MET " + ends;
  EXPECT_THAT(due(admin(), "2051-03-31"), ElementsAre(missing, sooner, last));
  EXPECT_THAT(due(admin(), "2051-03-30"), ElementsAre(missing, sooner));
  EXPECT_THAT(due(CallerWith("town", {"municipality-officer@areas/312011"}), "2060-03-31"),
              ElementsAre(missing, sooner, last));
  EXPECT_THAT(due(CallerWith("other", {"municipality-officer@areas/313025"}), "2060-03-31"), testing::IsEmpty());
}

WIRE_TEST_ON_BOTH(CouncilTest);

}  // namespace
}  // namespace tsunagu::wire
