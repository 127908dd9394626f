// How ways to work are measured: dated rules with a road factor and a table of minutes, from a file to the explanation
// of a round.
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/day.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tests/wire/tables.h"
#include "tsunagu/matching/v1/commute_rule.pb.h"
#include "tsunagu/matching/v1/recommendation.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"
#include "tsunagu/matching/v1/travel_time.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr char kHome[] = "53341188";  // 846 m from akane

class CommuteTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    EXPECT_EQ(ImportCsv(admin(), "facilities",
                        "facility_id,display_name,area,latitude_e6,longitude_e6\n"
                        "akane,見本あかね,areas/312011,35495111,134231278\n"
                        "umi,見本うみ,areas/313025,35575000,134335000\n")
                  .summary,
              "2 rows: 2 created");
    EXPECT_EQ(ImportCsv(admin(), "openings",
                        "opening_id,facility,area,display_name,posts,weekly_minutes\n"
                        "akane,facilities/akane,areas/312011,一,1,900\numi,facilities/umi,areas/313025,二,1,900\n")
                  .summary,
              "2 rows: 2 created");
    EXPECT_EQ(ImportCsv(reader(), "nurses",
                        absl::StrCat("source_key,display_name,weekly_minutes,licence,home_mesh,home_area,"
                                     "commute_limit_metres,commute_limit_minutes,seeking\nm,見本,1200,NURSE,",
                                     kHome, ",areas/312011,1000,20,true\nk,見本二,1200,NURSE,", kHome,
                                     ",areas/312011,1000,,true\n"))
                  .summary,
              "2 rows: 2 created");
  }
  void ImportRules(const std::string& rows, const std::string& summary = "1 rows: 1 created") {
    const Imported rules =
        ImportCsv(admin(), "commuteRules",
                  absl::StrCat("commute_rule_id,area,road_factor_permille,valid_from_date,valid_to_date\n", rows));
    EXPECT_EQ(rules.summary, summary) << absl::StrJoin(rules.rows, "; ");
  }
  void ImportTimes(const std::string& rows, const std::string& summary) {
    const Imported times = ImportCsv(admin(), "travelTimes",
                                     absl::StrCat("commute_rule,travel_time_id,origin,destination,minutes\n", rows));
    EXPECT_EQ(times.summary, summary) << absl::StrJoin(times.rows, "; ");
  }
  absl::StatusOr<matching_v1::TravelTime> Create(const std::string& origin, const std::string& destination,
                                                 const std::string& rule = "r") {
    matching_v1::CreateTravelTimeRequest request;
    request.set_parent("commuteRules/" + rule);
    request.mutable_travel_time()->set_origin(origin);
    request.mutable_travel_time()->set_destination(destination);
    request.mutable_travel_time()->set_minutes(10);
    return admin().Call<matching_v1::TravelTime>("matching.v1.TravelTimeService/CreateTravelTime", request);
  }
  // "akane", or "umi TRAVEL_TIME 5 min"; the first is who goes by minutes.
  std::vector<std::string> Openings(int minutes) {
    matching_v1::RecommendOpeningsRequest request;
    auto& person = *request.mutable_person();
    person.set_name("nurses/-");
    person.set_licence(registry_v1::LICENCE_NURSE);
    person.set_weekly_minutes(1200);
    person.set_home_mesh(kHome);
    person.set_home_area("areas/312011");
    person.set_commute_limit_metres(1000);
    person.set_commute_limit_minutes(minutes);
    request.set_operator_code("areas/310000");
    request.set_legal_basis("legalBases/p");
    const auto told = reader().Call<matching_v1::RecommendOpeningsResponse>(
        "matching.v1.RecommendationService/RecommendOpenings", request);
    EXPECT_EQ(Said(told), "OK");
    std::vector<std::string> rows;
    if (!told.ok()) return rows;
    for (const auto& row : told->candidates())
      rows.push_back(absl::StrCat(row.opening().substr(9), ": ", row.way().text().en()));
    for (const auto& row : told->near_misses()) {
      rows.push_back(absl::StrCat(row.opening().substr(9), " ", matching_v1::Blocker_Name(row.blocker()).substr(8), " ",
                                  row.extra_metres(), " m ", row.extra_travel_minutes(), " min"));
    }
    for (const auto& way : told->counts().ways()) rows.push_back(way.text().en());
    return rows;
  }
  void AddBasis() {
    EXPECT_EQ(ImportCsv(admin(), "legalBases",
                        "legal_basis_id,operator_code,area,kind,number,opening_kinds\n"
                        "p,areas/310000,areas/310000,NOTICE,1,EMPLOYMENT\n")
                  .summary,
              "1 rows: 1 created");
  }
};
WIRE_TEST_ON_BOTH(CommuteTest);

TEST_P(CommuteTest, ATableComesFromAFileAndTellsAllItsFaults) {
  ImportRules("r,areas/310000,1300,2050-04-01,\n");
  const Table table = {{"通勤の基準", "出発地", "到着地", "所要時間（分）"},
                       {"commuteRules/r", kHome, "facilities/akane", "12"},
                       {"commuteRules/r", "areas/312011", "53341199", "25"}};
  EXPECT_EQ(ImportWorkbook(admin(), "travelTimes", WorkbookOf(table)).summary, "2 rows: 2 created");
  EXPECT_EQ(Said(Create("312011", "akane")),
            "INVALID_ARGUMENT INVALID_REQUEST travel_time.destination:TRAVEL_DESTINATION_UNKNOWN "
            "travel_time.origin:TRAVEL_ORIGIN_UNKNOWN");
  EXPECT_EQ(Said(Create(kHome, "facilities/akane")),
            "INVALID_ARGUMENT INVALID_REQUEST travel_time.destination:TRAVEL_TIME_REPEATED");
  EXPECT_EQ(Said(Create(kHome, "facilities/akane", "none")),
            "NOT_FOUND COMMUTE_RULE_NOT_FOUND parent:COMMUTE_RULE_NOT_FOUND");
  ImportTimes("r,,53341188,facilities/umi,1441\n", "1 rows: 1 refused");
}

TEST_P(CommuteTest, AnAreaHasOneRuleOnADay) {
  ImportRules("r,areas/310000,1300,2050-04-01,2051-03-31\n");
  ImportRules("next,areas/310000,1400,2051-04-01,\n");
  ImportRules("same,areas/310000,1400,2051-03-31,2051-03-31\n", "1 rows: 1 refused");
  ImportRules("short,areas/312011,999,,\n", "1 rows: 1 refused");
  ImportRules("town,areas/312011,1000,,\n");
}

// The error must not reveal whether the neighbours have a rule on that day.
TEST_P(CommuteTest, WhoeverMayNotMakeItThereIsNotToldWhatIsThere) {
  ImportRules("r,areas/310000,1300,2050-04-01,2051-03-31\n");
  const Caller shimane = CallerWith("shimane", {"prefecture-officer@areas/320005"}, "matching");
  for (const char* area : {"areas/310000", "areas/330001"}) {
    matching_v1::CreateCommuteRuleRequest request;
    request.mutable_commute_rule()->set_area(area);
    request.mutable_commute_rule()->set_road_factor_permille(1300);
    *request.mutable_commute_rule()->mutable_valid_from_date() = Day("2050-06-01");
    const char kOutside[] = "PERMISSION_DENIED OUT_OF_SCOPE";
    const auto said = [&] {
      return Said(shimane.Call<matching_v1::CommuteRule>("matching.v1.CommuteRuleService/CreateCommuteRule", request));
    };
    EXPECT_EQ(said(), kOutside) << area;
    request.set_validate_only(true);
    EXPECT_EQ(said(), kOutside) << area;
    const Imported imported =
        ImportCsv(shimane, "commuteRules",
                  absl::StrCat("area,road_factor_permille,valid_from_date\n", area, ",1300,2050-06-01\n"));
    EXPECT_THAT(imported.rows, ElementsAre("2 refused :OUT_OF_SCOPE")) << area;
    // Faults of the record itself are reported all the same.
    request.mutable_commute_rule()->set_road_factor_permille(1);
    EXPECT_EQ(said(), "INVALID_ARGUMENT INVALID_REQUEST commute_rule.road_factor_permille:OUT_OF_RANGE") << area;
  }
}

TEST_P(CommuteTest, OneOfEightRulesIsThatOfTheDay) {
  const auto outcome = [](const std::string& said) {
    return absl::StrContains(said, "PERIODS_OVERLAP") ? "overlap" : said;
  };
  const auto create = [&] {
    matching_v1::CreateCommuteRuleRequest request;
    request.mutable_commute_rule()->set_area("areas/310000");
    request.mutable_commute_rule()->set_road_factor_permille(1300);
    *request.mutable_commute_rule()->mutable_valid_from_date() = Day("2060-01-01");
    *request.mutable_commute_rule()->mutable_valid_to_date() = Day("2060-12-31");
    return outcome(
        Said(admin().Call<matching_v1::CommuteRule>("matching.v1.CommuteRuleService/CreateCommuteRule", request)));
  };
  // Moves a record from its own month into the year that all writers want.
  const auto move = [&](int i) {
    matching_v1::UpdateCommuteRuleRequest request;
    request.mutable_commute_rule()->set_name(absl::StrCat("commuteRules/own", i));
    *request.mutable_commute_rule()->mutable_valid_to_date() = Day("2060-06-30");
    request.mutable_update_mask()->add_paths("valid_to_date");
    *request.mutable_commute_rule()->mutable_valid_from_date() = Day("2060-06-01");
    request.mutable_update_mask()->add_paths("valid_from_date");
    return outcome(
        Said(admin().Call<matching_v1::CommuteRule>("matching.v1.CommuteRuleService/UpdateCommuteRule", request)));
  };
  const auto import = [&] {
    const Imported rules = ImportCsv(admin(), "commuteRules",
                                     "area,road_factor_permille,valid_from_date,valid_to_date\n"
                                     "areas/310000,1300,2060-01-01,2060-12-31\n");
    if (rules.counts.created_count() == 1) return std::string("OK");
    return rules.rows.size() == 1 ? outcome(rules.rows[0]) : rules.summary;
  };
  for (int i = 0; i < 8; ++i) {
    ImportRules(absl::StrCat("own", i, ",areas/310000,1300,205", i, "-01-01,205", i, "-01-31\n"));
  }
  EXPECT_THAT(EightAtOnce([&](int i) { return i < 3   ? create()
                                              : i < 6 ? move(i)
                                                      : import(); }),
              UnorderedElementsAre(Pair("OK", 1), Pair("overlap", 7)));
}

TEST_P(CommuteTest, OneOfEightEntersAWay) {
  ImportRules("r,areas/310000,1300,2050-04-01,\n");
  const auto told = EightAtOnce([&](int) { return Said(Create(kHome, "facilities/akane")); });
  EXPECT_THAT(told, UnorderedElementsAre(
                        Pair("OK", 1),
                        Pair("INVALID_ARGUMENT INVALID_REQUEST travel_time.destination:TRAVEL_TIME_REPEATED", 7)));
}

TEST_P(CommuteTest, ARecommendationGoesByTheRuleOfTheDay) {
  AddBasis();
  EXPECT_THAT(Openings(20), ElementsAre("akane: 0.8 km in a straight line", HasSubstr("umi DISTANCE ")));
  ImportRules("old,areas/310000,5000,,2050-04-02\n");  // over since yesterday
  ImportRules("r,areas/310000,1100,2050-04-03,\n");
  EXPECT_THAT(Openings(20), ElementsAre("akane: 0.8 km in a straight line × 1.100 = 0.9 km (rule of 2050-04-03)",
                                        HasSubstr("umi DISTANCE ")));
  ImportTimes("r,,53341188,facilities/umi,25\nr,,areas/312011,facilities/umi,1\nr,,53341188,facilities/akane,30\n",
              "3 rows: 3 created");
  EXPECT_THAT(Openings(20), ElementsAre("akane TRAVEL_TIME 0 m 10 min", "umi TRAVEL_TIME 0 m 5 min",
                                        "with 10 minutes more of travel: 2 more openings"))
      << "minutes from a mesh go before those from its area";
  EXPECT_THAT(Openings(25),
              ElementsAre(HasSubstr("umi: 25 minutes (table of 2050-04-03); "), "akane TRAVEL_TIME 0 m 5 min",
                          "with 10 minutes more of travel: 1 more opening"));
  EXPECT_THAT(Openings(0),
              ElementsAre(HasSubstr("akane: 0.8 km in a straight line × 1.100 = 0.9 km (rule of 2050-04-03); 30 "),
                          HasSubstr("umi DISTANCE ")))
      << "who says no minutes goes by metres";
  ImportRules("town,areas/312011,1300,,\n");
  EXPECT_THAT(Openings(0), ElementsAre("akane DISTANCE 100 m 0 min", HasSubstr("umi DISTANCE "),
                                       "with 5 km more of travel: 1 more opening"))
      << "the rule of the town goes before that of its prefecture, and has no table";
}

TEST_P(CommuteTest, ARoundKeepsWhatItWasMeasuredBy) {
  ImportRules("r,areas/310000,1200,2050-04-01,\n");
  ImportTimes("r,a,53341188,facilities/umi,20\nr,b,areas/312011,facilities/akane,60\nr,c,53341199,facilities/akane,1\n",
              "3 rows: 3 created");
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7, "areas/310000")), "OK");
  ASSERT_EQ(Said(CreateRound(admin(), "r2", 7, "areas/310000")), "OK");
  ASSERT_EQ(Said(FreezeRound(admin(), "r1")), "OK");
  const auto frozen = SolveRound(admin(), "r2");
  ASSERT_EQ(Said(frozen), "OK");
  int parts = 0;
  const auto snapshot = ReadSnapshot(admin(), "r1", parts);
  ASSERT_EQ(Said(snapshot), "OK");
  ASSERT_EQ(snapshot->commute_rules_size(), 1);
  EXPECT_EQ(snapshot->commute_rules(0).road_factor_permille(), 1200);
  ASSERT_EQ(snapshot->travel_times_size(), 2) << "only from where the nurses live";
  EXPECT_EQ(snapshot->travel_times(0).origin(), kHome);
  EXPECT_EQ(snapshot->nurses(0).home_area(), "areas/312011");

  // A later change of the rule does not change the snapshot.
  matching_v1::UpdateTravelTimeRequest update;
  update.mutable_travel_time()->set_name("commuteRules/r/travelTimes/a");
  update.mutable_travel_time()->set_minutes(21);
  update.mutable_update_mask()->add_paths("minutes");
  ASSERT_EQ(Said(admin().Call<matching_v1::TravelTime>("matching.v1.TravelTimeService/UpdateTravelTime", update)),
            "OK");
  const auto solved = SolveRound(admin(), "r1");
  ASSERT_EQ(Said(solved), "OK");
  EXPECT_EQ(solved->snapshot_digest(), frozen->snapshot_digest());
  EXPECT_EQ(solved->matched_count(), 1) << "one goes by minutes to umi; for the other both are too far";
  EXPECT_TRUE(Verify(admin(), "r1")->stable());
  const auto rows = ListAssignments(admin(), "r1");
  ASSERT_EQ(Said(rows), "OK");
  for (const auto& row : rows->assignments()) {
    matching_v1::ExplainAssignmentRequest explain;
    explain.set_name("rounds/r1");
    explain.set_nurse(row.nurse());
    const auto why = reader().Call<matching_v1::ExplainAssignmentResponse>(
        "matching.v1.RoundExplanationService/ExplainAssignment", explain);
    ASSERT_EQ(Said(why), "OK");
    if (row.opening().empty()) {
      EXPECT_EQ(row.main_blocker(), matching_v1::BLOCKER_DISTANCE);
      EXPECT_EQ(row.extra_metres(), 15) << "846 m by 1.2, beyond 1000";
      EXPECT_FALSE(why->has_way());
    } else {
      EXPECT_EQ(row.opening(), "openings/umi");
      EXPECT_THAT(why->way().text().ja(), HasSubstr("20分（2050-04-01からの通勤時間表）、直線距離 "));
      ASSERT_EQ(why->steps_size(), 1) << "the nearer one";
      EXPECT_EQ(why->steps(0).extra_travel_minutes(), 40);
      EXPECT_THAT(why->steps(0).text().en(), HasSubstr("It takes 40 minutes longer than she would travel."));
    }
  }
  // Taken anew, the way takes 21 minutes.
  ASSERT_EQ(Said(CreateRound(admin(), "r3", 7, "areas/310000")), "OK");
  EXPECT_EQ(SolveRound(admin(), "r3")->matched_count(), 0);
}

TEST_P(CommuteTest, ASnapshotThatIsSentSaysWhatIsWrongWithItsWays) {
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  auto snapshot = ASnapshot(4);
  ASSERT_TRUE(google::protobuf::TextFormat::MergeFromString(
      "commute_rules { name: 'commuteRules/r' area: 'areas/310000' road_factor_permille: 999 } "
      "commute_rules { name: 'commuteRules/r' area: 'areas/310000' } "
      "commute_rules { name: 'commuteRules/s' area: 'areas/310000' } "
      "travel_times { commute_rule: 'commuteRules/x' origin: '53341188' destination: 'facilities/a' minutes: 3 } "
      "travel_times { commute_rule: 'commuteRules/r' origin: '53341188' destination: 'facilities/a' minutes: 3 } "
      "travel_times { commute_rule: 'commuteRules/r' origin: '53341188' destination: 'facilities/a' minutes: 4 }",
      &snapshot));
  EXPECT_EQ(Said(SolveRound(admin(), "r1", &snapshot)),
            "INVALID_ARGUMENT INVALID_REQUEST snapshot.commute_rules:COMMUTE_RULES_OF_ONE_AREA "
            "snapshot.commute_rules:DUPLICATE_PARTICIPANT snapshot.commute_rules:OUT_OF_RANGE "
            "snapshot.travel_times:COMMUTE_RULE_NOT_SENT snapshot.travel_times:DUPLICATE_PARTICIPANT");
}

}  // namespace
}  // namespace tsunagu::wire
