// Rounds of visits: supplies of half-days are matched to openings, a published round proposes contracts, and with any
// concurrent writers no supply and no half-day is promised twice.
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jp/civil_day.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/visit_round_test_base.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/visit_report.pb.h"

namespace tsunagu::wire {
namespace {

using matching_v1::VisitContract;
using matching_v1::VisitSupply;
using testing::ElementsAre;
using testing::HasSubstr;
using Outcomes = std::map<std::string, int>;

class VisitRoundTest : public VisitRoundTestBase {};
WIRE_TEST_ON_BOTH(VisitRoundTest);

TEST_P(VisitRoundTest, CoversHalfDaysAndSaysWhatIsShort) {
  // Near goes where it is; far would rather go to minami, has two nurses on Mondays, and nobody on Wednesdays.
  ASSERT_EQ(Said(Supply("near", "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM] max_weekly_visit_count: 2")),
            "OK");
  ASSERT_EQ(
      Said(Supply("far", "school_half_days: HALF_DAY_MON_AM concurrent_visit_count: 2 wishes: 'facilities/minami'")),
      "OK");
  const auto solved = Solve("r");
  EXPECT_EQ(solved.supply_count(), 2);
  EXPECT_EQ(solved.post_count(), 6)
      << "Monday and Wednesday at one, twice Monday and twice in the holidays at the other";
  EXPECT_EQ(solved.matched_count(), 4);
  const std::vector<std::string> rows = Rows("r");
  EXPECT_THAT(rows, ElementsAre("a MON_AM near 1", "a WED_AM near 1", "b MON_AM far 2",
                                "b MON_AM holidays short 2 NOBODY_ELIGIBLE"));
  EXPECT_EQ(Rows("r", 1), rows) << "page by page";
  // It belongs to another service than what employments are asked of.
  EXPECT_EQ(Said(ListAssignments(admin(), "r")), "FAILED_PRECONDITION ROUND_OF_VISITS");
  ASSERT_EQ(Said(CreateRound(admin(), "e", 1, "areas/310000")), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "e")), "OK");
  EXPECT_THAT(Rows("e"), ElementsAre("FAILED_PRECONDITION ROUND_NOT_OF_VISITS"));
  EXPECT_THAT(LeftOut("e"), ElementsAre("openings/a NOT_AN_EMPLOYMENT", "openings/b NOT_AN_EMPLOYMENT"));
}

TEST_P(VisitRoundTest, TheLimitsOfASupplyHold) {
  ASSERT_EQ(Said(Supply("one",
                        "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM] concurrent_visit_count: 3 "
                        "max_weekly_visit_count: 2 wishes: 'facilities/minami'")),
            "OK");
  EXPECT_EQ(Solve("r").matched_count(), 2);
  EXPECT_THAT(Rows("r"), ElementsAre("a MON_AM short 1 SUPPLY_USED_UP", "a WED_AM short 1 SUPPLY_USED_UP",
                                     "b MON_AM one 2", "b MON_AM holidays short 2 NOBODY_ELIGIBLE"));
}

TEST_P(VisitRoundTest, CapsCountVisitsOfAWeek) {
  ASSERT_EQ(Said(Supply("one",
                        "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM] holiday_half_days: HALF_DAY_MON_AM "
                        "concurrent_visit_count: 3")),
            "OK");
  EXPECT_EQ(Solve("free").matched_count(), 6);
  EXPECT_EQ(
      Solve("r", "caps { place: 'areas/310000' limit: 4 } caps { place: 'areas/313025' limit: 1 }").matched_count(), 3);
  EXPECT_THAT(Rows("r"), ElementsAre("a MON_AM one 1", "a WED_AM one 1", "b MON_AM one 1", "b MON_AM short 1 CAPPED",
                                     "b MON_AM holidays short 2 CAPPED"));
}

// Each row of the input is in the round, or in the list of what was left out, with the first reason that applies.
TEST_P(VisitRoundTest, WhatCannotTakePartIsSaid) {
  const std::string visit = "kind: OPENING_KIND_VISIT posts: 1 school_half_days: [HALF_DAY_THU_AM, HALF_DAY_THU_PM] ";
  const std::string together = "together { half_days: [HALF_DAY_THU_AM, HALF_DAY_THU_PM] } ";
  const std::string both = "school_half_days: [HALF_DAY_THU_AM, HALF_DAY_THU_PM] ";
  registry_v1::Facility unplaced = AFacility("unplaced", "areas/312011");
  unplaced.clear_latitude_e6();
  unplaced.clear_longitude_e6();
  Create("unplaced", unplaced);
  for (const char* id : {"ends", "moves"}) FacilityAt(id, "areas/312011", 35'500'000);
  struct Row {
    std::string name, facility, fields, reason;  // without a reason it takes part
  };
  const std::vector<Row> openings = {
      {"employed", "kita", "posts: 1", "NOT_A_VISIT"},
      {"dispatched", "kita", both + "kind: OPENING_KIND_DISPATCH posts: 1 workplace: WORKPLACE_FACILITY",
       "NOT_A_VISIT"},
      {"ended", "ends", visit, "FACILITY_NOT_FOUND"},
      {"moved", "moves", visit, "FACILITY_ELSEWHERE"},
      {"pair", "kita", visit + together, "HALF_DAYS_TOGETHER"},
      {"pair-elsewhere", "moves", visit + together, "HALF_DAYS_TOGETHER"},
      {"refused", "kita", visit, "REFUSED"},
      {"refused-employed", "kita", "posts: 1", "REFUSED"},
      {"taken", "kita", visit, "HALF_DAYS_HELD"},
      {"taken-in-part", "kita", visit, ""},
      {"unplaced", "unplaced", visit, "FACILITY_WITHOUT_POSITION"},
      {"over", "kita", visit + "valid_to_date { year: 2050 month: 4 day: 2 }", "-"},  // it is no opening of that day
  };
  for (const Row& row : openings) {
    ASSERT_EQ(OpeningSays(row.name, "facilities/" + row.facility, "areas/312011", row.fields), "OK") << row.name;
  }
  const std::vector<Row> supplies = {
      {"given", "", both + "max_yearly_visit_count: 200", ""},
      {"given-in-part", "", both, ""},
      {"held", "", "school_half_days: HALF_DAY_THU_AM", "SUPPLY_HELD"},
      {"held-week", "", both + "max_weekly_visit_count: 1", "SUPPLY_HELD"},
      {"pool", "", "kind: SUPPLIER_POOL school_half_days: HALF_DAY_THU_AM max_yearly_visit_count: 10",
       "SUPPLY_YEAR_TOO_SMALL"},
      {"pool-used", "", both + "kind: SUPPLIER_POOL max_yearly_visit_count: 60", "SUPPLY_YEAR_TOO_SMALL"},
      {"ended", "", both + "valid_to_date { year: 2050 month: 4 day: 2 }", "-"},
  };
  for (const Row& row : supplies) ASSERT_EQ(Said(Supply(row.name, row.fields)), "OK") << row.name;
  ASSERT_EQ(Said(Contract("taken", "held", "school_half_days: HALF_DAY_THU_AM")), "OK");
  ASSERT_EQ(Said(Contract("taken", "held-week", "school_half_days: HALF_DAY_THU_PM")), "OK");
  ASSERT_EQ(Said(Contract("taken-in-part", "pool-used", "school_half_days: HALF_DAY_THU_AM")), "OK");
  ASSERT_EQ(Said(Ask<matching_v1::LegalBasis, matching_v1::CreateLegalBasisRequest>(
                admin(), "LegalBasisService/CreateLegalBasis",
                "legal_basis_id: 'p' legal_basis { kind: BASIS_KIND_NOTICE number: '1' opening_kinds: "
                "OPENING_KIND_EMPLOYMENT opening_kinds: OPENING_KIND_VISIT operator_code: 'areas/310000' area: "
                "'areas/310000' refusal_grounds { code: 'wage' text: '賃金' } }")),
            "OK");
  for (const char* id : {"refused", "refused-employed"}) {
    ASSERT_EQ(Said(Ask<matching_v1::Opening, matching_v1::RefuseOpeningRequest>(
                  admin(), "OpeningService/RefuseOpening",
                  absl::StrCat("name: 'openings/", id, "' legal_basis: 'legalBases/p' ground: 'wage'"))),
              "OK");
  }
  registry_v1::EndFacilityRequest end;
  end.set_name("facilities/ends");
  *end.mutable_end_date() = jp::ToDate(*jp::ParseDay("2050-04-02"));
  ASSERT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/EndFacility", end)), "OK");
  registry_v1::UpdateFacilityRequest move;
  move.mutable_facility()->set_name("facilities/moves");
  move.mutable_facility()->set_area("areas/313025");
  move.mutable_update_mask()->add_paths("area");
  ASSERT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", move)), "OK");

  Solve("r", "as_of_date { year: 2050 month: 4 day: 4 }");
  std::vector<std::string> wanted;
  for (const Row& row : openings) {
    if (row.reason.size() > 1) wanted.push_back(absl::StrCat("openings/", row.name, " ", row.reason));
  }
  for (const Row& row : supplies) {
    if (row.reason.size() > 1) wanted.push_back(absl::StrCat("visitSupplies/", row.name, " ", row.reason));
  }
  EXPECT_THAT(LeftOut("r"), testing::UnorderedElementsAreArray(wanted));
  const std::string rows = absl::StrJoin(Rows("r"), "\n");
  for (const Row& row : openings) {
    EXPECT_EQ(rows.find(absl::StrCat(row.name, " THU_PM")) != std::string::npos, row.reason.empty()) << row.name;
    const auto told = Ask<matching_v1::ExplainVisitResponse, matching_v1::ExplainVisitRequest>(
        admin(), "VisitRoundService/ExplainVisit",
        absl::StrCat("name: 'rounds/r' opening: 'openings/", row.name, "' half_day: HALF_DAY_THU_PM"));
    EXPECT_EQ(Said(told), row.reason.empty()  ? "OK"
                          : row.reason == "-" ? "INVALID_ARGUMENT INVALID_REQUEST opening:NOT_IN_ROUND"
                                              : "INVALID_ARGUMENT INVALID_REQUEST opening:LEFT_OUT_OF_ROUND")
        << row.name;
  }
  EXPECT_EQ(rows.find("taken-in-part THU_AM"), std::string::npos) << "that one is held";
  int parts = 0;
  const auto snapshot = ReadSnapshot(admin(), "r", parts);
  ASSERT_EQ(Said(snapshot), "OK");
  std::vector<std::string> taking_part;
  for (const auto& supply : snapshot->supplies()) taking_part.push_back(supply.name().substr(14));
  EXPECT_THAT(taking_part, ElementsAre("given", "given-in-part"));
}

// From Monday, 4 April 2050, on there are ten Wednesdays up to 8 June.
constexpr char kFrom[] = "as_of_date { year: 2050 month: 4 day: 4 } ";
constexpr char kTerm[] = "as_of_date { year: 2050 month: 4 day: 4 } visits_to_date { year: 2050 month: 6 day: 8 } ";

TEST_P(VisitRoundTest, AFewVisitsAYearAreOneAWeekOfATerm) {
  ASSERT_EQ(Said(Supply("pool", "kind: SUPPLIER_POOL school_half_days: HALF_DAY_WED_AM max_yearly_visit_count: 10")),
            "OK");
  Solve("year", kFrom);
  EXPECT_THAT(LeftOut("year"), ElementsAre("visitSupplies/pool SUPPLY_YEAR_TOO_SMALL"));
  Solve("term", kTerm);
  EXPECT_THAT(LeftOut("term"), ElementsAre());
  EXPECT_THAT(Rows("term"),
              ElementsAre("a MON_AM short 1 NOBODY_ELIGIBLE", "a WED_AM pool 1", "b MON_AM short 2 NOBODY_ELIGIBLE",
                          "b MON_AM holidays short 2 NOBODY_ELIGIBLE"));
  ASSERT_EQ(Said(PublishRound(admin(), "term")), "OK");
  const Opened opened = Open("term");
  ASSERT_EQ(opened.said, "OK");
  const std::string name = opened.contracts.at("a pool");
  ASSERT_EQ(Accept(name), "OK");
  const auto contract = Ask<VisitContract, matching_v1::GetVisitContractRequest>(
      admin(), "VisitContractService/GetVisitContract", "name: '" + name + "'");
  ASSERT_EQ(Said(contract), "OK");
  EXPECT_EQ(contract->valid_from_date().ShortDebugString(), "year: 2050 month: 4 day: 4");
  EXPECT_EQ(contract->valid_to_date().ShortDebugString(), "year: 2050 month: 6 day: 8");
  Solve("again", "as_of_date { year: 2050 month: 6 day: 9 } visits_to_date { year: 2050 month: 6 day: 15 }");
  EXPECT_THAT(LeftOut("again"), ElementsAre("visitSupplies/pool SUPPLY_YEAR_TOO_SMALL")) << "the year is used up";
  EXPECT_THAT(Rows("again"), ::testing::Contains("a WED_AM short 1 NO_SUPPLY"));
  Solve("later", "as_of_date { year: 2051 month: 4 day: 1 } visits_to_date { year: 2051 month: 6 day: 1 }");
  EXPECT_THAT(Rows("later"), ::testing::Contains("a WED_AM pool 1")) << "the next year has its own";
}

// Each Monday is one of school or of the holidays: 53 visits a year are both, at one facility and at the other.
TEST_P(VisitRoundTest, AHalfDayOfBothKindsOfWeekIsOneOfTheYear) {
  const std::string both = absl::StrCat(kMonday, " holiday_half_days: HALF_DAY_MON_AM kind: SUPPLIER_POOL ");
  ASSERT_EQ(Said(Supply("pool", both + "max_yearly_visit_count: 53")), "OK");
  Solve("r", kFrom);
  EXPECT_THAT(Rows("r"),
              ElementsAre("a MON_AM pool 1", "a WED_AM short 1 NOBODY_ELIGIBLE", "b MON_AM short 2 SUPPLY_USED_UP",
                          "b MON_AM holidays pool 1", "b MON_AM holidays short 1 SUPPLY_USED_UP"));
  ASSERT_EQ(Said(PublishRound(admin(), "r")), "OK");
  const Opened opened = Open("r");
  ASSERT_THAT(opened.contracts, testing::SizeIs(2));
  for (const auto& [who, name] : opened.contracts) EXPECT_EQ(Accept(name), "OK") << who;
  EXPECT_EQ(UpdateSupply("pool", "max_yearly_visit_count: 52", "max_yearly_visit_count"),
            "INVALID_ARGUMENT INVALID_REQUEST visit_supply.max_yearly_visit_count:SUPPLY_YEAR_FULL");
  // With one day more of the holidays the year could be too small: each counts for itself.
  ASSERT_EQ(Said(Supply("more", absl::StrCat(kMonday,
                                             " holiday_half_days: [HALF_DAY_MON_AM, HALF_DAY_TUE_AM] "
                                             "max_yearly_visit_count: 53"))),
            "OK");
  Solve("later", kFrom);
  EXPECT_THAT(Rows("later"),
              ElementsAre("a WED_AM short 1 NOBODY_ELIGIBLE", "b MON_AM more 1", "b MON_AM short 1 SUPPLY_USED_UP",
                          "b MON_AM holidays short 1 SUPPLY_USED_UP"));
}

TEST_P(VisitRoundTest, TheLastDayIsOfVisitsAndNotBeforeTheFirst) {
  EXPECT_EQ(
      CreateOfVisits("x", "as_of_date { year: 2050 month: 4 day: 4 } visits_to_date { year: 2050 month: 4 day: 3 }"),
      "INVALID_ARGUMENT INVALID_REQUEST round.visits_to_date:PERIOD_ENDS_BEFORE_START");
  EXPECT_EQ(Said(Ask<matching_v1::Round, matching_v1::CreateRoundRequest>(
                admin(), "RoundService/CreateRound",
                "round { display_name: '雇用' visits_to_date { year: 2050 month: 4 day: 3 } }")),
            "INVALID_ARGUMENT INVALID_REQUEST round.visits_to_date:ROUND_NOT_OF_VISITS");
  ASSERT_EQ(CreateOfVisits("y", "visits_to_date { year: 2020 month: 1 day: 1 }"), "OK");
  EXPECT_EQ(Said(SolveRound(admin(), "y")), "INVALID_ARGUMENT INVALID_REQUEST visits_to_date:PERIOD_ENDS_BEFORE_START")
      << "it begins today";
}

TEST_P(VisitRoundTest, ARoundOfVisitsIsOfTwoObjectives) {
  for (const char* objective : {"BALANCED", "MIN_DISRUPTION"}) {
    EXPECT_EQ(CreateOfVisits("c", absl::StrCat("objective: OBJECTIVE_", objective)),
              "INVALID_ARGUMENT INVALID_REQUEST round.objective:VISITS_NOT_OF_OBJECTIVE");
  }
  EXPECT_EQ(
      Said(Ask<matching_v1::Round, matching_v1::CreateRoundRequest>(
          admin(), "RoundService/CreateRound", "round { display_name: '派遣' opening_kind: OPENING_KIND_DISPATCH }")),
      "INVALID_ARGUMENT INVALID_REQUEST round.opening_kind:ROUND_OF_DISPATCHES");
  const matching_v1::Snapshot nurses = ASnapshot(3);
  ASSERT_EQ(CreateOfVisits("n", ""), "OK");
  EXPECT_EQ(Said(SolveRound(admin(), "n", &nurses)), "FAILED_PRECONDITION ROUND_OF_VISITS");
}

// Where no registry runs, the caller sends supplies and half-days.
TEST_P(VisitRoundTest, ASnapshotIsReadStrictly) {
  matching_v1::Snapshot snapshot;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "openings { name: 'openings/x' facility: 'facilities/x' latitude_e6: 35500000 longitude_e6: 134230000 posts: 1 "
      "  weekly_minutes: 60 visits { half_day: HALF_DAY_FRI_AM posts: 1 } visits { half_day: HALF_DAY_MON_AM posts: 2 "
      "} } "
      "supplies { name: 'visitSupplies/s' kind: SUPPLIER_POOL latitude_e6: 35500000 longitude_e6: 134230000 "
      "  reach_metres: 9000 licence: LICENCE_NURSE given { half_day: HALF_DAY_MON_AM visit_count: 1 } "
      "  school_visit_count: 5 holiday_visit_count: 5 all_visit_count: 9 }",
      &snapshot));
  ASSERT_EQ(CreateOfVisits("x", ""), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "x", &snapshot)), "OK");
  EXPECT_TRUE(Verify(admin(), "x")->stable());
  EXPECT_THAT(Rows("x"),
              ElementsAre("x MON_AM s 1", "x MON_AM short 1 SUPPLY_USED_UP", "x FRI_AM short 1 NOBODY_ELIGIBLE"));
  int parts = 0;
  EXPECT_EQ(ReadSnapshot(admin(), "x", parts)->supplies_size(), 1);
  matching_v1::Snapshot timed = snapshot;
  timed.add_commute_rules()->set_name("commuteRules/r");
  timed.mutable_commute_rules(0)->set_area("areas/310000");
  ASSERT_EQ(CreateOfVisits("t", ""), "OK");
  EXPECT_EQ(Said(SolveRound(admin(), "t", &timed)),
            "INVALID_ARGUMENT INVALID_REQUEST snapshot.commute_rules:VISITS_GO_STRAIGHT");
  *snapshot.mutable_openings(0)->add_visits() = snapshot.openings(0).visits(0);
  *snapshot.add_supplies() = snapshot.supplies(0);
  matching_v1::SnapshotOpening without = snapshot.openings(0);
  without.set_name("openings/y");
  without.clear_visits();
  *snapshot.add_openings() = without;
  ASSERT_EQ(CreateOfVisits("y", ""), "OK");
  EXPECT_EQ(Said(SolveRound(admin(), "y", &snapshot)),
            "INVALID_ARGUMENT INVALID_REQUEST snapshot.openings:DUPLICATE_PARTICIPANT "
            "snapshot.openings:HALF_DAYS_MISSING snapshot.supplies:DUPLICATE_PARTICIPANT");
  ASSERT_EQ(Said(CreateRound(admin(), "e", 1)), "OK");
  EXPECT_EQ(Said(SolveRound(admin(), "e", &snapshot)), "FAILED_PRECONDITION ROUND_NOT_OF_VISITS");
}

TEST_P(VisitRoundTest, AHalfDayIsExplained) {
  ASSERT_EQ(Said(Supply("near", kMonday, 5'000)), "OK");
  ASSERT_EQ(
      Said(Supply("pool", std::string(kMonday) + " kind: SUPPLIER_POOL unwanted_facilities: 'facilities/minami'")),
      "OK");
  ASSERT_EQ(Said(Supply("there", kMonday)), "OK");
  Solve("r");
  const auto explain = [&](const Caller& caller) {
    return Ask<matching_v1::ExplainVisitResponse, matching_v1::ExplainVisitRequest>(
        caller, "VisitRoundService/ExplainVisit", "name: 'rounds/r' opening: 'openings/b' half_day: HALF_DAY_MON_AM");
  };
  const auto verdicts_of = [](const matching_v1::ExplainVisitResponse& told) {
    std::vector<std::string> verdicts;
    for (const auto& one : told.supplies()) {
      verdicts.push_back(absl::StrCat(one.supply().substr(14), " ", one.count(), " ",
                                      matching_v1::ExplainVisitResponse::Standing_Name(one.standing()).substr(9), " ",
                                      matching_v1::Blocker_Name(one.blocker()).substr(8)));
    }
    return verdicts;
  };
  Execute(matching(), "DELETE FROM `access_log`");
  const auto told = explain(reader());
  ASSERT_EQ(Said(told), "OK");
  EXPECT_THAT(Column(matching(), "SELECT `names` FROM `access_log`"),
              ElementsAre("visitSupplies/near visitSupplies/pool"));
  const bool is_there = Rows("r")[0] == "a MON_AM there 1";  // a lot decides who of equals is nearer to its door
  const char* there = is_there ? "there 0 USED_UP UNSPECIFIED" : "there 1 COVERS UNSPECIFIED";
  EXPECT_THAT(verdicts_of(*told),
              ElementsAre("near 0 NOT_ELIGIBLE DISTANCE", "pool 0 NOT_ELIGIBLE UNSPECIFIED", there));
  EXPECT_THAT(told->text().ja(), HasSubstr("月午前は、必要な2人のうち"));
  EXPECT_THAT(told->text().ja(), HasSubstr("条件に合わない供給は2件です。示せる理由: 訪問できる距離1件。"));
  EXPECT_THAT(told->text().en(), HasSubstr("Supplies that could not: 2. Reasons that can be named: distance 1."));
  EXPECT_THAT(told->text().en(), HasSubstr("m further could."));
  // Whoever may not read the snapshot, or says no purpose, cannot tell the one that would not go there.
  SetRole("looker", {"rounds.read"}, "matching");
  const Caller looker = CallerWith("looker", {"looker@*"}, "matching");
  for (const Caller& caller : {admin(), looker.For("audit")}) {
    const auto hidden = explain(caller);
    ASSERT_EQ(Said(hidden), "OK");
    EXPECT_THAT(verdicts_of(*hidden),
                ElementsAre("near 0 NOT_ELIGIBLE UNSPECIFIED", "pool 0 NOT_ELIGIBLE UNSPECIFIED", there));
    EXPECT_EQ(hidden->supplies(0).extra_metres() + hidden->supplies(0).missing_skill_count(), 0);
    EXPECT_THAT(hidden->text().ja(), HasSubstr("条件に合わない供給は2件です。"));
    EXPECT_THAT(hidden->text().en(),
                testing::AllOf(HasSubstr("Supplies that could not: 2."), testing::Not(HasSubstr("named")),
                               testing::Not(HasSubstr("further"))));
  }
  EXPECT_EQ(Count(matching(), "SELECT COUNT(*) FROM `access_log`"), 1);
  EXPECT_EQ(Said(Ask<matching_v1::ExplainVisitResponse, matching_v1::ExplainVisitRequest>(
                admin(), "VisitRoundService/ExplainVisit",
                "name: 'rounds/r' opening: 'openings/b' half_day: HALF_DAY_FRI_AM")),
            "INVALID_ARGUMENT INVALID_REQUEST opening:NOT_IN_ROUND");
}

// What an objective gives: "COVERAGE 2 weighing 2, 1 pairs".
std::vector<std::string> OutcomesOf(const matching_v1::Round& round) {
  std::vector<std::string> outcomes;
  for (const auto& one : round.outcomes()) {
    outcomes.push_back(absl::StrCat(matching_v1::Round::Objective_Name(one.objective()).substr(10), " ",
                                    one.matched_count(), " weighing ", one.weight(), ", ", one.blocking_pair_count(),
                                    " pairs"));
  }
  return outcomes;
}

// Both would rather be near. Who goes first there could go further, and the other could not.
TEST_P(VisitRoundTest, CoverageCoversMoreThanEachWouldByItself) {
  ASSERT_EQ(Said(Supply("able", std::string(kMonday) + " skills: SKILL_OXYGEN")), "OK");
  ASSERT_EQ(Said(Supply("door", kMonday, 5'000)), "OK");
  const auto stable = Solve("s");
  EXPECT_EQ(stable.matched_count(), 1);
  EXPECT_THAT(Rows("s"), ElementsAre("a MON_AM able 1", "a WED_AM short 1 NOBODY_ELIGIBLE",
                                     "b MON_AM short 2 SUPPLY_USED_UP", "b MON_AM holidays short 2 NOBODY_ELIGIBLE"));
  EXPECT_THAT(OutcomesOf(stable), ElementsAre("STABLE 1 weighing 1, 0 pairs", "COVERAGE 2 weighing 2, 1 pairs"));
  const auto best =
      Solve("c", "objective: OBJECTIVE_COVERAGE least_count: 1 weights { place: 'facilities/minami' weight: 3 }");
  EXPECT_EQ(best.matched_count(), 2);
  EXPECT_THAT(Rows("c"), ElementsAre("a MON_AM door 1", "a WED_AM short 1 NOBODY_ELIGIBLE", "b MON_AM able 1",
                                     "b MON_AM short 1 SUPPLY_ELSEWHERE", "b MON_AM holidays short 2 NOBODY_ELIGIBLE"));
  EXPECT_THAT(OutcomesOf(best), ElementsAre("COVERAGE 2 weighing 4, 1 pairs", "STABLE 1 weighing 1, 0 pairs"));
  EXPECT_EQ(best.outcomes(0).mean_metres(), 5000) << "ten kilometres and none";
  // It is explained by what it would lose, and not by who goes first.
  const auto told = Ask<matching_v1::ExplainVisitResponse, matching_v1::ExplainVisitRequest>(
      admin(), "VisitRoundService/ExplainVisit", "name: 'rounds/c' opening: 'openings/a' half_day: HALF_DAY_MON_AM");
  ASSERT_EQ(told->supplies_size(), 2);
  EXPECT_EQ(told->supplies(0).standing(), matching_v1::ExplainVisitResponse::STANDING_NOT_BETTER);
  EXPECT_EQ(told->supplies(0).loss().weight(), 2);
  EXPECT_EQ(told->supplies(1).standing(), matching_v1::ExplainVisitResponse::STANDING_COVERS);
  EXPECT_THAT(told->text().en(), HasSubstr("Others that could come, without the round being better for it: 1."));
  EXPECT_THAT(told->text().ja(), HasSubstr("充足優先"));
  // What would help is worked out by the same objective.
  const auto figures = [&](const std::string& id) {
    const auto report = Ask<platform_v1::Report, matching_v1::GetVisitsReportRequest>(
        admin(), "VisitReportService/GetVisitsReport", "round: 'rounds/" + id + "'");
    EXPECT_EQ(Said(report), "OK");
    std::map<std::string, int64_t> numbers;
    for (const auto& figure : report->figures()) numbers[figure.key()] = figure.numerator();
    return numbers;
  };
  EXPECT_EQ(figures("c").at("as_it_is/covered"), 2);
  EXPECT_EQ(figures("c").at("more_nurses/closed"), 1) << "two of b on Monday";
  // Beside it, what the other objective would give.
  EXPECT_EQ(figures("c").at("if_stable/covered"), 1);
  EXPECT_EQ(figures("c").at("if_stable/short"), 5);
  EXPECT_EQ(figures("c").at("if_stable/short_half_days"), 3);
  EXPECT_EQ(figures("c").count("if_coverage/covered"), 0u);
  EXPECT_EQ(figures("s").at("if_coverage/covered"), 2);
  // What follows is as with any round of visits.
  ASSERT_EQ(Said(PublishRound(admin(), "c")), "OK");
  const Opened opened = Open("c");
  ASSERT_THAT(opened.contracts, testing::SizeIs(2));
  EXPECT_EQ(Accept(opened.contracts.at("b able")), "OK");
  EXPECT_EQ(Accept(opened.contracts.at("a door")), "OK");
}

TEST_P(VisitRoundTest, FloorsOfVisitsComeFirst) {
  ASSERT_EQ(Said(Supply("one", "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM] max_weekly_visit_count: 1")),
            "OK");
  constexpr char kCoverage[] = "objective: OBJECTIVE_COVERAGE ";
  EXPECT_EQ(Solve("near", kCoverage).matched_count(), 1);
  EXPECT_EQ(Rows("near")[0], "a MON_AM one 1");
  Solve("far", absl::StrCat(kCoverage, "floors { place: 'facilities/minami' least: 1 }"));
  EXPECT_THAT(Rows("far"), testing::Contains("b MON_AM one 1"));
  ASSERT_EQ(CreateOfVisits("short", absl::StrCat(kCoverage, "floors { place: 'areas/313025' least: 2 }")), "OK");
  EXPECT_EQ(Said(SolveRound(admin(), "short")), "FAILED_PRECONDITION VISIT_FLOORS_SHORT");
  ASSERT_EQ(CreateOfVisits("against", absl::StrCat(kCoverage, "floors { place: 'areas/313025' least: 5 }")), "OK");
  EXPECT_EQ(Said(SolveRound(admin(), "against")), "INVALID_ARGUMENT INVALID_REQUEST floors:CAPS_CONTRADICT")
      << "there are four visits to be had";
}

TEST_P(VisitRoundTest, APublishedRoundProposesAndDecidesNothing) {
  ASSERT_EQ(Said(Supply("near", "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM]", 5'000)), "OK");
  Solve("r");
  EXPECT_EQ(Open("r").said, "FAILED_PRECONDITION ROUND_NOT_PUBLISHED");
  ASSERT_EQ(Said(PublishRound(admin(), "r")), "OK");
  EXPECT_EQ(Open("r", "validate_only: true").contracts, (std::map<std::string, std::string>{{"a near", ""}}));
  const Opened opened = Open("r");
  EXPECT_EQ(opened.said, "OK");
  ASSERT_EQ(opened.contracts.size(), 1u);
  const std::string name = opened.contracts.at("a near");
  EXPECT_EQ(EightAtOnce([&](int) { return Open("r").contracts.at("a near") == name ? "the same" : "another"; }),
            (Outcomes{{"the same", 8}}));
  // It holds nothing: another may take the half-day.
  const auto other =
      Contract("a", "near", "school_half_days: HALF_DAY_WED_AM valid_to_date { year: 2050 month: 4 day: 30 }");
  ASSERT_EQ(Said(other), "OK");
  EXPECT_EQ(
      Accept(name),
      "INVALID_ARGUMENT INVALID_REQUEST school_half_days[1]:HALF_DAY_HELD school_half_days[1]:SUPPLY_HALF_DAY_HELD");
  EXPECT_EQ(Said(Ask<VisitContract, matching_v1::EndVisitContractRequest>(
                admin(), "VisitContractService/EndVisitContract",
                absl::StrCat("name: '", other->name(), "' end_date { year: 2050 month: 4 day: 4 }"))),
            "OK");
  clock().Advance(absl::Hours(48));  // the proposal begins on the 3rd: one of the half-days is held on the 4th
  EXPECT_EQ(
      Accept(name),
      "INVALID_ARGUMENT INVALID_REQUEST school_half_days[1]:HALF_DAY_HELD school_half_days[1]:SUPPLY_HALF_DAY_HELD");
  EXPECT_EQ(Decline(name), "OK");
  EXPECT_EQ(Decline(name), "FAILED_PRECONDITION VISIT_CONTRACT_NOT_PROPOSED");
  EXPECT_EQ(Accept(name), "FAILED_PRECONDITION VISIT_CONTRACT_NOT_PROPOSED");
  EXPECT_EQ(Open("r").contracts.at("a near"), name) << "what was declined is not proposed again";
}

TEST_P(VisitRoundTest, WhatIsAcceptedIsHeldAndMissingInTheNextRound) {
  ASSERT_EQ(Said(Supply("near", "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM]")), "OK");
  Solve("r");
  ASSERT_EQ(Said(PublishRound(admin(), "r")), "OK");
  const Opened opened = Open("r", "reply_by_date { year: 2050 month: 4 day: 10 }");
  const std::string name = opened.contracts.at("a near");
  ASSERT_EQ(Accept(name), "OK");
  Solve("next");
  EXPECT_THAT(Rows("next"), ElementsAre("b MON_AM short 2 NO_SUPPLY", "b MON_AM holidays short 2 NO_SUPPLY"));
  EXPECT_THAT(LeftOut("next"), ElementsAre("openings/a HALF_DAYS_HELD", "visitSupplies/near SUPPLY_HELD"));
  // Nor does the supply take it back.
  EXPECT_EQ(UpdateSupply("near", kMonday, "school_half_days"),
            "INVALID_ARGUMENT INVALID_REQUEST visit_supply.school_half_days:SUPPLY_HALF_DAY_HELD");
}

TEST_P(VisitRoundTest, AFacilityDoesNotAnswerWhatIsProposedToASupplier) {
  ASSERT_EQ(Said(Supply("near", kMonday, 5'000)), "OK");
  Solve("r");
  ASSERT_EQ(Said(PublishRound(admin(), "r")), "OK");
  const std::string name = Open("r").contracts.at("a near");
  const auto accept = [&](const std::string& who, const std::string& grant) {
    return Said(Ask<VisitContract, matching_v1::AcceptVisitContractRequest>(
        CallerWith(who, {grant}, "matching"), "VisitContractService/AcceptVisitContract", "name: '" + name + "'"));
  };
  EXPECT_EQ(accept("kita", "facility-manager@facilities/kita"), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(accept("west", "matching-operator@areas/320005"), "NOT_FOUND VISIT_CONTRACT_NOT_FOUND");
  EXPECT_EQ(accept("operates", "matching-operator@areas/310000"), "OK");
}

TEST_P(VisitRoundTest, AnAnswerComesInTime) {
  ASSERT_EQ(Said(Supply("near", kMonday)), "OK");
  Solve("r");
  ASSERT_EQ(Said(PublishRound(admin(), "r")), "OK");
  EXPECT_EQ(Open("r", "reply_by_date { year: 2050 month: 4 day: 2 }").said,
            "INVALID_ARGUMENT INVALID_REQUEST reply_by_date:REPLY_BY_PAST");
  const Opened opened = Open("r");
  clock().Advance(absl::Hours(24 * 15));
  EXPECT_EQ(Accept(opened.contracts.begin()->second), "FAILED_PRECONDITION VISIT_REPLY_OVER");
  EXPECT_EQ(Decline(opened.contracts.begin()->second), "OK");
}

TEST_P(VisitRoundTest, ARoundOfVisitsLeavesOneOfEmploymentsPublished) {
  ASSERT_EQ(Said(CreateRound(admin(), "e", 1, "areas/310000")), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "e")), "OK");
  ASSERT_EQ(Said(PublishRound(admin(), "e")), "OK");
  for (const char* id : {"r", "later"}) {
    Solve(id);
    ASSERT_EQ(Said(PublishRound(admin(), id)), "OK");
  }
  matching_v1::ListRoundsRequest list;
  list.set_filter("state = STATE_SUPERSEDED");
  const auto superseded = admin().Call<matching_v1::ListRoundsResponse>("matching.v1.RoundService/ListRounds", list);
  ASSERT_EQ(superseded->rounds_size(), 1);
  EXPECT_EQ(superseded->rounds(0).name(), "rounds/r");
  EXPECT_EQ(Open("r").said, "FAILED_PRECONDITION ROUND_SUPERSEDED");
}

// "At most n visits a year per supporter": counted over contracts, whatever opening they are of.
TEST_P(VisitRoundTest, AYearOfAPoolIsCounted) {
  // From Monday 4 April 2050 to 31 March 2051 there are 52 Mondays and 52 Wednesdays.
  ASSERT_EQ(Said(Supply("pool",
                        "kind: SUPPLIER_POOL school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM] "
                        "concurrent_visit_count: 2 max_yearly_visit_count: 60")),
            "OK");
  ASSERT_EQ(Said(Contract("a", "pool", kMonday)), "OK");
  EXPECT_EQ(Said(Contract("b", "pool", kMonday)),
            "INVALID_ARGUMENT INVALID_REQUEST visit_contract.supply:SUPPLY_YEAR_FULL");
  ASSERT_EQ(
      Said(Contract("b", "pool", "school_half_days: HALF_DAY_MON_AM valid_to_date { year: 2050 month: 5 day: 23 }")),
      "OK")
      << "eight more";
  EXPECT_EQ(
      Said(Contract("a", "pool", "school_half_days: HALF_DAY_WED_AM valid_to_date { year: 2050 month: 4 day: 12 }")),
      "INVALID_ARGUMENT INVALID_REQUEST visit_contract.supply:SUPPLY_YEAR_FULL");
  EXPECT_EQ(UpdateSupply("pool", "max_yearly_visit_count: 59", "max_yearly_visit_count"),
            "INVALID_ARGUMENT INVALID_REQUEST visit_supply.max_yearly_visit_count:SUPPLY_YEAR_FULL");
  EXPECT_EQ(UpdateSupply("pool", "max_weekly_visit_count: 1", "max_weekly_visit_count"),
            "INVALID_ARGUMENT INVALID_REQUEST visit_supply.max_weekly_visit_count:SUPPLY_WEEK_FULL");
}

TEST_P(VisitRoundTest, AContractUsesWhatTheSupplyGives) {
  ASSERT_EQ(Said(Supply("near", "school_half_days: HALF_DAY_MON_AM valid_to_date { year: 2050 month: 12 day: 31 }")),
            "OK");
  EXPECT_EQ(Said(Contract("a", "near", "school_half_days: HALF_DAY_WED_AM")),
            "INVALID_ARGUMENT INVALID_REQUEST visit_contract.school_half_days[0]:SUPPLY_HALF_DAY_NOT_GIVEN "
            "visit_contract.supply:SUPPLY_UNFIT");
  EXPECT_EQ(Said(Supply("none", "")),
            "INVALID_ARGUMENT INVALID_REQUEST visit_supply.school_half_days:HALF_DAYS_MISSING");
}

TEST_P(VisitRoundTest, OneOfEightUsesTheLastVisitOfASupply) {
  ASSERT_EQ(Said(Supply("near", "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM] max_weekly_visit_count: 1")),
            "OK");
  for (int i = 0; i < 8; ++i) {
    ASSERT_EQ(OpeningSays(absl::StrCat("o", i), "facilities/kita", "areas/312011",
                          "kind: OPENING_KIND_VISIT posts: 1 school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM]"),
              "OK");
  }
  const Outcomes told = EightAtOnce([&](int i) {
    return Said(Contract(absl::StrCat("o", i), "near", i % 2 == 0 ? kMonday : "school_half_days: HALF_DAY_WED_AM"));
  });
  EXPECT_EQ(told.at("OK"), 1) << absl::StrJoin(told, "\n", absl::PairFormatter(" "));
}

TEST_P(VisitRoundTest, OneOfEightProposalsForAHalfDayIsAccepted) {
  // Eight rounds, each with a supply of its own, propose the same half-day.
  std::vector<std::string> names;
  for (int i = 0; i < 8; ++i) {
    const std::string id = absl::StrCat("s", i);
    ASSERT_EQ(Said(Supply(id, kMonday, 5'000)), "OK");
    Solve(absl::StrCat("r", i));
    ASSERT_EQ(Said(PublishRound(admin(), absl::StrCat("r", i))), "OK");
    const Opened opened = Open(absl::StrCat("r", i));
    ASSERT_EQ(opened.contracts.size(), 1u);
    names.push_back(opened.contracts.at("a " + id));
    ASSERT_EQ(Said(Ask<VisitSupply, matching_v1::UpdateVisitSupplyRequest>(
                  admin(), "VisitSupplyService/UpdateVisitSupply",
                  absl::StrCat("visit_supply { name: 'visitSupplies/", id,
                               "' reach_metres: 1 latitude_e6: 36500000 } update_mask { paths: ['reach_metres', "
                               "'latitude_e6'] }"))),
              "OK");
  }
  Outcomes told = EightAtOnce([&](int i) { return Accept(names[i]); });
  EXPECT_EQ(told["OK"], 1);
  EXPECT_EQ(told["INVALID_ARGUMENT INVALID_REQUEST school_half_days[0]:HALF_DAY_HELD"], 7)
      << absl::StrJoin(told, "\n", absl::PairFormatter(" "));
}

TEST_P(VisitRoundTest, ASupplyIsSeenWhereItStands) {
  ASSERT_EQ(Said(Supply("near", kMonday)), "OK");
  Caller town = CallerWith("town", {"municipality-officer@areas/312011"}, "matching");
  Caller other = CallerWith("other", {"municipality-officer@areas/322016"}, "matching");
  const auto seen = [](const Caller& caller) {
    return Ask<matching_v1::ListVisitSuppliesResponse, matching_v1::ListVisitSuppliesRequest>(
               caller, "VisitSupplyService/ListVisitSupplies", "")
        ->visit_supplies_size();
  };
  EXPECT_EQ(seen(town), 1);
  EXPECT_EQ(seen(other), 0);
}

}  // namespace
}  // namespace tsunagu::wire
