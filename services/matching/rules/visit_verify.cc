#include "services/matching/rules/visit_verify.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "common/base/digest.h"

namespace tsunagu::matching::rules {
namespace {

static_assert(kRuleTableVersion == 3, "this is the verifier of rounds of visits, which began with rule table 3");

constexpr uint32_t kNurse = uint32_t{1} << registry::v1::LICENCE_NURSE;
constexpr uint32_t kAlsoNurses =
    uint32_t{1} << registry::v1::LICENCE_PUBLIC_HEALTH_NURSE | uint32_t{1} << registry::v1::LICENCE_MIDWIFE;

// The preferences of a supply, and the order in which a half-day takes nurses: the smaller goes first. Nurses of one
// pair are equal.
using Taste = std::tuple<int32_t, int64_t, std::string, int32_t>;            // wish, metres, name, half-day
using Rank = std::tuple<int32_t, int64_t, std::string, std::string, Taste>;  // extra skills, metres, lot, name

// The used part of a limit, and the last that uses it.
template <typename Order>
struct Full {
  int64_t limit = 0;
  int64_t count = 0;
  std::optional<Order> last = std::nullopt;

  void Add(int32_t nurses, const Order& order) {
    count += nurses;
    if (!last || *last < order) last = order;
  }
  bool Admits(const Order& order) const { return count < limit || (last && order < *last); }
};

class VisitVerifier {
 public:
  // Keeps references to both, which must outlive this object.
  VisitVerifier(const Visits& visits, absl::Span<const Cover> covers)
      : visits_(visits), supplies_(visits.instance.nurses), half_days_(visits.instance.openings), covers_(covers) {}

  VisitVerdict Run() && {
    if (CheckNames()) {
      Prepare();
      Count();
      CheckLimits();
      for (int32_t supply = 0; supply < Size(supplies_); ++supply) {
        ReadWishes(supply);
        for (int32_t half_day = 0; half_day < Size(half_days_); ++half_day) CheckPair(supply, half_day);
      }
      verdict_.checked_pairs = int64_t{Size(supplies_)} * Size(half_days_);
    }
    verdict_.stable = verdict_.finding_count == 0;
    return std::move(verdict_);
  }

 private:
  template <typename Rows>
  static int32_t Size(const Rows& rows) {
    return static_cast<int32_t>(rows.size());
  }
  void Report(const VisitFinding& finding) {
    ++verdict_.finding_count;
    if (verdict_.findings.size() < kMaxVisitFindings) verdict_.findings.push_back(finding);
  }

  bool CheckNames() {
    for (const Cover& cover : covers_) {
      const bool known = cover.supply >= 0 && cover.supply < Size(supplies_) && cover.half_day >= 0 &&
                         cover.half_day < Size(half_days_) && cover.count >= 1;
      if (known && count_.emplace(std::pair(cover.supply, cover.half_day), cover.count).second) continue;
      Report({VisitFindingKind::kUnknownSupply, cover.supply, cover.half_day});
    }
    return verdict_.finding_count == 0;
  }

  // The first eight bytes of each digest as a string, which compares like the number.
  void Prepare() {
    std::string seed;
    for (int byte = 7; byte >= 0; --byte) seed += static_cast<char>(visits_.instance.seed >> (8 * byte) & 0xff);
    for (const Nurse& supply : supplies_)
      lots_.push_back(Sha256("tsunagu.lottery.v1" + seed + supply.name).substr(0, 8));
    for (const Opening& half_day : half_days_) of_half_day_.push_back({.limit = half_day.posts});
    caps_of_.resize(half_days_.size());
    for (const Cap& cap : visits_.instance.caps) {
      for (const int32_t half_day : cap.openings) caps_of_[half_day].push_back(Size(of_cap_));
      of_cap_.push_back({.limit = cap.limit});
    }
    for (const market::VisitLimits& limits : visits_.limits) {
      Limits& used = of_supply_.emplace_back();
      for (int32_t slot = 0; slot < market::kSlots; ++slot) used.at_once[slot].limit = limits.at_once[slot];
      for (int32_t week = 0; week < 2; ++week) used.weekly[week].limit = limits.weekly[week];
      used.all.limit = limits.all;
    }
  }

  void ReadWishes(int32_t supply) {
    if (wishes_of_ == supply) return;
    wishes_of_ = supply;
    wish_.clear();
    for (const int32_t half_day : supplies_[supply].wishes) wish_.emplace(half_day, Size(wish_));
  }

  Taste TasteOf(int32_t supply, int32_t half_day, int64_t metres) {
    ReadWishes(supply);
    const auto wished = wish_.find(half_day);
    if (wished != wish_.end()) return {wished->second, 0, "", 0};
    return {std::numeric_limits<int32_t>::max(), metres, half_days_[half_day].name, half_day};
  }

  Rank RankOf(int32_t supply, int32_t half_day, int64_t metres) {
    const int32_t extra = std::popcount(supplies_[supply].skills & ~half_days_[half_day].required_skills);
    return {-extra, metres, lots_[supply], supplies_[supply].name, TasteOf(supply, half_day, metres)};
  }

  bool MayVisit(int32_t supply, int32_t half_day) const { return rules::MayVisit(visits_, supply, half_day); }
  int64_t Metres(int32_t supply, int32_t half_day) const { return VisitMetres(visits_, supply, half_day); }

  void Count() {
    for (const auto& [pair, count] : count_) {
      const auto& [supply, half_day] = pair;
      const int64_t metres = Metres(supply, half_day);
      const Taste taste = TasteOf(supply, half_day, metres);
      const Rank rank = RankOf(supply, half_day, metres);
      const int32_t slot = visits_.slots[half_day];
      of_supply_[supply].at_once[slot].Add(count, taste);
      of_supply_[supply].weekly[slot / market::kSlotsOfWeek].Add(count, taste);
      of_supply_[supply].all.Add(count, taste);
      of_half_day_[half_day].Add(count, rank);
      for (const int32_t cap : caps_of_[half_day]) of_cap_[cap].Add(count, rank);
      if (!MayVisit(supply, half_day)) Report({VisitFindingKind::kNotEligible, supply, half_day});
    }
  }

  void CheckLimits() {
    for (int32_t supply = 0; supply < Size(of_supply_); ++supply) {
      const Limits& used = of_supply_[supply];
      bool over = used.all.count > used.all.limit;
      for (const auto& week : used.weekly) over |= week.count > week.limit;
      for (const auto& slot : used.at_once) over |= slot.count > slot.limit;
      if (over) Report({VisitFindingKind::kOverSupply, supply});
    }
    for (int32_t half_day = 0; half_day < Size(of_half_day_); ++half_day) {
      if (of_half_day_[half_day].count > of_half_day_[half_day].limit)
        Report({VisitFindingKind::kOverCapacity, -1, half_day});
    }
    for (int32_t cap = 0; cap < Size(of_cap_); ++cap) {
      if (of_cap_[cap].count > of_cap_[cap].limit) Report({VisitFindingKind::kOverCap, -1, -1, cap});
    }
  }

  // Checks whether both would prefer one more nurse of the pair. Nurses of the same pair never block each other.
  void CheckPair(int32_t supply, int32_t half_day) {
    if (!MayVisit(supply, half_day)) return;
    const Limits& used = of_supply_[supply];
    const int32_t slot = visits_.slots[half_day];
    const int64_t metres = Metres(supply, half_day);
    const Taste taste = TasteOf(supply, half_day, metres);
    if (!used.at_once[slot].Admits(taste) || !used.weekly[slot / market::kSlotsOfWeek].Admits(taste)) return;
    if (!used.all.Admits(taste)) return;
    const Rank rank = RankOf(supply, half_day, metres);
    if (!of_half_day_[half_day].Admits(rank)) return;
    bool free = of_half_day_[half_day].count < of_half_day_[half_day].limit;
    for (const int32_t cap : caps_of_[half_day]) {
      if (!of_cap_[cap].Admits(rank)) return;
      free = free && of_cap_[cap].count < of_cap_[cap].limit;
    }
    Report({free ? VisitFindingKind::kEmptyPostWanted : VisitFindingKind::kBlockingPair, supply, half_day});
  }

  struct Limits {
    std::array<Full<Taste>, market::kSlots> at_once;
    std::array<Full<Taste>, 2> weekly;
    Full<Taste> all;
  };

  const Visits& visits_;
  const std::vector<Nurse>& supplies_;
  const std::vector<Opening>& half_days_;
  const absl::Span<const Cover> covers_;
  std::map<std::pair<int32_t, int32_t>, int32_t> count_;  // by supply and half-day
  std::vector<std::string> lots_;
  std::vector<Limits> of_supply_;
  std::vector<Full<Rank>> of_half_day_, of_cap_;
  std::vector<std::vector<int32_t>> caps_of_;
  std::map<int32_t, int32_t> wish_;  // of the current supply: by half-day
  int32_t wishes_of_ = -1;
  VisitVerdict verdict_;
};

}  // namespace

int64_t VisitMetres(const Visits& visits, int32_t supply, int32_t half_day) {
  return DistanceMetres(visits.instance.openings[half_day].place, visits.instance.nurses[supply].home);
}

bool MayVisit(const Visits& visits, int32_t supply, int32_t half_day) {
  const Nurse& one = visits.instance.nurses[supply];
  const Opening& there = visits.instance.openings[half_day];
  uint32_t held = one.licences;
  if ((held & kAlsoNurses) != 0 && !there.named_licences_only) held |= kNurse;
  const v1::Supplier wanted = visits.wanted_kinds[half_day];
  const bool kind = wanted == v1::SUPPLIER_UNSPECIFIED || wanted == visits.kinds[supply];
  const bool skilled = (there.required_skills & one.skills) == there.required_skills;
  const bool unwanted = std::find(one.unwanted.begin(), one.unwanted.end(), there.facility) != one.unwanted.end();
  return there.posts > 0 && kind && (there.licences & held) != 0 && skilled && !unwanted &&
         one.available_from <= there.start && VisitMetres(visits, supply, half_day) <= one.commute_limit_metres;
}

VisitVerdict VerifyVisits(const Visits& visits, absl::Span<const Cover> covers, int rule_table) {
  if (rule_table == kRuleTableVersion) return VisitVerifier(visits, covers).Run();
  VisitVerdict verdict;
  verdict.finding_count = 1;
  verdict.findings.push_back({VisitFindingKind::kUnknownRules});
  return verdict;
}

}  // namespace tsunagu::matching::rules
