// Random tables of one day, published one after another, and an attacker who has read all of them.
#include <algorithm>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/registry/rules/publication.h"
#include "tests/wire/suppression_attack.h"

namespace tsunagu::wire {
namespace {

using registry::PublicationLedger;
using registry::rules::Judge;
using registry::rules::SmallFigures;

// Counts of bodies by two divisions, of which some are corrected from one publication to the next.
class World {
 public:
  explicit World(uint64_t seed) : random_(seed) {
    bodies_ = Between(3, 7);
    whats_ = Between(1, 3);
    parts_ = Between(1, 2);
    const int most = Between(1, 12);
    for (int body = 0; body < bodies_; ++body) {
      for (int what = 0; what < whats_; ++what) {
        for (int part = 0; part < parts_; ++part) {
          PublicationLedger::Count& count = *counts_.Add();
          count.set_body(absl::StrCat("areas/", body));
          count.set_what(absl::StrCat("what", what));
          count.set_part(absl::StrCat("part", part));
          count.set_value(Between(0, most));
        }
      }
    }
    // Groups of bodies that may overlap, and all of them.
    for (int i = Between(0, 3); i > 0; --i) {
      std::set<int> group;
      for (int body = 0; body < bodies_; ++body) {
        if (Between(0, 1) == 1) group.insert(body);
      }
      if (!group.empty()) groups_.insert(group);
    }
    std::set<int> all;
    for (int body = 0; body < bodies_; ++body) {
      groups_.insert({body});
      all.insert(body);
    }
    groups_.insert(all);
  }

  int Between(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }

  void Correct() {
    for (int i = Between(0, 2); i > 0; --i) {
      counts_.Mutable(Between(0, counts_.size() - 1))->set_value(Between(0, 12));
    }
  }

  // Some of the tables that can be made of it: by what, by part, by both, each with its sums.
  PublicationLedger Draft() {
    PublicationLedger ledger;
    *ledger.mutable_counts() = counts_;
    const bool by_what = Between(0, 1) == 1, by_part = Between(0, 1) == 1, some_groups = Between(0, 1) == 1;
    for (const std::set<int>& group : groups_) {
      if (some_groups && Between(0, 3) == 0) continue;
      for (int what = by_what ? 0 : whats_; what <= whats_; ++what) {
        for (int part = by_part ? 0 : parts_; part <= parts_; ++part) {
          PublicationLedger::Figure& figure = *ledger.add_figures();
          for (int i = 0; i < counts_.size(); ++i) {
            const int of_part = i % parts_, of_what = i / parts_ % whats_, body = i / parts_ / whats_;
            if (group.count(body) == 0 || (what < whats_ && what != of_what) || (part < parts_ && part != of_part))
              continue;
            figure.add_counts(i);
          }
        }
      }
    }
    return ledger;
  }

 private:
  std::mt19937_64 random_;
  int bodies_, whats_, parts_;
  google::protobuf::RepeatedPtrField<PublicationLedger::Count> counts_;
  std::set<std::set<int>> groups_;
};

// Returns the sum of a figure. A corrected count is a different count.
Attacker::Sum SumOf(const PublicationLedger& ledger, const PublicationLedger::Figure& figure) {
  Attacker::Sum sum;
  for (const int i : figure.counts()) {
    const PublicationLedger::Count& count = ledger.counts(i);
    sum[absl::StrCat(count.body(), " ", count.what(), " ", count.part(), " ", count.value())] = 1;
  }
  return sum;
}

struct Withheld {
  Attacker::Sum sum;
  int64_t value, reach;
};

// Records what an attacker reads in one more publication, and what she must not find out.
void Read(const PublicationLedger& ledger, Attacker& attacker, std::vector<Withheld>& withheld) {
  for (int i = 0; i < ledger.figures_size(); ++i) {
    const PublicationLedger::Figure& figure = ledger.figures(i);
    const int64_t value = registry::rules::ValueOf(ledger, i);
    if (figure.withheld()) {
      withheld.push_back({SumOf(ledger, figure), value, figure.reach()});
    } else {
      attacker.Learn(SumOf(ledger, figure), value);
    }
  }
}

bool Knows(Attacker& attacker, const Withheld& one) {
  if (attacker.WorksOut(one.sum, one.value)) return true;
  if (one.reach == 0) return false;
  return !attacker.ThinksPossible(one.sum, one.reach, Attacker::kMost) ||
         (one.value > 0 && !attacker.ThinksPossible(one.sum, 0, one.value - 1));
}

// Returns whether a withheld figure is known from the earlier publications, whatever the next one publishes.
bool IsLost(const std::vector<PublicationLedger>& earlier, PublicationLedger ledger) {
  Attacker attacker;
  std::vector<Withheld> withheld;
  for (const PublicationLedger& one : earlier) Read(one, attacker, withheld);
  Attacker unused;
  Read(ledger, unused, withheld);
  return std::any_of(withheld.begin(), withheld.end(), [&](const Withheld& one) { return Knows(attacker, one); });
}

TEST(SuppressionAttackTest, NothingIsWorkedOutFromAllPublicationsOfADay) {
  int published = 0, not_safe = 0, in_vain = 0, withheld_count = 0, cells = 0, second = 0;
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    World world(seed);
    std::vector<PublicationLedger> earlier;
    Attacker attacker;
    std::vector<Withheld> withheld;
    for (int round = world.Between(1, 3); round > 0; --round) {
      SmallFigures small{world.Between(2, 8), world.Between(0, 2) == 0};
      PublicationLedger ledger = world.Draft();
      const auto judgement = Judge(earlier, small, ledger);
      world.Correct();
      if (judgement.told_already > 0) continue;
      if (judgement.determined > 0) {
        ++not_safe;
        in_vain += IsLost(earlier, std::move(ledger)) ? 0 : 1;
        continue;
      }
      for (int i = 0; i < ledger.figures_size(); ++i) {
        const int64_t value = registry::rules::ValueOf(ledger, i);
        if (value < small.least && (value > 0 || small.zero_too)) {
          EXPECT_TRUE(ledger.figures(i).withheld());
        }
      }
      Read(ledger, attacker, withheld);
      ++published;
      second += earlier.empty() ? 0 : 1;
      cells += ledger.figures_size();
      earlier.push_back(std::move(ledger));
    }
    withheld_count += static_cast<int>(withheld.size());
    for (const Withheld& one : withheld) {
      EXPECT_FALSE(attacker.WorksOut(one.sum, one.value));
      if (one.reach == 0) continue;
      EXPECT_TRUE(attacker.ThinksPossible(one.sum, one.reach, Attacker::kMost)) << "it is seen to be small";
      if (one.value > 0) {
        EXPECT_TRUE(attacker.ThinksPossible(one.sum, 0, one.value - 1)) << "no less is possible";
      }
    }
    if (HasFailure()) return;
  }
  // The cases are diverse enough, and refused publications could not have been saved.
  EXPECT_GT(published, 1000);
  EXPECT_GT(not_safe, 20);
  EXPECT_LE(in_vain * 20, not_safe);
  EXPECT_GT(second, 300);
  EXPECT_GT(withheld_count, 10'000);
  EXPECT_LT(withheld_count, cells);
}

// Without the second step, and without regard to what was published before, the same attack succeeds.
TEST(SuppressionAttackTest, TheAttackSucceedsWhereOnlySmallFiguresAreWithheld) {
  int small_worked_out = 0, from_earlier = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    World world(seed);
    Attacker attacker;
    std::vector<Withheld> withheld;
    PublicationLedger ledger = world.Draft();
    for (int i = 0; i < ledger.figures_size(); ++i) {
      const int64_t value = registry::rules::ValueOf(ledger, i);
      ledger.mutable_figures(i)->set_withheld(value > 0 && value < 5);
    }
    Read(ledger, attacker, withheld);
    for (const Withheld& one : withheld) small_worked_out += attacker.WorksOut(one.sum, one.value) ? 1 : 0;

    // Each publication is safe by itself, and both together are not.
    Attacker of_both;
    std::vector<Withheld> of_each;
    for (const bool zero_too : {true, false}) {
      PublicationLedger alone = world.Draft();
      if (Judge({}, {5, zero_too}, alone).determined > 0) continue;
      Read(alone, of_both, of_each);
    }
    for (const Withheld& one : of_each) from_earlier += of_both.WorksOut(one.sum, one.value) ? 1 : 0;
  }
  EXPECT_GT(small_worked_out, 400);
  EXPECT_GT(from_earlier, 200);
}

}  // namespace
}  // namespace tsunagu::wire
