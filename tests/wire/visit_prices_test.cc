// The prices of caps, floors and half-days of a round of visits, compared with every possible cover; and the cut-offs.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/wire/visit_round_test_base.h"
#include "tests/wire/visit_rows.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/visit_event.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using Cutoff = matching_v1::ListCutoffsResponse::Cutoff;

// The best cover of few rows, by trying all of them.
class EveryCover {
 public:
  // A set of facilities that counts visits.
  struct Set {
    std::vector<std::string> facilities;
    int limit = 1'000;
    int least = 0;
  };
  struct Value {
    int visits = 0;
    int64_t saved = 0;  // metres, below 0
    auto operator<=>(const Value&) const = default;
  };

  EveryCover(const matching_v1::Snapshot& rows, std::vector<Set> sets) : rows_(rows), sets_(std::move(sets)) {
    for (const auto& supply : rows.supplies()) {
      for (const auto& given : supply.given()) {
        left_[{supply.name(), given.half_day(), given.holidays()}] = given.visit_count();
      }
      left_[{supply.name(), 0, false}] = supply.school_visit_count();
      left_[{supply.name(), 0, true}] = supply.holiday_visit_count();
      left_[{supply.name(), -1, false}] = supply.all_visit_count();
    }
    for (const auto& opening : rows.openings()) {
      for (const auto& visit : opening.visits()) AddHalfDay(opening, visit);
    }
  }

  // None where floors cannot be met.
  std::optional<Value> Best() {
    counts_.assign(sets_.size(), 0);
    best_.reset();
    Try(0, {});
    return best_;
  }

 private:
  using Key = std::tuple<std::string, int, bool>;
  struct Pair {
    const matching_v1::SnapshotSupply* supply;
    Key half_day, at_once, weekly, all;
    std::vector<size_t> sets;
    int64_t metres;
  };

  void AddHalfDay(const matching_v1::SnapshotOpening& opening, const matching_v1::SnapshotHalfDay& visit) {
    const Key half_day = {opening.name(), visit.half_day(), visit.holidays()};
    left_[half_day] = visit.posts();
    for (const auto& supply : rows_.supplies()) {
      // All stand on one meridian.
      const int64_t centimetres = std::abs(int64_t{supply.latitude_e6()} - opening.latitude_e6()) * 111'195 / 10'000;
      Pair pair = {&supply,
                   half_day,
                   {supply.name(), visit.half_day(), visit.holidays()},
                   {supply.name(), 0, visit.holidays()},
                   {supply.name(), -1, false},
                   {},
                   (centimetres + 50) / 100};
      const auto has = [](const auto& all, const auto& one) {
        return std::find(all.begin(), all.end(), one) != all.end();
      };
      const bool able = std::all_of(visit.required_skills().begin(), visit.required_skills().end(),
                                    [&](const int skill) { return has(supply.skills(), skill); });
      if (!able || pair.metres > supply.reach_metres() || has(supply.unwanted_facilities(), opening.facility()) ||
          left_.count(pair.at_once) == 0) {
        continue;
      }
      for (size_t set = 0; set < sets_.size(); ++set) {
        if (has(sets_[set].facilities, opening.facility())) pair.sets.push_back(set);
      }
      pairs_.push_back(std::move(pair));
    }
  }

  void Try(size_t next, Value value) {
    if (next == pairs_.size()) {
      for (size_t set = 0; set < sets_.size(); ++set) {
        if (counts_[set] < sets_[set].least) return;
      }
      if (!best_ || value > *best_) best_ = value;
      return;
    }
    const Pair& pair = pairs_[next];
    int used = 0;
    const auto use = [&](int change) {
      used += change;
      for (const Key* key : {&pair.half_day, &pair.at_once, &pair.weekly, &pair.all}) left_[*key] -= change;
      for (const size_t set : pair.sets) counts_[set] += change;
      value.visits += change;
      value.saved -= change * pair.metres;
    };
    const auto fits = [&] {
      return std::all_of(pair.sets.begin(), pair.sets.end(),
                         [&](size_t set) { return counts_[set] <= sets_[set].limit; }) &&
             std::min({left_[pair.half_day], left_[pair.at_once], left_[pair.weekly], left_[pair.all]}) >= 0;
    };
    for (; fits(); use(1)) Try(next + 1, value);
    use(-used);
  }

  const matching_v1::Snapshot rows_;
  const std::vector<Set> sets_;
  std::map<Key, int> left_;
  std::vector<Pair> pairs_;
  std::vector<int> counts_;
  std::optional<Value> best_;
};

class VisitPricesTest : public VisitRoundTestBase {
 protected:
  void SetUp() override {
    VisitRoundTestBase::SetUp();
    if (!IsSkipped()) SetRole("reader", {"rounds.read"}, "matching");
  }
  absl::StatusOr<matching_v1::ListCutoffsResponse> Page(const Caller& caller, const std::string& id,
                                                        const std::string& fields = "") {
    return Ask<matching_v1::ListCutoffsResponse, matching_v1::ListCutoffsRequest>(
        caller, "RoundService/ListCutoffs", absl::StrCat("parent: 'rounds/", id, "' ", fields));
  }
  std::vector<Cutoff> Listed(const std::string& id) {
    const auto page = Page(CallerWith("reader", {"reader@*"}, "matching"), id);
    EXPECT_EQ(Said(page), "OK");
    return page.ok() ? std::vector<Cutoff>(page->cutoffs().begin(), page->cutoffs().end()) : std::vector<Cutoff>();
  }

  // Few enough rows to try every cover; the facilities f0 and f1 are in one municipality, f2 in another.
  static matching_v1::Snapshot FewRows(unsigned seed) {
    matching_v1::Snapshot rows = RandomVisits(seed).Rows();
    rows.mutable_supplies()->DeleteSubrange(3, rows.supplies_size() - 3);
    for (auto& opening : *rows.mutable_openings()) {
      opening.set_area(opening.facility() == "facilities/f2" ? "areas/313025" : "areas/312011");
    }
    return rows;
  }
  static int64_t InHundreds(int64_t metres) { return (metres > 0 ? metres + 99 : metres) / 100 * 100; }
  // "2 visits 300 m".
  static std::string Text(const matching_v1::Worth& worth) {
    return worth.floor() ? "beyond" : absl::StrCat(worth.weight(), " visits ", worth.metres(), " m");
  }
  static std::string Gain(const EveryCover::Value& from, const EveryCover::Value& to) {
    return absl::StrCat(to.visits - from.visits, " visits ", InHundreds(to.saved - from.saved), " m");
  }
};
WIRE_TEST_ON_BOTH(VisitPricesTest);

struct Tally {
  int solved = 0, refused = 0, limits = 0, floors = 0, beyond = 0, half_days = 0, inner = 0;
};

// Municipalities lie in nothing here, and the facility f0 in one of them.
TEST_P(VisitPricesTest, CapsAndFloorsCostWhatTheRoundLoses) {
  Tally tally;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    const matching_v1::Snapshot rows = FewRows(seed);
    const int least = static_cast<int>(seed % 4);
    std::vector<EveryCover::Set> sets = {{{"facilities/f0", "facilities/f1"}, 1 + static_cast<int>(seed % 3)},
                                         {{"facilities/f2"}, 4, least},
                                         {{"facilities/f0"}, 1}};
    const auto best_of = [&] { return EveryCover(rows, sets).Best(); };
    const std::string id = absl::StrCat("r", seed);
    std::string fields =
        absl::StrCat("objective: OBJECTIVE_COVERAGE caps { place: 'areas/312011' limit: ", sets[0].limit,
                     " } caps { place: 'areas/313025' limit: 4 } caps { place: 'facilities/f0' limit: 1 } ");
    if (least > 0) absl::StrAppend(&fields, "floors { place: 'areas/313025' least: ", least, " }");
    ASSERT_EQ(CreateOfVisits(id, fields), "OK");
    const std::string said = Said(SolveRound(admin(), id, &rows));
    const auto best = best_of();
    ASSERT_EQ(said == "OK", best.has_value()) << said;
    tally.refused += !best.has_value();
    if (!best.has_value()) continue;
    ++tally.solved;
    std::map<std::string, Cutoff> told;
    for (const Cutoff& row : Listed(id)) {
      if (row.half_day() == registry_v1::HALF_DAY_UNSPECIFIED) told[row.name()] = row;
    }
    const auto one_more = [&](int& number) {
      ++number;
      const auto then = best_of();
      --number;
      return then;
    };
    for (const auto& [place, set] : std::map<std::string, int>{{"areas/312011", 0}, {"areas/313025", 1}}) {
      if (told.count(place) == 0) continue;
      EXPECT_EQ(Text(told[place].worth()), Gain(*best, *one_more(sets[set].limit))) << place;
      tally.limits += told[place].price() > 0;
    }
    if (told.count("facilities/f0") > 0) {
      const matching_v1::Worth& worth = told["facilities/f0"].worth();
      const auto then = *one_more(sets[2].limit);
      EXPECT_GE(std::pair(worth.weight(), worth.metres()),
                std::pair(int64_t{then.visits} - best->visits, InHundreds(then.saved - best->saved)));
      tally.inner += worth.weight() > 0;
    }
    if (least == 0) continue;
    const auto floor = one_more(sets[1].least);
    EXPECT_EQ(Text(told["areas/313025"].floor_worth()), floor ? Gain(*floor, *best) : "beyond");
    tally.floors += floor && *floor != *best;
    tally.beyond += !floor;
  }
  EXPECT_GT(tally.solved, 12);
  EXPECT_GT(tally.refused, 0);
  EXPECT_GT(tally.limits, 4);
  EXPECT_GT(tally.inner, 0);
  EXPECT_GT(tally.floors, 0);
  EXPECT_GT(tally.beyond, 0);
}

TEST_P(VisitPricesTest, AHalfDayInNoCapIsWorthWhatOneMoreBrings) {
  int worth = 0;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    matching_v1::Snapshot rows = FewRows(seed);
    const auto best = EveryCover(rows, {}).Best();
    const std::string id = absl::StrCat("r", seed);
    ASSERT_EQ(CreateOfVisits(id, "objective: OBJECTIVE_COVERAGE"), "OK");
    ASSERT_EQ(Said(SolveRound(admin(), id, &rows)), "OK");
    const std::vector<Cutoff> listed = Listed(id);
    ASSERT_EQ(listed.size(), 8u);
    for (const Cutoff& row : listed) {
      auto opening = std::find_if(rows.mutable_openings()->begin(), rows.mutable_openings()->end(),
                                  [&](const auto& one) { return one.name() == row.name(); });
      auto visit = std::find_if(
          opening->mutable_visits()->begin(), opening->mutable_visits()->end(),
          [&](const auto& one) { return one.half_day() == row.half_day() && one.holidays() == row.holidays(); });
      visit->set_posts(visit->posts() + 1);
      const std::string gain = Gain(*best, *EveryCover(rows, {}).Best());
      visit->set_posts(visit->posts() - 1);
      EXPECT_EQ(Text(row.worth()), gain) << row.ShortDebugString();
      worth += gain != "0 visits 0 m";
      const auto explained = Ask<matching_v1::ExplainVisitResponse, matching_v1::ExplainVisitRequest>(
          admin(), "VisitRoundService/ExplainVisit",
          absl::StrCat("name: 'rounds/", id, "' opening: '", row.name(), "' half_day: ", row.half_day(),
                       " holidays: ", row.holidays()));
      EXPECT_EQ(Text(explained->post_worth()), gain);
    }
  }
  EXPECT_GT(worth, 4);
}

TEST_P(VisitPricesTest, AStableRoundTellsHowFarDownItWent) {
  ASSERT_EQ(Said(Supply("near", "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM]")), "OK");
  ASSERT_EQ(Said(Supply("plain", "school_half_days: HALF_DAY_MON_AM skills: SKILL_OXYGEN")), "OK");
  Solve("r", "caps { place: 'areas/310000' limit: 2 }");
  const auto texts = [&](const auto& rows) {
    std::vector<std::string> texts;
    for (const Cutoff& row : rows) {
      texts.push_back(absl::StrCat(row.name(), " ", row.half_day(), row.holidays() ? " holidays" : "", " ",
                                   row.filled_count(), "/", row.limit(), " "));
      if (row.full()) absl::StrAppend(&texts.back(), row.extra_skills(), " ", row.metres(), " m");
      EXPECT_FALSE(row.has_worth());
    }
    return texts;
  };
  const std::vector<std::string> all = texts(Listed("r"));
  EXPECT_THAT(all, ElementsAre("areas/310000 0 2/2 1 0 m", "openings/a 1 1/1 2 0 m", "openings/a 5 1/1 1 0 m",
                               "openings/b 1 0/2 ", "openings/b 1 holidays 0/2 "));
  std::vector<std::string> paged;
  std::string token;
  do {
    const auto page = Page(admin(), "r", absl::StrCat("page_size: 2 page_token: '", token, "'"));
    ASSERT_EQ(Said(page), "OK");
    for (const std::string& text : texts(page->cutoffs())) paged.push_back(text);
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_EQ(paged, all);
  // After an event, what it has left.
  ASSERT_EQ(Said(Ask<matching_v1::ApplyVisitEventsResponse, matching_v1::ApplyVisitEventsRequest>(
                admin().For("tests"), "VisitEventService/ApplyVisitEvents",
                "name: 'rounds/r' changes { remove_supply { supply: 'visitSupplies/plain' } }")),
            "OK");
  EXPECT_EQ(texts(Page(admin(), "r")->cutoffs())[1], "openings/a 1 1/1 1 0 m");
  EXPECT_EQ(texts(Page(admin(), "r", "after_event: 0")->cutoffs()), all);
  ASSERT_EQ(CreateOfVisits("draft", ""), "OK");
  EXPECT_EQ(Said(Page(admin(), "draft")), "FAILED_PRECONDITION ROUND_NOT_SOLVED");
}

}  // namespace
}  // namespace tsunagu::wire
