// Questions about solved rounds: comparisons, what-ifs, explanations.
#include "common/access/access.h"
#include "common/service/service.h"
#include "tests/wire/rounds.h"
#include "tsunagu/matching/v1/round_comparison.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RoundQuestionsTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    SetRole("reader", {"rounds.read"}, "matching");
    SetRole("solver", {"rounds.read", "rounds.solve"}, "matching");
    for (auto& opening : *snapshot_.mutable_openings()) {
      opening.set_area(opening.name() == "openings/d" ? "areas/322016" : "areas/312011");
    }
  }
  void Solve(const std::string& id, const matching_v1::Snapshot& snapshot, int32_t least = 0) {
    matching_v1::CreateRoundRequest request;
    request.set_round_id(id);
    request.mutable_round()->set_display_name("試験");
    request.mutable_round()->set_seed(7);
    request.mutable_round()->set_least_count(least);
    ASSERT_EQ(Said(admin().Call<matching_v1::Round>("matching.v1.RoundService/CreateRound", request)), "OK");
    ASSERT_EQ(Said(SolveRound(admin(), id, &snapshot)), "OK");
    Execute(matching(), "DELETE FROM `access_log`");
  }
  Caller Reader() { return CallerWith("reader", {"reader@*"}, "matching"); }

  static absl::StatusOr<matching_v1::CompareRoundsResponse> Compare(const Caller& caller, const std::string& one,
                                                                    const std::string& other, int size = 1000,
                                                                    const std::string& token = "") {
    matching_v1::CompareRoundsRequest request;
    request.set_name("rounds/" + one);
    request.set_other("rounds/" + other);
    request.set_page_size(size);
    request.set_page_token(token);
    return caller.Call<matching_v1::CompareRoundsResponse>("matching.v1.RoundComparisonService/CompareRounds", request);
  }
  static std::string Words(const matching_v1::RoundDifference& d) {
    return absl::StrCat(d.before().matched_count(), " of ", d.before().nurse_count(), " for ", d.before().post_count(),
                        ", then ", d.after().matched_count(), " of ", d.after().nurse_count(), " for ",
                        d.after().post_count(), "; same ", d.unchanged_count(), ", moved ", d.moved_count(),
                        ", placed ", d.placed_count(), ", displaced ", d.displaced_count(), ", gone ",
                        d.only_before_count(), ", new ", d.only_after_count());
  }
  static std::vector<std::string> Rows(const google::protobuf::RepeatedPtrField<matching_v1::OpeningChange>& openings) {
    std::vector<std::string> rows;
    for (const auto& row : openings) {
      rows.push_back(absl::StrCat(row.opening(), " ", row.filled_before(), "/", row.posts_before(), " ",
                                  row.filled_after(), "/", row.posts_after()));
    }
    return rows;
  }
  template <typename Change>
  absl::StatusOr<matching_v1::WhatIfResponse> WhatIf(const Caller& caller, Change change) {
    matching_v1::WhatIfRequest request;
    request.set_name("rounds/r1");
    change(request);
    return caller.Call<matching_v1::WhatIfResponse>("matching.v1.RoundComparisonService/WhatIf", request);
  }
  template <typename Response, typename Request>
  static absl::StatusOr<Response> Explain(const Caller& caller, const std::string& method, const Request& request) {
    return caller.Call<Response>("matching.v1.RoundExplanationService/" + method, request);
  }
  absl::StatusOr<matching_v1::ExplainAssignmentResponse> ExplainNurse(const Caller& caller, const std::string& nurse,
                                                                      const std::string& id = "r1") {
    matching_v1::ExplainAssignmentRequest request;
    request.set_name("rounds/" + id);
    request.set_nurse(nurse);
    return Explain<matching_v1::ExplainAssignmentResponse>(caller, "ExplainAssignment", request);
  }
  absl::StatusOr<matching_v1::ExplainOpeningResponse> ExplainOpening(const Caller& caller, const std::string& opening,
                                                                     const std::string& id = "r1") {
    matching_v1::ExplainOpeningRequest request;
    request.set_name("rounds/" + id);
    request.set_opening(opening);
    return Explain<matching_v1::ExplainOpeningResponse>(caller, "ExplainOpening", request);
  }
  absl::StatusOr<matching_v1::ExplainAreaResponse> ExplainArea(const Caller& caller, const std::string& area,
                                                               const std::string& id = "r1") {
    matching_v1::ExplainAreaRequest request;
    request.set_name("rounds/" + id);
    request.set_area(area);
    return Explain<matching_v1::ExplainAreaResponse>(caller, "ExplainArea", request);
  }
  static std::string Range(const matching_v1::Span& span) {
    return span.at_least() == span.at_most() ? absl::StrCat(span.at_least())
                                             : absl::StrCat(span.at_least(), "-", span.at_most());
  }
  int64_t Logged() { return Count(matching(), "SELECT COUNT(*) FROM `access_log`"); }

  matching_v1::Snapshot snapshot_ = ASnapshot(10);  // 2 posts at a, 2 at b; c and d fit nobody
};
WIRE_TEST_ON_BOTH(RoundQuestionsTest);

TEST_P(RoundQuestionsTest, ComparesWhoMovedAndWhatIsFilled) {
  matching_v1::Snapshot other = snapshot_;
  other.mutable_openings(0)->set_posts(5);
  other.mutable_nurses()->DeleteSubrange(1, 1);
  auto& newcomer = *other.add_nurses();
  newcomer = snapshot_.nurses(9);
  newcomer.set_name("nurses/n2000");
  newcomer.set_weekly_minutes(60);  // fits nothing
  Solve("r1", snapshot_);
  Solve("r2", other);
  const auto before = ListAssignments(admin(), "r1"), after = ListAssignments(admin(), "r2");
  Execute(matching(), "DELETE FROM `access_log`");
  const auto compared = Compare(reader(), "r1", "r2");
  ASSERT_EQ(Said(compared), "OK");
  // The same by hand.
  std::map<std::string, std::string> one, two;
  for (const auto& row : before->assignments()) one[row.nurse()] = row.opening();
  for (const auto& row : after->assignments()) two[row.nurse()] = row.opening();
  matching_v1::RoundDifference expected;
  std::vector<std::string> moves;
  for (const auto& [nurse, opening] : one) {
    const auto found = two.find(nurse);
    if (found == two.end() || found->second == opening) continue;
    moves.push_back(absl::StrCat(nurse, ": ", opening, " > ", found->second));
  }
  std::vector<std::string> told;
  for (const auto& row : compared->moves()) {
    told.push_back(absl::StrCat(row.nurse(), ": ", row.opening_before(), " > ", row.opening_after()));
  }
  EXPECT_EQ(told, moves);
  ASSERT_THAT(moves, testing::Not(IsEmpty()));
  const matching_v1::RoundDifference& d = compared->difference();
  EXPECT_EQ(d.moved_count() + d.placed_count() + d.displaced_count(), static_cast<int>(moves.size()));
  EXPECT_EQ(d.unchanged_count(), 9 - static_cast<int>(moves.size()));
  EXPECT_EQ(d.only_before_count(), 1);
  EXPECT_EQ(d.only_after_count(), 1);
  EXPECT_EQ(d.before().matched_count(), 4);
  EXPECT_EQ(d.after().matched_count(), 6);
  EXPECT_EQ(d.before().mean_metres(), 0) << "of fewer than five";
  EXPECT_GT(d.after().mean_metres(), 0);
  EXPECT_EQ(d.after().mean_metres() % 100, 0);
  EXPECT_EQ(d.before().third_choice_count(), 4);
  EXPECT_THAT(Rows(compared->openings()), ElementsAre("openings/a 2/2 5/5", "openings/b 2/2 1/2"));
  EXPECT_EQ(Logged(), 1);

  Execute(matching(), "DELETE FROM `access_log`");
  const auto counts = Compare(Reader().For("audit"), "r1", "r2");
  ASSERT_EQ(Said(counts), "OK");
  EXPECT_EQ(Words(counts->difference()), Words(d));
  EXPECT_EQ(counts->moves_size(), 0) << "who moved is as private as the snapshot";
  EXPECT_EQ(Logged(), 0);

  // One list in pages.
  std::vector<std::string> rows;
  std::string token;
  do {
    const auto page = Compare(reader(), "r1", "r2", 1, token);
    ASSERT_EQ(Said(page), "OK");
    EXPECT_EQ(page->openings_size() + page->moves_size(), 1);
    for (const auto& row : page->openings()) rows.push_back(row.opening());
    for (const auto& row : page->moves()) rows.push_back(row.nurse());
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_EQ(rows.size(), moves.size() + 2);
  EXPECT_EQ(rows.front(), "openings/a");
  ASSERT_EQ(Said(CreateRound(admin(), "draft", 1)), "OK");
  EXPECT_EQ(Said(Compare(admin(), "r1", "draft")), "FAILED_PRECONDITION ROUND_NOT_SOLVED");
  EXPECT_EQ(Said(Compare(admin(), "r1", "absent")), "NOT_FOUND ROUND_NOT_FOUND");
}

TEST_P(RoundQuestionsTest, SaysWhatWouldDifferAndStoresNothing) {
  Solve("r1", snapshot_);
  const Caller solver = CallerWith("solver", {"solver@*"}, "matching");
  // A what-if has the same result as a separate round.
  int rounds = 0;
  const auto as_if = [&](const absl::StatusOr<matching_v1::WhatIfResponse>& told, auto change) {
    ASSERT_EQ(Said(told), "OK");
    matching_v1::Snapshot changed = snapshot_;
    change(changed);
    const std::string id = absl::StrCat("as-if-", ++rounds);
    Solve(id, changed);
    const auto compared = Compare(admin(), "r1", id);
    EXPECT_EQ(Words(told->difference()), Words(compared->difference()));
    EXPECT_EQ(Rows(told->openings()), Rows(compared->openings()));
  };
  const auto more = WhatIf(solver, [](auto& request) {
    auto& change = *request.add_changes()->mutable_add_posts();
    change.set_opening("openings/a");
    change.set_posts(3);
  });
  as_if(more, [](auto& changed) { changed.mutable_openings(0)->set_posts(5); });
  EXPECT_THAT(Rows(more->openings()), ElementsAre("openings/a 2/2 5/5", "openings/b 2/2 1/2"));
  const auto fewer =
      WhatIf(solver, [](auto& request) { request.add_changes()->mutable_remove_opening()->set_opening("openings/b"); });
  EXPECT_EQ(fewer->difference().after().matched_count(), 2);
  EXPECT_THAT(Rows(fewer->openings()), ElementsAre("openings/b 2/2 0/0"));

  const auto trained = [](auto& request) {
    auto& change = *request.add_changes()->mutable_change_nurse();
    change.set_nurse("nurses/n1001");
    change.add_skills(registry_v1::SKILL_VENTILATOR);
  };
  EXPECT_EQ(Said(WhatIf(solver.For("audit"), trained)), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(Said(WhatIf(admin(), trained)), "INVALID_ARGUMENT PURPOSE_REQUIRED");
  EXPECT_EQ(Logged(), 0);
  const auto taught = WhatIf(reader(), trained);
  ASSERT_EQ(Said(taught), "OK");
  EXPECT_EQ(Logged(), 1);
  as_if(taught, [](auto& changed) { changed.mutable_nurses(1)->add_skills(registry_v1::SKILL_VENTILATOR); });
  EXPECT_GT(taught->difference().placed_count(), 0) << "she goes first at her wish now";
  const auto further = WhatIf(reader(), [](auto& request) {
    auto& change = *request.add_changes()->mutable_change_nurse();
    change.set_nurse("nurses/n1001");
    change.set_extra_metres(900'000);
  });
  EXPECT_THAT(Rows(further->openings()), ElementsAre("openings/d 0/5 1/5"));

  EXPECT_EQ(Said(WhatIf(reader(),
                        [](auto& request) {
                          request.add_changes()->mutable_remove_opening()->set_opening("openings/x");
                          request.add_changes()->mutable_change_nurse()->set_nurse("nurses/x");
                          request.add_changes();
                        })),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].remove_opening.opening:NOT_IN_ROUND "
            "changes[1].change_nurse.nurse:NOT_IN_ROUND changes[2]:FIELD_REQUIRED");
  // Nothing has changed.
  EXPECT_TRUE(Verify(admin(), "r1")->stable());
  EXPECT_EQ(Words(Compare(admin(), "r1", "r1")->difference()),
            "4 of 10 for 14, then 4 of 10 for 14; same 10, moved 0, placed 0, displaced 0, gone 0, new 0");
}

TEST_P(RoundQuestionsTest, ExplainsToANurseWithoutTellingOfOthers) {
  snapshot_.mutable_nurses(1)->set_weekly_minutes(1000);  // n1001 has no suction either
  Solve("r1", snapshot_);
  EXPECT_EQ(Said(ExplainNurse(admin(), "nurses/n1001")), "INVALID_ARGUMENT PURPOSE_REQUIRED");
  EXPECT_EQ(Said(ExplainNurse(reader(), "nurses/x")), "INVALID_ARGUMENT INVALID_REQUEST nurse:NOT_IN_ROUND");
  EXPECT_EQ(Logged(), 0);
  const auto her = ExplainNurse(reader(), "nurses/n1001");
  ASSERT_EQ(Said(her), "OK");
  EXPECT_EQ(Logged(), 1);
  EXPECT_EQ(her->assignment().unmatched_reason(), matching_v1::UNMATCHED_REASON_NO_ELIGIBLE_OPENING);
  ASSERT_EQ(her->steps_size(), 4) << "nothing stops at what she got";
  EXPECT_EQ(her->steps(0).opening(), "openings/a") << "her wish";
  EXPECT_EQ(her->steps(0).blocker(), matching_v1::BLOCKER_HOURS);
  EXPECT_EQ(her->steps(0).extra_minutes(), 200);
  EXPECT_EQ(her->steps(0).text().ja(), "週にあと200分の勤務が必要です。");
  EXPECT_EQ(her->steps(0).text().en(), "It takes 200 more minutes a week.");
  EXPECT_EQ(her->steps(1).opening(), "openings/b");
  EXPECT_EQ(her->steps(1).blocker(), matching_v1::BLOCKER_SKILLS);
  EXPECT_THAT(her->steps(1).missing_skills(), ElementsAre(registry_v1::SKILL_SUCTION));
  EXPECT_EQ(her->steps(1).text().ja(), "必要なケアの研修が必要です。週にあと200分の勤務が必要です。");
  EXPECT_EQ(her->steps(1).text().en(), "Training in care is needed. It takes 200 more minutes a week.");
  EXPECT_EQ(her->steps(3).opening(), "openings/d");
  EXPECT_GT(her->steps(3).extra_metres(), 100'000);

  // A nurse who is refused by a full opening learns its cut-off, if enough nurses have posts there.
  const auto rows = ListAssignments(admin(), "r1");
  std::string refused;
  for (const auto& row : rows->assignments()) {
    if (row.unmatched_reason() == matching_v1::UNMATCHED_REASON_OUTRANKED) refused = row.nurse();
  }
  ASSERT_NE(refused, "");
  Solve("two", snapshot_, 2);
  const auto full = ExplainNurse(reader(), refused, "two");
  EXPECT_EQ(full->steps(0).blocker(), matching_v1::BLOCKER_UNSPECIFIED);
  EXPECT_GT(full->steps(0).cut_off_kilometres(), 0);
  EXPECT_NE(full->steps(0).decided_by(), matching_v1::PRIORITY_RULE_UNSPECIFIED);
  EXPECT_THAT(full->text().ja(), testing::StartsWith("条件の合う求人は、優先順位が上の人で埋まりました。"));
  // However many could have come, two are few: the last of them would be one of two.
  const auto few = ExplainNurse(reader(), refused);
  EXPECT_EQ(few->steps(0).blocker(), matching_v1::BLOCKER_UNSPECIFIED);
  EXPECT_EQ(few->steps(0).cut_off_kilometres(), 0);
  EXPECT_EQ(few->steps(0).cut_off_extra_skills(), 0);
  EXPECT_EQ(few->steps(0).decided_by(), matching_v1::PRIORITY_RULE_UNSPECIFIED);
  EXPECT_EQ(few->steps(0).post_count(), 2);
  EXPECT_GE(few->steps(0).eligible().at_most(), 5);
  EXPECT_THAT(few->steps(0).text().en(),
              testing::HasSubstr("Who goes first is decided by further skills, then by the way to work (hers is "));
  EXPECT_THAT(few->steps(0).text().ja(), testing::Not(testing::HasSubstr("最後に決まった人")));

  // A nurse who got her first choice has no earlier choices.
  std::string first;
  for (const auto& row : rows->assignments()) {
    if (row.choice() == 1) first = row.nurse();
  }
  const auto content = ExplainNurse(reader(), first);
  EXPECT_EQ(content->steps_size(), 0);
  EXPECT_THAT(content->text().en(), testing::StartsWith("Choice number 1, about "));
}

// Six nurses for five posts: what decided between her who is left and the last who got in.
TEST_P(RoundQuestionsTest, SaysWhichRuleDecided) {
  snapshot_.mutable_openings()->DeleteSubrange(1, 3);
  snapshot_.mutable_openings(0)->set_posts(5);
  snapshot_.mutable_nurses()->DeleteSubrange(6, 4);
  for (auto& nurse : *snapshot_.mutable_nurses()) {
    nurse.clear_wishes();
    nurse.clear_skills();
    nurse.add_skills(registry_v1::SKILL_SUCTION);
    nurse.set_home_mesh("53341198");
  }
  struct Case {
    const char* name;
    std::function<void(matching_v1::SnapshotNurse&)> change;  // of the first
    matching_v1::PriorityRule decided_by;
    const char *ja, *en;
  };
  const Case cases[] = {
      {"skills", [](auto& nurse) { nurse.clear_skills(); }, matching_v1::PRIORITY_RULE_SKILLS,
       "できるケアの数で決まりました。",
       "The last of them lives within 1 km; this nurse has 1 km. The further skills decided."},
      {"way", [](auto& nurse) { nurse.set_home_mesh("53341188"); }, matching_v1::PRIORITY_RULE_WAY,
       "できるケアの数は同じで、通勤の近さで決まりました。", "the way to work decided."},
      {"lot", [](auto&) {}, matching_v1::PRIORITY_RULE_LOT, "できるケアの数も通勤の距離も同じで、抽選で決まりました。",
       "the lots decided."},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    matching_v1::Snapshot snapshot = snapshot_;
    one.change(*snapshot.mutable_nurses(0));
    Solve(one.name, snapshot);
    std::string left;
    const auto rows = ListAssignments(admin(), one.name);
    for (const auto& row : rows->assignments()) {
      if (row.opening().empty()) left = row.nurse();
    }
    const auto told = ExplainNurse(reader(), left, one.name);
    ASSERT_EQ(told->steps_size(), 1);
    EXPECT_EQ(told->steps(0).decided_by(), one.decided_by);
    EXPECT_THAT(told->steps(0).text().ja(), testing::HasSubstr(one.ja));
    EXPECT_THAT(told->steps(0).text().en(), testing::HasSubstr(one.en));
    EXPECT_EQ(told->steps(0).cut_off_kilometres(), 1);
    // By lot tells that the last lives as far away: of few it is not said.
    Solve(absl::StrCat(one.name, "-six"), snapshot, 6);
    const auto few = ExplainNurse(reader(), left, absl::StrCat(one.name, "-six"));
    EXPECT_EQ(few->steps(0).decided_by(), matching_v1::PRIORITY_RULE_UNSPECIFIED);
    EXPECT_EQ(few->steps(0).cut_off_kilometres(), 0);
    EXPECT_EQ(few->steps(0).cut_off_extra_skills(), 0);
  }
}

TEST_P(RoundQuestionsTest, ExplainsAnOpeningInSpansOfFew) {
  Solve("r1", snapshot_);
  const Caller reader = Reader();
  const auto c = ExplainOpening(reader, "openings/c");
  ASSERT_EQ(Said(c), "OK");
  EXPECT_EQ(c->post_count(), 5);
  EXPECT_EQ(c->filled_count(), 0);
  EXPECT_EQ(Range(c->eligible()), "0");
  EXPECT_EQ(c->obstacles().main_blocker(), matching_v1::BLOCKER_SKILLS);
  EXPECT_EQ(Range(c->obstacles().blocked()), "6");
  EXPECT_EQ(c->obstacles().missing_skill(), registry_v1::SKILL_VENTILATOR);
  EXPECT_EQ(Range(c->obstacles().by_skill()), "6");
  EXPECT_EQ(c->text().ja(),
            "募集5人のうち0人が決まりました。条件の合う人は0人で、うち0人は、より希望順の高い求人に決まりました。"
            "就職先の決まっていない人が対象にならない理由のうち、示せるもので最も多いのは「できるケア」です（6人）。"
            "「人工呼吸器」の研修を行うと、6人が対象になります。");
  const auto b = ExplainOpening(reader, "openings/b");
  // Five have suction: two are there, of the others at least one has what she prefers or nothing.
  EXPECT_EQ(b->filled_count(), 2);
  EXPECT_THAT(Range(b->refused()), testing::AnyOf("0", "1-4"));
  EXPECT_EQ(b->eligible().at_least(), 2 + b->elsewhere().at_least() + b->refused().at_least());
  EXPECT_EQ(b->eligible().at_most(), 2 + b->elsewhere().at_most() + b->refused().at_most());
  EXPECT_LE(b->eligible().at_least(), 5);
  EXPECT_GE(b->eligible().at_most(), 5);
  EXPECT_EQ(Said(ExplainOpening(reader, "openings/x")), "INVALID_ARGUMENT INVALID_REQUEST opening:NOT_IN_ROUND");
  Solve("r2", snapshot_, 1);
  const auto exact = ExplainOpening(reader, "openings/b", "r2");
  EXPECT_EQ(Range(exact->eligible()), "5") << "nothing is too small";
  Solve("r3", snapshot_, 7);
  EXPECT_EQ(Range(ExplainOpening(reader, "openings/c", "r3")->obstacles().by_skill()), "1-6");
  EXPECT_EQ(Logged(), 0) << "of nobody";
}

// That nurses would not work at a facility is told to nobody, so no text says that nobody or no more are kept away.
TEST_P(RoundQuestionsTest, WhatIsToldToNobodyMakesNoReasonFalse) {
  snapshot_.mutable_openings()->DeleteSubrange(1, 3);
  snapshot_.mutable_nurses()->DeleteSubrange(9, 1);
  for (auto& nurse : *snapshot_.mutable_nurses()) {
    nurse.clear_wishes();
    nurse.add_unwanted_facilities("facilities/a");
  }
  Solve("all", snapshot_);
  for (int i = 0; i < 2; ++i) snapshot_.mutable_nurses(i)->set_weekly_minutes(600);
  for (int i = 0; i < 2; ++i) snapshot_.mutable_nurses(i)->clear_unwanted_facilities();
  Solve("most", snapshot_);
  const auto texts = [&](const std::string& round, bool in_english) {
    std::vector<std::string> texts;
    for (const platform_v1::Label& text : {ExplainOpening(Reader(), "openings/a", round)->text(),
                                           ExplainArea(Reader(), "", round)->shortages(0).text()}) {
      texts.push_back(in_english ? text.en() : text.ja());
    }
    return texts;
  };
  EXPECT_THAT(texts("all", false), testing::Each(testing::EndsWith(
                                       "就職先の決まっていない人について、示せる理由はありません。求職者が増えると"
                                       "、埋まることがあります。")));
  EXPECT_THAT(
      texts("all", true),
      testing::Each(testing::EndsWith("For those without a post, no reason can be named. More nurses may fill it.")));
  EXPECT_THAT(texts("most", false),
              testing::Each(testing::HasSubstr("理由のうち、示せるもので最も多いのは「勤務時間」です（1〜4人）。")));
  EXPECT_THAT(texts("most", true),
              testing::Each(testing::HasSubstr(
                  "Of the reasons that can be named, this keeps most of those without a post away: hours (1 to 4).")));
  EXPECT_EQ(ExplainNurse(reader(), "nurses/n1008", "all")->text().en(),
            "No opening fitted. What stops most: facilities where she would not work (1 opening).");
}

TEST_P(RoundQuestionsTest, SumsUpAnArea) {
  Solve("r1", snapshot_);
  const auto said = [&](const std::string& area) {
    const auto sums = ExplainArea(Reader(), area);
    std::string text = absl::StrCat(sums->filled_count(), "/", sums->post_count(), " in ", sums->opening_count());
    for (const auto& row : sums->short_posts()) {
      absl::StrAppend(&text, ", ", row.post_count(), " ", matching_v1::Blocker_Name(row.blocker()));
    }
    for (const auto& row : sums->shortages()) absl::StrAppend(&text, "; ", row.opening());
    return text;
  };
  EXPECT_EQ(said(""), "4/14 in 4, 5 BLOCKER_SKILLS, 5 BLOCKER_DISTANCE; openings/c; openings/d");
  EXPECT_EQ(said("areas/310000"), "4/9 in 3, 5 BLOCKER_SKILLS; openings/c");
  EXPECT_EQ(said("areas/322016"), "0/5 in 1, 5 BLOCKER_DISTANCE; openings/d");
  EXPECT_EQ(Said(ExplainArea(Reader(), "areas/130001")), "INVALID_ARGUMENT INVALID_REQUEST area:REFERENCE_NOT_FOUND");
  EXPECT_EQ(Said(ExplainArea(Reader(), "areas/313025")), "INVALID_ARGUMENT INVALID_REQUEST area:REFERENCE_NOT_FOUND");
  const auto all = ExplainArea(Reader(), "");
  EXPECT_EQ(all->text().ja(), "求人4件の募集14人のうち4人が決まりました。");
  EXPECT_EQ(all->text().en(), "4 openings: 4 of 14 posts are filled.");
  // What the registry has is an area without openings.
  CreateAreas();
  ASSERT_EQ(Said(server().host().Find("matching")->access().LoadPlaces()), "OK");
  EXPECT_EQ(said("areas/313025"), "0/0 in 0");
  EXPECT_EQ(Said(ExplainArea(Reader(), "areas/999999")), "INVALID_ARGUMENT INVALID_REQUEST area:REFERENCE_NOT_FOUND");
}

// The care that a facility needs reveals its few children. Only openings/c of facilities/c needs a ventilator.
TEST_P(RoundQuestionsTest, NamesCareWhereManyFacilitiesNeedIt) {
  Solve("few", snapshot_);
  Solve("one", snapshot_, 1);
  Solve("two", snapshot_, 2);
  std::string nurse;  // whom a ventilator would help
  const auto rows = ListAssignments(admin(), "few");
  for (const auto& row : rows->assignments()) {
    if (row.missing_skill() == registry_v1::SKILL_VENTILATOR) nurse = row.nurse();
  }
  ASSERT_NE(nurse, "");
  const auto said = [&](const std::string& round) {
    const auto area = ExplainArea(Reader(), "", round);
    return std::vector<std::string>{ExplainNurse(reader(), nurse, round)->text().ja(), area->shortages(0).text().ja()};
  };
  const auto names = testing::HasSubstr("「人工呼吸器」の研修を");
  const auto names_none =
      testing::AllOf(testing::HasSubstr("名称は示しません"), testing::Not(testing::HasSubstr("人工呼吸器")));
  EXPECT_THAT(said("few"), ElementsAre(names_none, names_none));
  EXPECT_THAT(said("one"), ElementsAre(names, names));
  EXPECT_THAT(said("two"), ElementsAre(names_none, names_none)) << "one facility needs it";
  snapshot_.mutable_openings(3)->add_required_skills(registry_v1::SKILL_VENTILATOR);
  Solve("both", snapshot_, 2);
  EXPECT_THAT(said("both")[1], names);
  const auto one = ExplainNurse(reader(), nurse, "one");
  for (const auto& step : one->steps()) {
    EXPECT_THAT(step.text().ja(), testing::Not(testing::HasSubstr("人工呼吸器")))
        << "of one facility it is never named";
  }
}

TEST_P(RoundQuestionsTest, ANurseAndAFacilityAskForThemselves) {
  Solve("r1", snapshot_);
  const auto rows = ListAssignments(admin(), "r1");
  std::string nurse;  // whom a ventilator would help
  for (const auto& row : rows->assignments()) {
    if (row.missing_skill() == registry_v1::SKILL_VENTILATOR) nurse = row.nurse();
  }
  ASSERT_NE(nurse, "");
  const Caller herself = CallerWith("herself", {"nurse@" + nurse}, "matching");
  const Caller manager = CallerWith("manager", {"facility-manager@facilities/c"}, "matching");
  const auto ask = [](const Caller& caller, const std::string& about) {
    matching_v1::ExplainOwnAssignmentRequest request;
    request.set_name("rounds/r1");
    request.set_nurse(about);
    return Explain<matching_v1::ExplainAssignmentResponse>(caller, "ExplainOwnAssignment", request);
  };
  const auto ask_opening = [](const Caller& caller, const std::string& about) {
    matching_v1::ExplainOwnOpeningRequest request;
    request.set_name("rounds/r1");
    request.set_opening(about);
    return Explain<matching_v1::ExplainOpeningResponse>(caller, "ExplainOwnOpening", request);
  };
  EXPECT_EQ(Said(ask(herself.For("own"), nurse)), "FAILED_PRECONDITION RESULT_NOT_KNOWN_YET");
  EXPECT_EQ(Said(ask_opening(manager, "openings/c")), "FAILED_PRECONDITION RESULT_NOT_KNOWN_YET");
  ASSERT_EQ(Said(PublishRound(admin(), "r1")), "OK");
  EXPECT_EQ(Said(ask(herself, nurse)), "INVALID_ARGUMENT PURPOSE_REQUIRED");
  const int64_t logged = Logged();
  const auto told = ask(herself.For("own"), nurse);
  ASSERT_EQ(Said(told), "OK");
  EXPECT_EQ(Logged(), logged + 1);
  const auto of_office = ExplainNurse(reader(), nurse);
  EXPECT_EQ(told->text().ja(), of_office->text().ja());
  EXPECT_EQ(told->steps_size(), of_office->steps_size());
  EXPECT_EQ(of_office->assignment().missing_skill(), registry_v1::SKILL_VENTILATOR);
  EXPECT_THAT(told->DebugString(), testing::Not(testing::HasSubstr("SKILL_"))) << "one facility needs it";
  const std::string other = nurse == "nurses/n1001" ? "nurses/n1002" : "nurses/n1001";
  ASSERT_EQ(Said(ExplainNurse(reader(), other)), "OK");
  EXPECT_EQ(Said(ask(herself.For("own"), other)), "INVALID_ARGUMENT INVALID_REQUEST nurse:NOT_IN_ROUND");
  EXPECT_EQ(Said(ExplainNurse(herself.For("own"), nurse)), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(Said(ask(manager.For("own"), nurse)), "INVALID_ARGUMENT INVALID_REQUEST nurse:NOT_IN_ROUND");

  const auto c = ask_opening(manager, "openings/c");
  ASSERT_EQ(Said(c), "OK");
  EXPECT_EQ(c->text().ja(), ExplainOpening(Reader(), "openings/c")->text().ja());
  EXPECT_EQ(Said(ask_opening(manager, "openings/a")), "INVALID_ARGUMENT INVALID_REQUEST opening:NOT_IN_ROUND");
  EXPECT_EQ(Said(ask_opening(herself, "openings/c")), "INVALID_ARGUMENT INVALID_REQUEST opening:NOT_IN_ROUND");
}

// She knows what she can do: the number of her skills beyond the required ones would tell which care is required.
TEST_P(RoundQuestionsTest, ANurseDoesNotLearnTheCareOfOneOpening) {
  snapshot_.mutable_openings()->DeleteSubrange(0, 2);  // c needs a ventilator, d is too far away
  snapshot_.mutable_openings(0)->set_posts(1);
  for (auto& nurse : *snapshot_.mutable_nurses()) {
    nurse.clear_wishes();
    nurse.clear_skills();
    nurse.add_skills(registry_v1::SKILL_VENTILATOR);
  }
  Solve("few", snapshot_);
  Solve("one", snapshot_, 1);  // the last who got in is told
  for (const std::string id : {"few", "one"}) {
    SCOPED_TRACE(id);
    ASSERT_EQ(Said(PublishRound(admin(), id)), "OK");
    std::string left;
    const auto rows = ListAssignments(admin(), id);
    for (const auto& row : rows->assignments()) {
      if (row.opening().empty()) left = row.nurse();
    }
    matching_v1::ExplainOwnAssignmentRequest request;
    request.set_name("rounds/" + id);
    request.set_nurse(left);
    const Caller herself = CallerWith("herself-" + id, {"nurse@" + left}, "matching").For("own");
    const auto told = Explain<matching_v1::ExplainAssignmentResponse>(herself, "ExplainOwnAssignment", request);
    ASSERT_EQ(Said(told), "OK");
    ASSERT_EQ(told->steps_size(), 2);
    for (const auto& step : told->steps()) {
      EXPECT_THAT(step.missing_skills(), IsEmpty());
      EXPECT_EQ(step.extra_skills(), 0);
      EXPECT_EQ(step.cut_off_extra_skills(), 0);
      EXPECT_THAT(step.text().ja(), testing::Not(testing::HasSubstr("種類")));
      EXPECT_THAT(step.text().en(), testing::Not(testing::ContainsRegex("[0-9] further skill|skills \\(|kinds? of")));
    }
    EXPECT_EQ(ExplainNurse(reader(), left, id)->steps(1).extra_skills(), 1) << "the office is told it: d needs nothing";
  }
}

TEST_P(RoundQuestionsTest, DrawsAMapOfFacilitiesAndOfNobody) {
  snapshot_.mutable_openings(1)->set_facility("facilities/b\"");
  ASSERT_EQ(Said(CreateRound(admin(), "quoted", 7)), "OK");
  EXPECT_EQ(Said(SolveRound(admin(), "quoted", &snapshot_)),
            "INVALID_ARGUMENT INVALID_REQUEST snapshot.openings[1].facility:MALFORMED_NAME");
  snapshot_.mutable_openings(1)->set_facility("facilities/b-1");
  Solve("r1", snapshot_);
  matching_v1::GetRoundMapRequest request;
  request.set_name("rounds/r1");
  const auto map = Explain<matching_v1::GetRoundMapResponse>(Reader(), "GetRoundMap", request);
  ASSERT_EQ(Said(map), "OK");
  const std::string& json = map->geo_json();
  EXPECT_THAT(json,
              testing::StartsWith("{\"type\":\"FeatureCollection\",\"after_event\":0,\"features\":[\n"
                                  "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":"
                                  "[134.231000,35.495000]},\"properties\":{\"opening\":\"openings/a\",\"facility\":"
                                  "\"facilities/a\",\"posts\":2,\"filled\":2,\"short\":0}},\n"));
  EXPECT_THAT(json, testing::HasSubstr("\"facility\":\"facilities/b-1\""));
  EXPECT_THAT(json,
              testing::HasSubstr("\"openings/c\",\"facility\":\"facilities/c\",\"posts\":5,\"filled\":0,\"short\":5}"));
  EXPECT_THAT(json, testing::Not(testing::HasSubstr("nurse")));
}

}  // namespace
}  // namespace tsunagu::wire
