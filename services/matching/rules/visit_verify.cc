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
using Taste = std::tuple<int32_t, int64_t, std::string, int32_t>;            // wish, metres, name, place
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
      : visits_(visits), supplies_(visits.instance.nurses), places_(visits.instance.openings), covers_(covers) {}

  VisitVerdict Run() && {
    if (CheckNames()) {
      Prepare();
      Count();
      CheckLimits();
      for (int32_t supply = 0; supply < Size(supplies_); ++supply) {
        ReadWishes(supply);
        for (int32_t place = 0; place < Size(places_); ++place) CheckPair(supply, place);
      }
      verdict_.checked_pairs = int64_t{Size(supplies_)} * Size(places_);
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
      const bool known = cover.supply >= 0 && cover.supply < Size(supplies_) && cover.place >= 0 &&
                         cover.place < Size(places_) && cover.count >= 1;
      if (known && count_.emplace(std::pair(cover.supply, cover.place), cover.count).second) continue;
      Report({VisitFindingKind::kUnknownSupply, cover.supply, cover.place});
    }
    return verdict_.finding_count == 0;
  }

  // The first eight bytes of each digest as a string, which compares like the number.
  void Prepare() {
    std::string seed;
    for (int byte = 7; byte >= 0; --byte) seed += static_cast<char>(visits_.instance.seed >> (8 * byte) & 0xff);
    for (const Nurse& supply : supplies_)
      lots_.push_back(Sha256("tsunagu.lottery.v1" + seed + supply.name).substr(0, 8));
    for (const Opening& place : places_) of_place_.push_back({.limit = place.posts});
    caps_of_.resize(places_.size());
    for (const Cap& cap : visits_.instance.caps) {
      for (const int32_t place : cap.openings) caps_of_[place].push_back(Size(of_cap_));
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
    for (const int32_t place : supplies_[supply].wishes) wish_.emplace(place, Size(wish_));
  }

  Taste TasteOf(int32_t supply, int32_t place, int64_t metres) {
    ReadWishes(supply);
    const auto wished = wish_.find(place);
    if (wished != wish_.end()) return {wished->second, 0, "", 0};
    return {std::numeric_limits<int32_t>::max(), metres, places_[place].name, place};
  }

  Rank RankOf(int32_t supply, int32_t place, int64_t metres) {
    const int32_t extra = std::popcount(supplies_[supply].skills & ~places_[place].required_skills);
    return {-extra, metres, lots_[supply], supplies_[supply].name, TasteOf(supply, place, metres)};
  }

  bool MayVisit(int32_t supply, int32_t place) const { return rules::MayVisit(visits_, supply, place); }
  int64_t Metres(int32_t supply, int32_t place) const { return VisitMetres(visits_, supply, place); }

  void Count() {
    for (const auto& [pair, count] : count_) {
      const auto& [supply, place] = pair;
      const int64_t metres = Metres(supply, place);
      const Taste taste = TasteOf(supply, place, metres);
      const Rank rank = RankOf(supply, place, metres);
      const int32_t slot = visits_.slots[place];
      of_supply_[supply].at_once[slot].Add(count, taste);
      of_supply_[supply].weekly[slot / market::kSlotsOfWeek].Add(count, taste);
      of_supply_[supply].all.Add(count, taste);
      of_place_[place].Add(count, rank);
      for (const int32_t cap : caps_of_[place]) of_cap_[cap].Add(count, rank);
      if (!MayVisit(supply, place)) Report({VisitFindingKind::kNotEligible, supply, place});
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
    for (int32_t place = 0; place < Size(of_place_); ++place) {
      if (of_place_[place].count > of_place_[place].limit) Report({VisitFindingKind::kOverCapacity, -1, place});
    }
    for (int32_t cap = 0; cap < Size(of_cap_); ++cap) {
      if (of_cap_[cap].count > of_cap_[cap].limit) Report({VisitFindingKind::kOverCap, -1, -1, cap});
    }
  }

  // Checks whether both would prefer one more nurse of the pair. Nurses of the same pair never block each other.
  void CheckPair(int32_t supply, int32_t place) {
    if (!MayVisit(supply, place)) return;
    const Limits& used = of_supply_[supply];
    const int32_t slot = visits_.slots[place];
    const int64_t metres = Metres(supply, place);
    const Taste taste = TasteOf(supply, place, metres);
    if (!used.at_once[slot].Admits(taste) || !used.weekly[slot / market::kSlotsOfWeek].Admits(taste)) return;
    if (!used.all.Admits(taste)) return;
    const Rank rank = RankOf(supply, place, metres);
    if (!of_place_[place].Admits(rank)) return;
    bool free = of_place_[place].count < of_place_[place].limit;
    for (const int32_t cap : caps_of_[place]) {
      if (!of_cap_[cap].Admits(rank)) return;
      free = free && of_cap_[cap].count < of_cap_[cap].limit;
    }
    Report({free ? VisitFindingKind::kEmptyPostWanted : VisitFindingKind::kBlockingPair, supply, place});
  }

  struct Limits {
    std::array<Full<Taste>, market::kSlots> at_once;
    std::array<Full<Taste>, 2> weekly;
    Full<Taste> all;
  };

  const Visits& visits_;
  const std::vector<Nurse>& supplies_;
  const std::vector<Opening>& places_;
  const absl::Span<const Cover> covers_;
  std::map<std::pair<int32_t, int32_t>, int32_t> count_;  // by supply and place
  std::vector<std::string> lots_;
  std::vector<Limits> of_supply_;
  std::vector<Full<Rank>> of_place_, of_cap_;
  std::vector<std::vector<int32_t>> caps_of_;
  std::map<int32_t, int32_t> wish_;  // of the current supply: by place
  int32_t wishes_of_ = -1;
  VisitVerdict verdict_;
};

}  // namespace

int64_t VisitMetres(const Visits& visits, int32_t supply, int32_t place) {
  return DistanceMetres(visits.instance.openings[place].place, visits.instance.nurses[supply].home);
}

bool MayVisit(const Visits& visits, int32_t supply, int32_t place) {
  const Nurse& one = visits.instance.nurses[supply];
  const Opening& there = visits.instance.openings[place];
  uint32_t held = one.licences;
  if ((held & kAlsoNurses) != 0 && !there.named_licences_only) held |= kNurse;
  const v1::Supplier wanted = visits.wanted_kinds[place];
  const bool kind = wanted == v1::SUPPLIER_UNSPECIFIED || wanted == visits.kinds[supply];
  const bool skilled = (there.required_skills & one.skills) == there.required_skills;
  const bool unwanted = std::find(one.unwanted.begin(), one.unwanted.end(), there.facility) != one.unwanted.end();
  return there.posts > 0 && kind && (there.licences & held) != 0 && skilled && !unwanted &&
         one.available_from <= there.start && VisitMetres(visits, supply, place) <= one.commute_limit_metres;
}

VisitVerdict VerifyVisits(const Visits& visits, absl::Span<const Cover> covers, int rule_table) {
  if (rule_table == kRuleTableVersion) return VisitVerifier(visits, covers).Run();
  VisitVerdict verdict;
  verdict.finding_count = 1;
  verdict.findings.push_back({VisitFindingKind::kUnknownRules});
  return verdict;
}

}  // namespace tsunagu::matching::rules
