// A result of OBJECTIVE_COVERAGE over visits is judged from the rows: if any single number changes, of the result, its
// prices or the rows on which a cover depends, it is refused, unless it becomes another cover that is equally good.
#include "services/matching/rounds/verify_visit_coverage.h"

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/matching/rounds/visit_result.h"
#include "services/matching/rules/distance.h"
#include "services/matching/snapshot/snapshot.h"
#include "services/matching/snapshot/visit_snapshot.h"

namespace tsunagu::matching {
namespace {

// Supplies and openings around 鳥取, with half-days of both kinds of week; two caps, one of them with a floor.
v1::Snapshot ASnapshot(uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<uint64_t>(bound)); };
  v1::Snapshot snapshot;
  const int openings = 2 + below(3);
  for (int i = 0; i < openings; ++i) {
    auto& opening = *snapshot.add_openings();
    opening.set_name("openings/" + std::to_string(i));
    opening.set_facility("facilities/" + std::to_string(i));
    opening.set_latitude_e6(35'495'000 + 2'000 * below(20));
    opening.set_longitude_e6(134'231'000 + 2'000 * below(20));
    opening.set_posts(1);
    if (below(3) == 0) opening.set_weight(1 + below(3));
    if (below(4) == 0) opening.set_supplier(v1::SUPPLIER_POOL);
    for (int visit = 0, visits = 1 + below(3); visit < visits; ++visit) {
      auto& half_day = *opening.add_visits();
      half_day.set_half_day(visit == 0 ? registry::v1::HALF_DAY_MON_AM : registry::v1::HALF_DAY_TUE_AM);
      half_day.set_holidays(visit == 2);
      half_day.set_posts(1 + below(2));
      if (below(3) == 0) half_day.add_required_skills(registry::v1::SKILL_SUCTION);
    }
  }
  for (int i = 0, supplies = 2 + below(3); i < supplies; ++i) {
    auto& supply = *snapshot.add_supplies();
    supply.set_name("visitSupplies/" + std::to_string(i));
    supply.set_kind(below(3) == 0 ? v1::SUPPLIER_POOL : v1::SUPPLIER_VISITING_STATION);
    supply.set_latitude_e6(35'495'000 + 2'000 * below(20));
    supply.set_longitude_e6(134'231'000 + 2'000 * below(20));
    supply.set_reach_metres(2'000 + 500 * below(10));
    supply.set_licence(registry::v1::LICENCE_NURSE);
    if (below(3) != 0) supply.add_skills(registry::v1::SKILL_SUCTION);
    for (int given = 0; given < 3; ++given) {
      auto& half_day = *supply.add_given();
      half_day.set_half_day(given == 0 ? registry::v1::HALF_DAY_MON_AM : registry::v1::HALF_DAY_TUE_AM);
      half_day.set_holidays(given == 2);
      half_day.set_visit_count(1 + below(2));
    }
    supply.set_school_visit_count(1 + below(3));
    supply.set_holiday_visit_count(1 + below(2));
    supply.set_all_visit_count(1 + below(4));
  }
  auto& wide = *snapshot.add_caps();
  wide.set_place("areas/310000");
  wide.set_limit(2 + below(5));
  for (int i = 0; i < openings; ++i) wide.add_openings(i);
  auto& narrow = *snapshot.add_caps();
  narrow.set_place("facilities/0");
  narrow.set_limit(1'000'000);
  narrow.set_least(below(2));
  narrow.add_openings(0);
  return snapshot;
}

v1::Round ARound() {
  v1::Round round;
  round.set_seed(7);
  round.set_opening_kind(v1::OPENING_KIND_VISIT);
  round.set_objective(v1::Round::OBJECTIVE_COVERAGE);
  round.set_rule_table_version(rules::kRuleTableVersion);
  return round;
}

int64_t MetresOf(const v1::Snapshot& snapshot, const std::vector<v1::VisitRow>& rows) {
  const rules::Visits visits = ToVisits(snapshot, 7);
  int64_t metres = 0;
  for (const rules::Cover& cover : CoversOf(snapshot, rows)) {
    metres += cover.count * rules::DistanceMetres(visits.instance.nurses[cover.supply].home,
                                                  visits.instance.openings[cover.half_day].place);
  }
  return metres;
}

class VerifyVisitCoverageTest : public testing::Test {
 protected:
  // Returns false if floors cannot be met.
  bool Solve(uint64_t seed) {
    snapshot_ = ASnapshot(seed);
    auto solved = SolveVisits(snapshot_, round_);
    if (!solved.ok()) return false;
    result_ = *std::move(solved);
    return true;
  }
  bool Judge(const std::vector<v1::VisitRow>& rows, const v1::Certificate& certificate) {
    ++judged_;
    return VerifyVisits(snapshot_, round_, rows, certificate).stable();
  }

  void ChangeCounts() {
    for (size_t row = 0; row < result_.rows.size(); ++row) {
      for (int i = 0; i < result_.rows[row].covers_size(); ++i) {
        for (const int by : {-1, 1}) {
          std::vector<v1::VisitRow> other = result_.rows;
          other[row].mutable_covers(i)->set_count(other[row].covers(i).count() + by);
          ASSERT_FALSE(Judge(other, result_.certificate)) << "what is short does not fit";
          other[row].set_short_count(other[row].short_count() - by);
          ASSERT_FALSE(Judge(other, result_.certificate));
        }
      }
    }
  }

  void ChangeSupplies() {
    for (size_t row = 0; row < result_.rows.size(); ++row) {
      for (int i = 0; i < result_.rows[row].covers_size(); ++i) {
        for (const v1::SnapshotSupply& supply : snapshot_.supplies()) {
          if (supply.name() == result_.rows[row].covers(i).supply()) continue;
          std::vector<v1::VisitRow> other = result_.rows;
          other[row].mutable_covers(i)->set_supply(supply.name());
          if (!Judge(other, result_.certificate)) continue;
          ASSERT_EQ(MetresOf(snapshot_, other), MetresOf(snapshot_, result_.rows));
        }
      }
    }
  }

  void ChangePrices() {
    using Prices = google::protobuf::RepeatedField<int64_t>* (v1::Certificate::*)();
    for (const Prices prices :
         {Prices{&v1::Certificate::mutable_opening_prices}, Prices{&v1::Certificate::mutable_limit_prices},
          Prices{&v1::Certificate::mutable_floor_prices}, Prices{&v1::Certificate::mutable_supply_prices},
          Prices{&v1::Certificate::mutable_supply_week_prices},
          Prices{&v1::Certificate::mutable_supply_half_day_prices}}) {
      v1::Certificate other = result_.certificate;
      auto& numbers = *(other.*prices)();
      for (int i = 0; i < numbers.size(); ++i) {
        const int64_t right = numbers.Get(i);
        for (const int64_t by : {-1, 1, -100, 5'000}) {
          numbers.Set(i, right + by);
          ASSERT_FALSE(Judge(result_.rows, other));
        }
        numbers.Set(i, right);
      }
      numbers.Add(0);
      ASSERT_FALSE(Judge(result_.rows, other));
    }
  }

  // Changes a fact on which a cover depends: then the supply may not make it, whatever lists were computed before.
  void ChangeSnapshot() {
    const v1::Snapshot right = snapshot_;
    for (int i = 0; i < right.supplies_size(); ++i) {
      for (const v1::VisitRow& row : result_.rows) {
        for (const v1::VisitRow::Cover& cover : row.covers()) {
          if (cover.supply() != right.supplies(i).name()) continue;
          snapshot_.mutable_supplies(i)->add_unwanted_facilities(row.facility());
          const auto verdict = VerifyVisits(snapshot_, round_, result_.rows, result_.certificate);
          ASSERT_FALSE(verdict.stable());
          ASSERT_EQ(verdict.findings(0).kind(), "NOT_ELIGIBLE");
          ASSERT_EQ(verdict.findings(0).supply(), cover.supply());
          ++rows_;
          snapshot_ = right;
        }
      }
    }
  }

  v1::Round round_ = ARound();
  v1::Snapshot snapshot_;
  VisitResult result_;
  int64_t judged_ = 0, rows_ = 0;
};

TEST_F(VerifyVisitCoverageTest, NoNumberCanBeChanged) {
  int solved = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    if (!Solve(seed)) continue;
    ++solved;
    ASSERT_TRUE(Judge(result_.rows, result_.certificate)) << seed;
    ChangeCounts();
    ChangeSupplies();
    ChangePrices();
    ChangeSnapshot();
    ASSERT_FALSE(HasFatalFailure()) << seed;
  }
  EXPECT_GT(solved, 150);
  EXPECT_GT(judged_, 50'000);
  EXPECT_GT(rows_, 300);
}

TEST_F(VerifyVisitCoverageTest, WhatItDoesNotKnowIsSaid) {
  ASSERT_TRUE(Solve(1) || Solve(2));
  EXPECT_EQ(VerifyVisits(snapshot_, round_, result_.rows, {}).findings(0).kind(), "WRONG_SIZE")
      << "without a certificate";
  round_.set_rule_table_version(rules::kRuleTableVersion + 1);
  EXPECT_EQ(VerifyVisits(snapshot_, round_, result_.rows, result_.certificate).findings(0).kind(), "UNKNOWN_RULES");
}

}  // namespace
}  // namespace tsunagu::matching
