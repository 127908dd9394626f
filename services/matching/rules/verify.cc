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

class Verifier {
 public:
  // Keeps references to both, which must outlive it.
  Verifier(const Instance& instance, absl::Span<const int32_t> opening_of_nurse, int rule_table)
      : instance_(instance),
        nurses_(instance.nurses),
        openings_(instance.openings),
        assigned_(opening_of_nurse),
        rule_table_(rule_table),
        admitted_(openings_.size(), 0),
        last_(openings_.size(), -1),
        caps_(instance.caps),
        in_cap_(caps_.size(), 0),
        last_in_cap_(caps_.size(), -1),
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
      ++admitted_[opening];
      const bool is_last =
          last_[opening] < 0 || GoesBefore(last_[opening], opening, static_cast<int32_t>(nurse), opening);
      if (is_last) last_[opening] = static_cast<int32_t>(nurse);
    }
    for (size_t opening = 0; opening < openings_.size(); ++opening) {
      const int32_t posts = std::max(openings_[opening].posts, 0);
      if (admitted_[opening] > posts) Report(FindingKind::kOverCapacity, -1, static_cast<int32_t>(opening));
    }
  }

  void CountCaps() {
    for (size_t cap = 0; cap < caps_.size(); ++cap) {
      for (const int32_t opening : caps_[cap].openings) {
        if (!Known(opening)) continue;
        caps_of_[opening].push_back(static_cast<int32_t>(cap));
        const int32_t last = last_[opening];
        in_cap_[cap] += admitted_[opening];
        if (last < 0) continue;
        int32_t& of_cap = last_in_cap_[cap];
        if (of_cap < 0 || GoesBefore(of_cap, assigned_[of_cap], last, opening)) of_cap = last;
      }
      if (in_cap_[cap] > caps_[cap].limit) Report(FindingKind::kOverCap, -1, -1, static_cast<int32_t>(cap));
    }
  }

  // Whether nurse a at her opening goes before nurse b at hers: extra skills, metres, lot, name. Openings take nurses in
  // this order, and so do caps.
  bool GoesBefore(int32_t a, int32_t opening_a, int32_t b, int32_t opening_b) const {
    const int extra_a = ExtraSkills(a, opening_a), extra_b = ExtraSkills(b, opening_b);
    if (extra_a != extra_b) return extra_a > extra_b;
    const int64_t metres_a = LengthOf(nurses_[a], openings_[opening_a]);
    const int64_t metres_b = LengthOf(nurses_[b], openings_[opening_b]);
    if (metres_a != metres_b) return metres_a < metres_b;
    const int lots = std::memcmp(lots_[a].data(), lots_[b].data(), 8);
    return lots != 0 ? lots < 0 : nurses_[a].name < nurses_[b].name;
  }

  int ExtraSkills(int32_t nurse, int32_t opening) const {
    const uint64_t held = nurses_[nurse].skills;
    return std::popcount(held) - std::popcount(held & openings_[opening].required_skills);
  }

  void CheckNurse(int32_t nurse) {
    int32_t has = assigned_[nurse];
    if (has != -1 && !Known(has)) {
      Report(FindingKind::kUnknownOpening, nurse, has);
      has = -1;
    }
    // Of what she does not wish for, she would rather have what is nearer, and nothing that is farther.
    const int64_t way = has == -1 ? -1 : lists_.WayTo(nurses_[nurse], has);
    const std::vector<Listed>& list = lists_.ReadUnordered(nurses_[nurse], way < 0 ? ListReader::kAnyMetres : way);
    const auto at = std::find_if(list.begin(), list.end(), [&](const Listed& one) { return one.opening == has; });
    if (has != -1 && at == list.end()) {
      Report(way < 0 ? FindingKind::kNotEligible : FindingKind::kNotAcceptable, nurse, has);
    }
    const auto others = list.begin() + static_cast<std::ptrdiff_t>(lists_.wish_count());
    for (auto wish = list.begin(); wish != std::min(at, others); ++wish) CheckPreferred(nurse, wish->opening);
    for (auto other = others; at >= others && other != list.end(); ++other) {
      if (at == list.end() || lists_.ComesBefore(*other, *at)) CheckPreferred(nurse, other->opening);
    }
  }

  // She would rather be at `opening`. What is full there takes her only if its last does not go before her.
  void CheckPreferred(int32_t nurse, int32_t opening) {
    bool is_free = true;
    const auto admits = [&](int64_t count, int32_t most, int32_t last) {
      if (count < most) return true;
      is_free = false;
      return last >= 0 && !GoesBefore(last, assigned_[last], nurse, opening);
    };
    if (!admits(admitted_[opening], openings_[opening].posts, last_[opening])) return;
    for (const int32_t cap : caps_of_[opening]) {
      if (!admits(in_cap_[cap], caps_[cap].limit, last_in_cap_[cap])) return;
    }
    Report(is_free ? FindingKind::kEmptyPostWanted : FindingKind::kBlockingPair, nurse, opening);
  }

  const Instance& instance_;
  const std::vector<Nurse>& nurses_;
  const std::vector<Opening>& openings_;
  const absl::Span<const int32_t> assigned_;
  const int rule_table_;
  std::vector<std::string> lots_;
  std::vector<int64_t> admitted_;  // by opening
  std::vector<int32_t> last_;      // by opening: whom it would send away first; -1 for nobody
  const std::vector<Cap>& caps_;
  std::vector<int64_t> in_cap_;                // by cap: nurses
  std::vector<int32_t> last_in_cap_;           // by cap, as last_
  std::vector<std::vector<int32_t>> caps_of_;  // by opening: those that it counts in
  ListReader lists_;
  Verdict verdict_;
};

}  // namespace

Verdict VerifyMatching(const Instance& instance, absl::Span<const int32_t> opening_of_nurse, int rule_table) {
  return Verifier(instance, opening_of_nurse, rule_table).Run();
}

}  // namespace tsunagu::matching::rules
