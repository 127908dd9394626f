#include "services/matching/rules/verify.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

#include "services/matching/rules/verify_lists.h"

namespace tsunagu::matching::rules {
namespace {

// The order in which openings and caps take nurses: extra skills, then metres, lot, name.
struct Rank {
  int extra_skills = 0;
  int64_t metres = 0;
  const std::string* lot = nullptr;
  const std::string* name = nullptr;

  bool GoesBefore(const Rank& other) const {
    if (extra_skills != other.extra_skills) return extra_skills > other.extra_skills;
    if (metres != other.metres) return metres < other.metres;
    const int lots = std::memcmp(lot->data(), other.lot->data(), 8);
    return lots != 0 ? lots < 0 : *name < *other.name;
  }
};

// How many nurses an opening or a cap has, and which one it would send away first.
struct Taken {
  int64_t count = 0;
  Rank last;

  void Add(const Rank& one) {
    if (count++ == 0 || last.GoesBefore(one)) last = one;
  }
  void Add(const Taken& others) {
    if (others.count > 0 && (count == 0 || last.GoesBefore(others.last))) last = others.last;
    count += others.count;
  }
};

class Verifier {
 public:
  // Keeps references to both, which must outlive this object.
  Verifier(const Instance& instance, absl::Span<const int32_t> opening_of_nurse, int rule_table)
      : instance_(instance),
        nurses_(instance.nurses),
        openings_(instance.openings),
        assigned_(opening_of_nurse),
        rule_table_(rule_table),
        at_opening_(openings_.size()),
        caps_(instance.caps),
        in_cap_(caps_.size()),
        caps_of_(openings_.size()),
        lists_(instance, rule_table) {}

  Verdict Run() {
    if (!KnowsTable(rule_table_)) {
      Report(FindingKind::kUnknownRules, -1, -1);
      return std::move(verdict_);
    }
    if (assigned_.size() != nurses_.size()) {
      Report(FindingKind::kWrongSize, -1, -1);
      return std::move(verdict_);
    }
    lots_ = LotsOf(instance_);
    CountAdmitted();
    CountCaps();
    for (size_t nurse = 0; nurse < nurses_.size(); ++nurse) CheckNurse(static_cast<int32_t>(nurse));
    verdict_.checked_pairs = static_cast<int64_t>(nurses_.size()) * static_cast<int64_t>(openings_.size());
    verdict_.stable = verdict_.finding_count == 0;
    return std::move(verdict_);
  }

 private:
  bool Known(int32_t opening) const { return opening >= 0 && static_cast<size_t>(opening) < openings_.size(); }

  void Report(FindingKind kind, int32_t nurse, int32_t opening, int32_t cap = -1) {
    ++verdict_.finding_count;
    if (verdict_.findings.size() < kMaxFindings) verdict_.findings.push_back({kind, nurse, opening, cap});
  }

  void CountAdmitted() {
    for (size_t nurse = 0; nurse < nurses_.size(); ++nurse) {
      const int32_t opening = assigned_[nurse];
      if (!Known(opening)) continue;
      at_opening_[opening].Add(
          RankOf(static_cast<int32_t>(nurse), opening, LengthOf(nurses_[nurse], openings_[opening])));
    }
    for (size_t opening = 0; opening < openings_.size(); ++opening) {
      const int32_t posts = std::max(openings_[opening].posts, 0);
      if (at_opening_[opening].count > posts) Report(FindingKind::kOverCapacity, -1, static_cast<int32_t>(opening));
    }
  }

  void CountCaps() {
    for (size_t cap = 0; cap < caps_.size(); ++cap) {
      for (const int32_t opening : caps_[cap].openings) {
        if (!Known(opening)) continue;
        caps_of_[opening].push_back(static_cast<int32_t>(cap));
        in_cap_[cap].Add(at_opening_[opening]);
      }
      if (in_cap_[cap].count > caps_[cap].limit) Report(FindingKind::kOverCap, -1, -1, static_cast<int32_t>(cap));
    }
  }

  Rank RankOf(int32_t nurse, int32_t opening, int64_t metres) const {
    const uint64_t held = nurses_[nurse].skills;
    const int extra = std::popcount(held) - std::popcount(held & openings_[opening].required_skills);
    return {extra, metres, &lots_[nurse], &nurses_[nurse].name};
  }

  void CheckNurse(int32_t nurse) {
    int32_t has = assigned_[nurse];
    if (has != -1 && !Known(has)) {
      Report(FindingKind::kUnknownOpening, nurse, has);
      has = -1;
    }
    // Of openings that she does not wish for, she prefers nearer ones, and none that is farther.
    const int64_t way = has == -1 ? -1 : lists_.WayTo(nurses_[nurse], has);
    const std::vector<Listed>& list = lists_.ReadUnordered(nurses_[nurse], way < 0 ? ListReader::kAnyMetres : way);
    const auto at = std::find_if(list.begin(), list.end(), [&](const Listed& one) { return one.opening == has; });
    if (has != -1 && at == list.end()) {
      Report(way < 0 ? FindingKind::kNotEligible : FindingKind::kNotAcceptable, nurse, has);
    }
    const auto others = list.begin() + static_cast<std::ptrdiff_t>(lists_.wish_count());
    for (auto wish = list.begin(); wish != std::min(at, others); ++wish) CheckPreferred(nurse, *wish);
    for (auto other = others; at >= others && other != list.end(); ++other) {
      if (at == list.end() || lists_.ComesBefore(*other, *at)) CheckPreferred(nurse, *other);
    }
  }

  // She prefers this opening. If it is full, it takes her only if its last nurse does not go before her.
  void CheckPreferred(int32_t nurse, const Listed& preferred) {
    const int32_t opening = preferred.opening;
    const Rank hers = RankOf(nurse, opening, preferred.metres);
    bool is_free = true;
    const auto admits = [&](const Taken& taken, int32_t most) {
      if (taken.count < most) return true;
      is_free = false;
      return taken.count > 0 && !taken.last.GoesBefore(hers);
    };
    if (!admits(at_opening_[opening], openings_[opening].posts)) return;
    for (const int32_t cap : caps_of_[opening]) {
      if (!admits(in_cap_[cap], caps_[cap].limit)) return;
    }
    Report(is_free ? FindingKind::kEmptyPostWanted : FindingKind::kBlockingPair, nurse, opening);
  }

  const Instance& instance_;
  const std::vector<Nurse>& nurses_;
  const std::vector<Opening>& openings_;
  const absl::Span<const int32_t> assigned_;
  const int rule_table_;
  std::vector<std::string> lots_;
  std::vector<Taken> at_opening_;
  const std::vector<Cap>& caps_;
  std::vector<Taken> in_cap_;
  std::vector<std::vector<int32_t>> caps_of_;  // by opening: the caps that count it
  ListReader lists_;
  Verdict verdict_;
};

}  // namespace

Verdict VerifyMatching(const Instance& instance, absl::Span<const int32_t> opening_of_nurse, int rule_table) {
  return Verifier(instance, opening_of_nurse, rule_table).Run();
}

}  // namespace tsunagu::matching::rules
