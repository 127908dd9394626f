// Questions about a round after its events: explanations, comparisons, the map, reports, cut-offs and rows.
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "google/protobuf/text_format.h"
#include "services/matching/rules/verify.h"
#include "services/matching/snapshot/snapshot.h"
#include "tests/wire/rounds.h"
#include "tsunagu/matching/v1/round_comparison.pb.h"
#include "tsunagu/matching/v1/round_event.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"
#include "tsunagu/matching/v1/round_report.pb.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kNow = -1;

class RoundAfterTest : public SuiteTest {
 protected:
  // Three openings with one post each, all of which every nurse would rather have in this order; only lots tell nurses
  // apart. names_ in the order of their lots: the first three have a, b and c.
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    SetRole("looker", {"rounds.read"}, "matching");
    matching_v1::Snapshot snapshot = ASnapshot(4);
    snapshot.mutable_openings()->DeleteSubrange(3, 1);
    for (auto& opening : *snapshot.mutable_openings()) {
      opening.set_posts(1);
      opening.set_area("areas/312011");
      opening.clear_required_skills();
    }
    for (auto& nurse : *snapshot.mutable_nurses()) {
      nurse.clear_skills();
      nurse.clear_wishes();
      for (const char* wish : {"facilities/a", "facilities/b", "facilities/c"}) nurse.add_wishes(wish);
      nurse.set_home_mesh("53341188");
    }
    matching_v1::SnapshotCommuteRule& rule = *snapshot.add_commute_rules();
    rule.set_name("commuteRules/tottori");
    rule.set_area("areas/312011");
    rule.set_road_factor_permille(1'000);
    matching_v1::SnapshotTravelTime& time = *snapshot.add_travel_times();
    time.set_commute_rule(rule.name());
    time.set_origin("53341188");
    time.set_destination("facilities/a");
    time.set_minutes(10);
    ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
    ASSERT_EQ(Said(SolveRound(admin(), "r1", &snapshot)), "OK");
    names_.assign(4, "");
    const auto rows = ListAssignments(admin(), "r1");
    ASSERT_EQ(Said(rows), "OK");
    for (const auto& row : rows->assignments()) {
      names_[row.opening().empty() ? 3 : row.opening().back() - 'a'] = row.nurse();
    }
  }

  Caller Seeing() { return admin().For("audit"); }

  std::string Apply(const std::string& fields) {
    matching_v1::ApplyEventsRequest request;
    request.set_name("rounds/r1");
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, request.add_changes())) << fields;
    return Said(Seeing().Call<matching_v1::ApplyEventsResponse>("matching.v1.RoundEventService/ApplyEvents", request));
  }
  std::string Quits(int lot, const std::string& more = "") {
    return absl::StrCat("nurse_quits { nurse: '", names_[lot], "' } ", more);
  }

  template <typename Response, typename Request>
  absl::StatusOr<Response> Ask(const std::string& method, Request request, int after) {
    if (after != kNow) request.set_after_event(after);
    return Seeing().Call<Response>("matching.v1." + method, request);
  }
  auto ExplainNurse(int lot, int after = kNow) {
    matching_v1::ExplainAssignmentRequest request;
    request.set_name("rounds/r1");
    request.set_nurse(names_[lot]);
    return Ask<matching_v1::ExplainAssignmentResponse>("RoundExplanationService/ExplainAssignment", request, after);
  }
  auto ExplainOpening(const std::string& opening, int after = kNow) {
    matching_v1::ExplainOpeningRequest request;
    request.set_name("rounds/r1");
    request.set_opening(opening);
    return Ask<matching_v1::ExplainOpeningResponse>("RoundExplanationService/ExplainOpening", request, after);
  }
  auto ExplainArea(int after = kNow) {
    matching_v1::ExplainAreaRequest request;
    request.set_name("rounds/r1");
    return Ask<matching_v1::ExplainAreaResponse>("RoundExplanationService/ExplainArea", request, after);
  }
  auto Map(int after = kNow) {
    matching_v1::GetRoundMapRequest request;
    request.set_name("rounds/r1");
    return Ask<matching_v1::GetRoundMapResponse>("RoundExplanationService/GetRoundMap", request, after);
  }
  auto Cutoffs(int after = kNow) {
    matching_v1::ListCutoffsRequest request;
    request.set_parent("rounds/r1");
    return Ask<matching_v1::ListCutoffsResponse>("RoundService/ListCutoffs", request, after);
  }
  auto Compare(int after, int other) {
    matching_v1::CompareRoundsRequest request;
    request.set_name("rounds/r1");
    request.set_other("rounds/r1");
    if (other != kNow) request.set_other_after_event(other);
    return Ask<matching_v1::CompareRoundsResponse>("RoundComparisonService/CompareRounds", request, after);
  }
  // "population/measure" to the figure.
  template <typename Request>
  std::map<std::string, std::string> Report(const std::string& method, int after = kNow) {
    Request request;
    request.set_round("rounds/r1");
    const auto report = Ask<platform_v1::Report>("RoundReportService/" + method, request, after);
    EXPECT_EQ(Said(report), "OK");
    std::map<std::string, std::string> figures;
    if (!report.ok()) return figures;
    for (const auto& figure : report->figures()) figures[figure.key()] = figure.value();
    return figures;
  }
  matching_v1::Snapshot Rows(int after, std::vector<int>* after_events = nullptr) {
    matching_v1::ReadSnapshotRequest request;
    request.set_name("rounds/r1");
    if (after != kNow) request.set_after_event(after);
    const Caller seeing = Seeing();
    const auto stream = seeing.Stream("matching.v1.RoundService/ReadSnapshot");
    stream->Write(request);
    stream->WritesDone();
    matching_v1::Snapshot whole, part;
    for (absl::StatusOr<bool> more = stream->Read(part); more.ok() && *more; more = stream->Read(part)) {
      if (after_events != nullptr) after_events->push_back(part.after_event());
      part.clear_after_event();
      whole.MergeFrom(part);
      part.Clear();
    }
    EXPECT_EQ(Said(stream->Finish()), "OK");
    return whole;
  }

  std::vector<std::string> names_;
};
WIRE_TEST_ON_BOTH(RoundAfterTest);

TEST_P(RoundAfterTest, TheExplanationIsTheOneThatHoldsNow) {
  const auto before = ExplainNurse(3);
  ASSERT_EQ(Said(before), "OK");
  EXPECT_EQ(before->assignment().unmatched_reason(), matching_v1::UNMATCHED_REASON_OUTRANKED);
  EXPECT_EQ(before->after_event(), 0);
  EXPECT_THAT(before->text().en(), Not(HasSubstr("event")));
  ASSERT_EQ(Apply(Quits(0)), "OK");
  ASSERT_EQ(Apply("posts_change { opening: 'openings/c' posts: -1 }"), "OK");

  // She was moved up by the one, and lost it by the other.
  const auto now = ExplainNurse(3);
  ASSERT_EQ(Said(now), "OK");
  EXPECT_EQ(now->after_event(), 2);
  EXPECT_THAT(now->changed_by(), ElementsAre(1, 2));
  EXPECT_EQ(now->assignment().opening(), "");
  EXPECT_EQ(now->assignment().unmatched_reason(), matching_v1::UNMATCHED_REASON_OUTRANKED);
  EXPECT_THAT(now->text().en(), HasSubstr("(As of event 2.)"));
  EXPECT_THAT(now->text().ja(), HasSubstr("出来事2まで反映"));
  EXPECT_EQ(now->steps_size(), 2) << "what is closed is no opening any more";
  const auto then = ExplainNurse(3, 1);
  ASSERT_EQ(Said(then), "OK");
  EXPECT_EQ(then->assignment().opening(), "openings/c");
  EXPECT_EQ(then->assignment().choice(), 3);
  EXPECT_THAT(then->changed_by(), ElementsAre(1));
  EXPECT_EQ(then->steps_size(), 2);
  const auto solved = ExplainNurse(3, 0);
  ASSERT_EQ(Said(solved), "OK");
  EXPECT_EQ(solved->SerializeAsString(), before->SerializeAsString()) << "as it was solved";
  EXPECT_EQ(ExplainNurse(1)->assignment().opening(), "openings/a");

  EXPECT_EQ(Said(ExplainNurse(0)), "INVALID_ARGUMENT INVALID_REQUEST nurse:NURSE_LEFT_ROUND");
  EXPECT_EQ(ExplainNurse(0, 0)->assignment().opening(), "openings/a");
  EXPECT_EQ(Said(ExplainNurse(3, 3)), "INVALID_ARGUMENT INVALID_REQUEST after_event:NOT_IN_ROUND");
}

TEST_P(RoundAfterTest, WhoIsKeptOutByWhatIsHeldIsToldSo) {
  ASSERT_EQ(Apply(Quits(3)), "OK");
  ASSERT_EQ(Apply(Quits(0, "mode: MODE_HOLD")), "OK");
  const auto her = ExplainNurse(1);
  ASSERT_EQ(Said(her), "OK");
  EXPECT_EQ(her->assignment().opening(), "openings/b");
  ASSERT_EQ(her->steps_size(), 1);
  EXPECT_TRUE(her->steps(0).held());
  EXPECT_THAT(her->steps(0).text().en(), HasSubstr("held"));
  const auto a = ExplainOpening("openings/a");
  EXPECT_EQ(a->after_event(), 2);
  EXPECT_EQ(a->filled_count(), 0);
  EXPECT_TRUE(a->obstacles().held());
  EXPECT_THAT(a->text().en(), HasSubstr("held"));
  EXPECT_THAT(a->text().en(), Not(HasSubstr("full"))) << "a reason is never false";
  EXPECT_FALSE(ExplainOpening("openings/c")->obstacles().held());
  EXPECT_TRUE(ExplainArea()->shortages(0).obstacles().held());

  // Somebody who has nothing.
  ASSERT_EQ(
      Apply(absl::StrCat("nurse_arrives { nurse: '", names_[0], "' } most_moved: 0 over_budget: OVER_BUDGET_STOP")),
      "OK");
  EXPECT_EQ(ExplainNurse(0)->assignment().opening(), "openings/a");
  ASSERT_EQ(Apply(Quits(0, "most_moved: 0 over_budget: OVER_BUDGET_STOP")), "OK");
  ASSERT_EQ(Apply(absl::StrCat("nurse_arrives { nurse: '", names_[3], "' }")), "OK");
  EXPECT_EQ(ExplainNurse(3)->assignment().opening(), "openings/a") << "a free post";
  ASSERT_EQ(
      Apply(absl::StrCat("nurse_arrives { nurse: '", names_[0], "' } most_moved: 0 over_budget: OVER_BUDGET_STOP")),
      "OK");
  EXPECT_EQ(ExplainNurse(0)->assignment().unmatched_reason(), matching_v1::UNMATCHED_REASON_HELD);
}

TEST_P(RoundAfterTest, OpeningsAreasMapAndCutoffsAreThoseOfNow) {
  ASSERT_EQ(Apply("posts_change { opening: 'openings/b' posts: 1 }"), "OK");
  ASSERT_EQ(Apply(Quits(0)), "OK");
  const auto b = ExplainOpening("openings/b");
  EXPECT_EQ(b->post_count(), 2);
  EXPECT_EQ(b->filled_count(), 2);
  EXPECT_EQ(ExplainOpening("openings/b", 0)->post_count(), 1);
  EXPECT_EQ(ExplainOpening("openings/b", 0)->after_event(), 0);
  EXPECT_EQ(ExplainArea()->post_count(), 4);
  EXPECT_EQ(ExplainArea()->filled_count(), 3);
  EXPECT_EQ(ExplainArea()->after_event(), 2);
  EXPECT_EQ(ExplainArea(0)->post_count(), 3);
  EXPECT_THAT(Map()->geo_json(), HasSubstr("\"opening\":\"openings/b\",\"facility\":\"facilities/b\",\"posts\":2,"
                                           "\"filled\":2,\"short\":0"));
  EXPECT_EQ(Map()->after_event(), 2);
  EXPECT_THAT(Map(0)->geo_json(), HasSubstr("\"posts\":1,\"filled\":1,\"short\":0"));
  const auto cutoffs = Cutoffs();
  ASSERT_EQ(cutoffs->cutoffs_size(), 3);
  EXPECT_EQ(cutoffs->after_event(), 2);
  EXPECT_EQ(cutoffs->cutoffs(1).limit(), 2);
  EXPECT_EQ(cutoffs->cutoffs(2).filled_count(), 0);
  EXPECT_EQ(Cutoffs(0)->cutoffs(2).filled_count(), 1);
  EXPECT_EQ(Said(Cutoffs(3)), "INVALID_ARGUMENT INVALID_REQUEST after_event:NOT_IN_ROUND");
}

TEST_P(RoundAfterTest, ARoundIsComparedWithWhatItWas) {
  ASSERT_EQ(Apply(Quits(0)), "OK");
  ASSERT_EQ(Apply("posts_change { opening: 'openings/c' posts: -1 }"), "OK");
  const auto all = Compare(0, kNow);
  ASSERT_EQ(Said(all), "OK");
  EXPECT_EQ(all->after_event(), 0);
  EXPECT_EQ(all->other_after_event(), 2);
  EXPECT_EQ(all->difference().only_before_count(), 1);
  EXPECT_EQ(all->difference().moved_count(), 2);
  EXPECT_EQ(all->difference().unchanged_count(), 1) << "she had nothing, and has nothing";
  EXPECT_EQ(all->difference().before().matched_count(), 3);
  EXPECT_EQ(all->difference().after().matched_count(), 2);
  ASSERT_EQ(all->openings_size(), 1);
  EXPECT_EQ(all->openings(0).posts_after(), 0);
  EXPECT_EQ(all->moves_size(), 2);
  EXPECT_EQ(Compare(1, 1)->difference().moved_count(), 0);
  const auto one = Compare(1, kNow);
  EXPECT_EQ(one->difference().displaced_count(), 1);
  EXPECT_EQ(Compare(kNow, 0)->difference().only_after_count(), 1);
  EXPECT_EQ(Said(Compare(0, 9)), "INVALID_ARGUMENT INVALID_REQUEST other_after_event:NOT_IN_ROUND");
  const Caller looker = CallerWith("looker", {"looker@*"}, "matching");
  matching_v1::CompareRoundsRequest request;
  request.set_name("rounds/r1");
  request.set_other("rounds/r1");
  request.set_after_event(0);
  const auto hidden =
      looker.Call<matching_v1::CompareRoundsResponse>("matching.v1.RoundComparisonService/CompareRounds", request);
  ASSERT_EQ(Said(hidden), "OK");
  EXPECT_THAT(hidden->moves(), IsEmpty());
}

TEST_P(RoundAfterTest, AnOpeningIsHeldOnlyWhereAPostIsEmpty) {
  ASSERT_EQ(Apply(Quits(0, "mode: MODE_HOLD")), "OK");
  const auto full = ExplainOpening("openings/a");
  ASSERT_EQ(Said(full), "OK");
  EXPECT_EQ(full->filled_count(), 1) << "whoever had nothing has it, though others would rather";
  EXPECT_FALSE(full->obstacles().held()) << full->text().en();
}

TEST_P(RoundAfterTest, ReportsSayAfterWhichEvent) {
  const auto before = Report<matching_v1::GetFairnessReportRequest>("GetFairnessReport");
  EXPECT_EQ(before.count("posts/after_event"), 0u) << "as it was solved";
  matching_v1::GetFairnessReportRequest asked;
  asked.set_round("rounds/r1");
  const auto first =
      Seeing().Call<platform_v1::Report>("matching.v1.RoundReportService/GetFairnessReport", asked)->known_time();
  clock().Advance(absl::Seconds(1));
  ASSERT_EQ(Apply("posts_change { opening: 'openings/b' posts: 2 }"), "OK");
  const auto known = [&](auto request, const std::string& method, auto more) {
    request.set_round("rounds/r1");
    *request.mutable_as_known_at() = first;
    more(request);
    return Seeing().Call<platform_v1::Report>("matching.v1.RoundReportService/" + method, request);
  };
  const auto nothing = [](auto&) {};
  const auto event = [](auto& request) { request.set_after_event(1); };
  const auto fair_then = known(asked, "GetFairnessReport", nothing);
  ASSERT_EQ(Said(fair_then), "OK");
  for (const auto& figure : fair_then->figures()) EXPECT_EQ(figure.value(), before.at(figure.key())) << figure.key();
  EXPECT_EQ(fair_then->figures_size(), static_cast<int>(before.size()));
  EXPECT_EQ(Said(known(asked, "GetFairnessReport", event)),
            "INVALID_ARGUMENT INVALID_REQUEST after_event:NOT_IN_ROUND");
  const auto supply_then = known(matching_v1::GetSupplyReportRequest(), "GetSupplyReport", nothing);
  ASSERT_EQ(Said(supply_then), "OK");
  for (const auto& figure : supply_then->figures()) EXPECT_NE(figure.key(), "as_it_is/after_event");
  const auto beforehand = [](auto& request) { request.mutable_as_known_at()->set_seconds(1'500'000'000); };
  EXPECT_EQ(Said(known(asked, "GetFairnessReport", beforehand)), "NOT_FOUND ROUND_NOT_FOUND");
  const auto fair = Report<matching_v1::GetFairnessReportRequest>("GetFairnessReport");
  EXPECT_EQ(fair.at("posts/after_event"), "1");
  EXPECT_EQ(fair.at("posts/number"), "5");
  EXPECT_EQ(fair.at("nurses/placed"), "4");
  EXPECT_EQ(Report<matching_v1::GetFairnessReportRequest>("GetFairnessReport", 0), before);
  const auto supply = Report<matching_v1::GetSupplyReportRequest>("GetSupplyReport");
  EXPECT_EQ(supply.at("as_it_is/short_posts"), "1");
  EXPECT_EQ(supply.at("as_it_is/after_event"), "1");
  EXPECT_EQ(Report<matching_v1::GetSupplyReportRequest>("GetSupplyReport", 0).at("as_it_is/short_posts"), "0");
}

// The difference that an event makes is the way and the choice of the nurse who left.
TEST_P(RoundAfterTest, AReportAfterEventsTellsOfNobodyWithoutRight) {
  matching_v1::CreateRoundRequest create;
  create.set_round_id("r2");
  create.mutable_round()->set_display_name("試験");
  create.mutable_round()->set_seed(7);
  create.mutable_round()->set_least_count(1);
  ASSERT_EQ(Said(admin().Call<matching_v1::Round>("matching.v1.RoundService/CreateRound", create)), "OK");
  const matching_v1::Snapshot snapshot = Rows(0);
  ASSERT_EQ(Said(SolveRound(admin(), "r2", &snapshot)), "OK");
  matching_v1::ApplyEventsRequest apply;
  apply.set_name("rounds/r2");
  apply.add_changes()->mutable_nurse_quits()->set_nurse(names_[2]);  // with choice 3
  ASSERT_EQ(Said(Seeing().Call<matching_v1::ApplyEventsResponse>("matching.v1.RoundEventService/ApplyEvents", apply)),
            "OK");
  Execute(matching(), "DELETE FROM `access_log`");
  // Figures of ways and choices, with numerators and denominators.
  const auto personal = [&](const Caller& caller, int after) {
    matching_v1::GetFairnessReportRequest request;
    request.set_round("rounds/r2");
    if (after != kNow) request.set_after_event(after);
    const auto report = caller.Call<platform_v1::Report>("matching.v1.RoundReportService/GetFairnessReport", request);
    EXPECT_EQ(Said(report), "OK");
    std::map<std::string, std::string> figures;
    if (!report.ok()) return figures;
    for (const auto& figure : report->figures()) {
      if (figure.key().find("nurses/") != 0) continue;
      if (figure.key().find("commute") == std::string::npos && figure.key().find("choice") == std::string::npos)
        continue;
      figures[figure.key()] = absl::StrCat(figure.numerator(), "/", figure.denominator());
    }
    return figures;
  };
  const Caller looker = CallerWith("looker", {"looker@*"}, "matching");
  for (const Caller& caller : {looker, looker.For("audit"), admin()}) {
    EXPECT_EQ(personal(caller, 0).at("nurses/choice_mean"), "6/3");
    EXPECT_THAT(personal(caller, 1), IsEmpty());
    EXPECT_THAT(personal(caller, kNow), IsEmpty());
  }
  EXPECT_EQ(Count(matching(), "SELECT COUNT(*) FROM `access_log`"), 0);
  EXPECT_EQ(personal(Seeing(), 0).at("nurses/commute_mean").substr(1), "/3") << "whole kilometres";
  EXPECT_EQ(Count(matching(), "SELECT COUNT(*) FROM `access_log`"), 0) << "as it was solved it is of nobody";
  EXPECT_EQ(personal(Seeing(), kNow).at("nurses/choice_mean"), "6/3") << "the fourth has her post";
  const auto logged = Column(matching(), "SELECT `names` FROM `access_log`");
  ASSERT_EQ(logged.size(), 1);
  EXPECT_THAT(logged[0], testing::AllOf(HasSubstr(names_[2]), HasSubstr(names_[3])));
}

TEST_P(RoundAfterTest, WhoseLicenceExpiredIsToldTheDay) {
  ASSERT_EQ(Apply(absl::StrCat("licence_expires { nurse: '", names_[1], "' }")), "OK");
  matching_v1::ExplainAssignmentRequest request;
  request.set_name("rounds/r1");
  request.set_nurse(names_[1]);
  const auto told = admin().For("tests").Call<matching_v1::ExplainAssignmentResponse>(
      "matching.v1.RoundExplanationService/ExplainAssignment", request);
  ASSERT_EQ(Said(told), "OK");
  const std::string day = jp::FormatIso(jp::JapanDay(clock().Now()));
  EXPECT_THAT(told->text().ja(), HasSubstr(absl::StrCat("免許は", day, "に失効しました（出来事1）")));
  EXPECT_THAT(told->text().en(), HasSubstr(absl::StrCat("Her licence expired on ", day, " (event 1).")));
  ASSERT_GT(told->steps_size(), 0);
  for (const auto& step : told->steps()) EXPECT_THAT(step.text().ja(), HasSubstr("失効しました")) << step.opening();
  request.set_nurse(names_[2]);
  const auto other = admin().For("tests").Call<matching_v1::ExplainAssignmentResponse>(
      "matching.v1.RoundExplanationService/ExplainAssignment", request);
  ASSERT_EQ(Said(other), "OK");
  EXPECT_THAT(other->text().ja(), testing::Not(HasSubstr("失効")));
}

// A caller who reads the present rows can verify the present assignment.
TEST_P(RoundAfterTest, TheRowsAreThoseOfWhoIsThere) {
  ASSERT_EQ(Apply(Quits(0)), "OK");
  ASSERT_EQ(Apply(absl::StrCat("licence_expires { nurse: '", names_[1], "' }")), "OK");
  ASSERT_EQ(Apply("posts_change { opening: 'openings/c' posts: 2 }"), "OK");
  std::vector<int> after_events;
  const matching_v1::Snapshot rows = Rows(kNow, &after_events);
  EXPECT_THAT(after_events, testing::Each(3));
  ASSERT_EQ(rows.nurses_size(), 3);
  for (const auto& nurse : rows.nurses()) {
    EXPECT_EQ(nurse.licence() == registry_v1::LICENCE_UNSPECIFIED, nurse.name() == names_[1]) << nurse.name();
  }
  EXPECT_EQ(rows.openings(2).posts(), 3);
  const auto ways = [](const matching_v1::Snapshot& all) {
    matching_v1::Snapshot some;
    *some.mutable_commute_rules() = all.commute_rules();
    *some.mutable_travel_times() = all.travel_times();
    return some.ShortDebugString();
  };
  EXPECT_EQ(ways(rows), ways(Rows(0)));
  EXPECT_THAT(ways(rows), AllOf(HasSubstr("commuteRules/tottori"), HasSubstr("minutes: 10")));
  std::map<std::string, int32_t> index = {{"", -1}};
  for (int i = 0; i < rows.openings_size(); ++i) index[rows.openings(i).name()] = i;
  std::vector<int32_t> assigned;
  matching_v1::ListSeatsRequest request;
  request.set_parent("rounds/r1");
  const auto seats = admin().Call<matching_v1::ListSeatsResponse>("matching.v1.RoundEventService/ListSeats", request);
  for (const auto& seat : seats->seats()) assigned.push_back(index.at(seat.opening()));
  matching::rules::Instance instance = matching::ToInstance(rows, 7);
  for (auto& nurse : instance.nurses) {
    if (nurse.name == names_[1]) nurse.licences = 0;
  }
  EXPECT_TRUE(matching::rules::VerifyMatching(instance, assigned).stable);

  matching_v1::GetRoundRequest get;
  get.set_name("rounds/r1");
  const auto round = admin().Call<matching_v1::Round>("matching.v1.RoundService/GetRound", get);
  EXPECT_EQ(matching::DigestOf(Rows(0)), round->snapshot_digest()) << "what it was computed from";
  EXPECT_EQ(Rows(1).nurses_size(), 3);
}

// Solved by a table of before: explained, varied and reported on by what that table said.
TEST_P(RoundAfterTest, AnOldRoundIsExplainedAndVariedByItsOwnRules) {
  matching_v1::Snapshot snapshot = ASnapshot(1);
  snapshot.mutable_openings()->DeleteSubrange(1, 3);
  snapshot.mutable_openings(0)->add_licences(registry_v1::LICENCE_NURSE);
  snapshot.mutable_openings(0)->add_school_half_days(registry_v1::HALF_DAY_MON_AM);
  snapshot.mutable_nurses(0)->set_licence(registry_v1::LICENCE_MIDWIFE);
  snapshot.mutable_nurses(0)->add_school_half_days(registry_v1::HALF_DAY_TUE_AM);
  ASSERT_EQ(Said(CreateRound(admin(), "old", 7)), "OK");
  ASSERT_EQ(Said(SolveRound(admin(), "old", &snapshot)), "OK");
  matching_v1::ExplainAssignmentRequest request;
  request.set_name("rounds/old");
  request.set_nurse(snapshot.nurses(0).name());
  const auto age = [&](int version) {
    Execute(matching(), "UPDATE `rounds` SET `rule_table_version` = ?, `mac` = NULL", {int64_t{version}});
    EXPECT_EQ(Said(server().host().Find("matching")->store().FindTable("rounds")->SignRows()), "OK");
  };
  const auto blocker = [&](int version) {
    age(version);
    const auto told = Seeing().Call<matching_v1::ExplainAssignmentResponse>(
        "matching.v1.RoundExplanationService/ExplainAssignment", request);
    EXPECT_EQ(Said(told), "OK");
    return told.ok() ? told->assignment().main_blocker() : matching_v1::BLOCKER_UNSPECIFIED;
  };
  EXPECT_EQ(blocker(3), matching_v1::BLOCKER_HALF_DAYS);
  EXPECT_EQ(blocker(2), matching_v1::BLOCKER_UNSPECIFIED) << "table 2 knows no half-days";
  EXPECT_EQ(blocker(1), matching_v1::BLOCKER_LICENCE) << "table 1 did not count a 助産師 as 看護師";
  matching_v1::WhatIfRequest varied;
  varied.set_name("rounds/old");
  auto& change = *varied.add_changes()->mutable_add_posts();
  change.set_opening("openings/a");
  change.set_posts(1);
  const auto what_if = [&](int version) {
    age(version);
    const auto told = admin().Call<matching_v1::WhatIfResponse>("matching.v1.RoundComparisonService/WhatIf", varied);
    return told.ok() ? absl::StrCat("placed ", told->difference().placed_count()) : Said(told);
  };
  EXPECT_EQ(what_if(3), "placed 0");
  EXPECT_EQ(what_if(2), "placed 1") << "the stored result is of table 3, by which she has nothing";
  EXPECT_EQ(what_if(1), "placed 0");
  EXPECT_EQ(what_if(4), "FAILED_PRECONDITION ROUND_OF_OTHER_RULES");
  matching_v1::GetSupplyReportRequest supply;
  supply.set_round("rounds/old");
  const auto trained = [&](int version) {
    age(version);
    const auto told = admin().Call<platform_v1::Report>("matching.v1.RoundReportService/GetSupplyReport", supply);
    if (!told.ok()) return Said(told);
    for (const auto& figure : told->figures()) {
      if (figure.key() == "training_suction/closed_posts") return figure.value();
    }
    return std::string("absent");
  };
  EXPECT_EQ(trained(3), "0");
  EXPECT_EQ(trained(2), "1");
  EXPECT_EQ(trained(1), "0");
  EXPECT_EQ(trained(4), "FAILED_PRECONDITION ROUND_OF_OTHER_RULES");
  // Events are of the rules of today.
  age(2);
  matching_v1::ApplyEventsRequest events;
  events.set_name("rounds/old");
  events.add_changes()->mutable_nurse_quits()->set_nurse(snapshot.nurses(0).name());
  EXPECT_EQ(Said(Seeing().Call<matching_v1::ApplyEventsResponse>("matching.v1.RoundEventService/ApplyEvents", events)),
            "FAILED_PRECONDITION ROUND_OF_OTHER_RULES");
}

}  // namespace
}  // namespace tsunagu::wire
