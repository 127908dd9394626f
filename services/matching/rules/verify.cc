#include "services/matching/rules/verify.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "common/base/digest.h"

namespace tsunagu::matching::rules {
namespace {

static_assert(kRuleTableVersion == 3, "this is the verifier of the rule tables 1 to 3");
constexpr size_t kOthersOfTable1 = 30;  // table 1 cut what a nurse accepts; later ones do not

constexpr uint32_t kNurse = uint32_t{1} << registry::v1::LICENCE_NURSE;
constexpr uint32_t kPublicHealthNurse = uint32_t{1} << registry::v1::LICENCE_PUBLIC_HEALTH_NURSE;
constexpr uint32_t kMidwife = uint32_t{1} << registry::v1::LICENCE_MIDWIFE;

// One metre is less than nine microdegrees of latitude.
bool SurelyTooFar(const Nurse& nurse, const Opening& opening) {
  const int64_t north_e6 = std::abs(int64_t{nurse.home.latitude_e6} - opening.place.latitude_e6);
  return north_e6 > (int64_t{nurse.commute_limit_metres} + 2) * 9;
}

// Since table 2 a 保健師 or 助産師 counts as 看護師 as well, except where the employer wants the licences named.
bool Licensed(const Nurse& nurse, const Opening& opening, int rule_table) {
  uint32_t held = nurse.licences;
  const bool counts_as_nurse = rule_table >= 2 && !opening.named_licences_only;
  if (counts_as_nurse && ((held & kPublicHealthNurse) != 0 || (held & kMidwife) != 0)) held |= kNurse;
  return (opening.licences & held) != 0;
}

// Since table 3 a nurse says when she works, how much at least, from when on, and where not.
bool SuitsHer(const Nurse& nurse, const Opening& opening) {
  for (int half_day = 0; half_day < 32; ++half_day) {
    const uint32_t bit = uint32_t{1} << half_day;
    const bool at_school = nurse.half_days.school == 0 || (nurse.half_days.school & bit) != 0;
    const bool in_holidays = nurse.half_days.holidays == 0 || (nurse.half_days.holidays & bit) != 0;
    if ((opening.half_days.school & bit) != 0 && !at_school) return false;
    if ((opening.half_days.holidays & bit) != 0 && !in_holidays) return false;
  }
  const bool unwanted = std::find(nurse.unwanted.begin(), nurse.unwanted.end(), opening.facility) != nurse.unwanted.end();
  return !unwanted && nurse.available_from <= opening.start && nurse.min_weekly_minutes <= opening.max_weekly_minutes;
}

bool MayWork(const Nurse& nurse, const Opening& opening, int rule_table) {
  const bool skilled = (opening.required_skills & nurse.skills) == opening.required_skills;
  return opening.posts >= 1 && Licensed(nurse, opening, rule_table) && skilled &&
         nurse.weekly_minutes >= opening.weekly_minutes && (rule_table < 3 || SuitsHer(nurse, opening));
}

class Verifier {
 public:
  // Keeps references to both, which must outlive it.
  Verifier(const Instance& instance, absl::Span<const int32_t> opening_of_nurse, int rule_table)
      : nurses_(instance.nurses),
        openings_(instance.openings),
        assigned_(opening_of_nurse),
        rule_table_(rule_table),
        seed_(instance.seed),
        admitted_(openings_.size(), 0),
        last_(openings_.size(), -1),
        caps_(instance.caps),
        in_cap_(caps_.size(), 0),
        last_in_cap_(caps_.size(), -1),
        caps_of_(openings_.size()),
        metres_(openings_.size(), -1) {}

  Verdict Run() {
    if (rule_table_ < 1 || rule_table_ > kRuleTableVersion) {
      Report(FindingKind::kUnknownRules, -1, -1);
      return std::move(verdict_);
    }
    if (assigned_.size() != nurses_.size()) {
      Report(FindingKind::kWrongSize, -1, -1);
      return std::move(verdict_);
    }
    DrawLots();
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

  // The first eight bytes of each digest, as text: they compare like the number they are.
  void DrawLots() {
    std::string seed;
    for (int byte = 7; byte >= 0; --byte) seed += static_cast<char>(seed_ >> (8 * byte) & 0xff);
    for (const Nurse& nurse : nurses_) lots_.push_back(Sha256("tsunagu.lottery.v1" + seed + nurse.name).substr(0, 8));
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
    const int64_t metres_a = DistanceMetres(openings_[opening_a].place, nurses_[a].home);
    const int64_t metres_b = DistanceMetres(openings_[opening_b].place, nurses_[b].home);
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
    FindAccepted(nurses_[nurse]);
    const auto wish = std::find(wishes_.begin(), wishes_.end(), has);
    for (auto better = wishes_.begin(); better != wish; ++better) CheckPreferred(nurse, *better);
    if (wish != wishes_.end()) return;
    const bool accepted = std::find(others_.begin(), others_.end(), has) != others_.end();
    if (has != -1 && !accepted) {
      Report(metres_[has] < 0 ? FindingKind::kNotEligible : FindingKind::kNotAcceptable, nurse, has);
    }
    for (const int32_t other : others_) {
      if (!accepted || Nearer(other, has)) CheckPreferred(nurse, other);
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

  // Leaves in wishes_ her eligible wishes, in her order; in others_ what else she accepts, in no order; and in metres_ how
  // far each opening is, or -1 where she is not eligible.
  void FindAccepted(const Nurse& nurse) {
    others_.clear();
    for (size_t i = 0; i < openings_.size(); ++i) {
      metres_[i] = -1;
      if (SurelyTooFar(nurse, openings_[i]) || !MayWork(nurse, openings_[i], rule_table_)) continue;
      const int64_t metres = DistanceMetres(openings_[i].place, nurse.home);
      if (metres > nurse.commute_limit_metres) continue;
      metres_[i] = metres;
      others_.push_back(static_cast<int32_t>(i));
    }
    wishes_.clear();
    std::vector<bool> wished(openings_.size(), false);
    for (const int32_t wish : nurse.wishes) {
      if (!Known(wish) || metres_[wish] < 0 || wished[wish]) continue;
      wished[wish] = true;
      wishes_.push_back(wish);
    }
    others_.erase(std::remove_if(others_.begin(), others_.end(), [&](int32_t i) { return wished[i]; }), others_.end());
    if (rule_table_ > 1 || others_.size() <= kOthersOfTable1) return;
    std::partial_sort(others_.begin(), others_.begin() + kOthersOfTable1, others_.end(),
                      [this](int32_t a, int32_t b) { return Nearer(a, b); });
    others_.resize(kOthersOfTable1);
  }

  // Whether opening a comes before opening b for the nurse at hand, where she wishes for neither.
  bool Nearer(int32_t a, int32_t b) const {
    return metres_[a] != metres_[b] ? metres_[a] < metres_[b] : openings_[a].name < openings_[b].name;
  }

  const std::vector<Nurse>& nurses_;
  const std::vector<Opening>& openings_;
  const absl::Span<const int32_t> assigned_;
  const int rule_table_;
  const uint64_t seed_;
  std::vector<std::string> lots_;
  std::vector<int64_t> admitted_;  // by opening
  std::vector<int32_t> last_;      // by opening: whom it would send away first; -1 for nobody
  const std::vector<Cap>& caps_;
  std::vector<int64_t> in_cap_;                // by cap: nurses
  std::vector<int32_t> last_in_cap_;           // by cap, as last_
  std::vector<std::vector<int32_t>> caps_of_;  // by opening: those that it counts in
  // For the nurse at hand, as FindAccepted says.
  std::vector<int64_t> metres_;  // by opening
  std::vector<int32_t> wishes_;
  std::vector<int32_t> others_;
  Verdict verdict_;
};

}  // namespace

Verdict VerifyMatching(const Instance& instance, absl::Span<const int32_t> opening_of_nurse, int rule_table) {
  return Verifier(instance, opening_of_nurse, rule_table).Run();
}

}  // namespace tsunagu::matching::rules
