#include "services/matching/rules/verify_lists.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "common/base/digest.h"

namespace tsunagu::matching::rules {
namespace {

static_assert(kRuleTableVersion == 3, "these are the rule tables 1 to 3");
constexpr int64_t kLongestWay = (int64_t{1} << 20) - 1;  // longer ways count as this long
constexpr size_t kOthersOfTable1 = 30;                   // table 1 cut nurses' lists; later tables do not

constexpr uint32_t kNurse = uint32_t{1} << registry::v1::LICENCE_NURSE;
constexpr uint32_t kPublicHealthNurse = uint32_t{1} << registry::v1::LICENCE_PUBLIC_HEALTH_NURSE;
constexpr uint32_t kMidwife = uint32_t{1} << registry::v1::LICENCE_MIDWIFE;

// Since table 2, a 保健師 or 助産師 also counts as 看護師, unless the employer accepts only the named licences.
bool Licensed(const Nurse& nurse, const Opening& opening, int rule_table) {
  uint32_t held = nurse.licences;
  const bool counts_as_nurse = rule_table >= 2 && !opening.named_licences_only;
  if (counts_as_nurse && ((held & kPublicHealthNurse) != 0 || (held & kMidwife) != 0)) held |= kNurse;
  return (opening.licences & held) != 0;
}

// If a nurse lists no half-days of a kind of week, she works on all of them.
bool Covers(uint32_t hers, uint32_t wanted) { return hers == 0 || (wanted & hers) == wanted; }

// Since table 3 a nurse states her half-days, her minimum hours, her first day, and the facilities that she excludes.
bool SuitsHer(const Nurse& nurse, const Opening& opening) {
  if (nurse.available_from > opening.start || nurse.min_weekly_minutes > opening.max_weekly_minutes) return false;
  if (!Covers(nurse.half_days.school, opening.half_days.school)) return false;
  if (!Covers(nurse.half_days.holidays, opening.half_days.holidays)) return false;
  return std::find(nurse.unwanted.begin(), nurse.unwanted.end(), opening.facility) == nurse.unwanted.end();
}

bool MayWork(const Nurse& nurse, const Opening& opening, int rule_table) {
  const bool skilled = (opening.required_skills & nurse.skills) == opening.required_skills;
  return opening.posts >= 1 && Licensed(nurse, opening, rule_table) && skilled &&
         nurse.weekly_minutes >= opening.weekly_minutes && (rule_table < 3 || SuitsHer(nurse, opening));
}

// Returns whether minutes may count for her instead of metres.
bool CountsMinutes(const Nurse& nurse) { return nurse.commute_limit_minutes > 0 && nurse.ways != nullptr; }

size_t SitesOf(const std::vector<Opening>& openings) {
  int32_t last = -1;
  for (const Opening& opening : openings) last = std::max(last, opening.site);
  return static_cast<size_t>(last + 1);
}

}  // namespace

int64_t LengthOf(const Nurse& nurse, const Opening& opening) {
  const int64_t thousandths = DistanceMetres(opening.place, nurse.home) * opening.road_factor_permille;
  const int64_t metres = thousandths / 1000 + (thousandths % 1000 >= 500 ? 1 : 0);
  return std::min(metres, kLongestWay);
}

bool KnowsTable(int rule_table) { return rule_table >= 1 && rule_table <= kRuleTableVersion; }

ListReader::ListReader(const Instance& instance, int rule_table)
    : openings_(instance.openings),
      rule_table_(rule_table),
      minutes_(SitesOf(openings_), 0),
      wished_(openings_.size()) {
  for (size_t i = 0; i < openings_.size(); ++i) placed_.push_back({openings_[i], static_cast<int32_t>(i)});
  std::sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) {
    const int32_t a_e6 = a.opening.place.latitude_e6, b_e6 = b.opening.place.latitude_e6;
    return a_e6 != b_e6 ? a_e6 < b_e6 : a.index < b.index;
  });
}

void ListReader::SpreadMinutes(const Nurse& nurse) {
  if (std::exchange(minutes_of_, &nurse) == &nurse) return;
  if (std::exchange(has_minutes_, CountsMinutes(nurse))) std::fill(minutes_.begin(), minutes_.end(), 0);
  if (!has_minutes_) return;
  for (const TimedWay& way : *nurse.ways) {
    if (way.site >= 0 && static_cast<size_t>(way.site) < minutes_.size()) minutes_[way.site] = way.minutes;
  }
}

int64_t ListReader::WayTo(const Nurse& nurse, int32_t opening) {
  SpreadMinutes(nurse);
  return WayTo(nurse, openings_[opening]);
}

int64_t ListReader::WayTo(const Nurse& nurse, const Opening& opening) const {
  if (!MayWork(nurse, opening, rule_table_)) return -1;
  const int64_t metres = LengthOf(nurse, opening);
  const int32_t minutes = opening.site < 0 ? 0 : minutes_[opening.site];
  const bool near = minutes > 0 ? minutes <= nurse.commute_limit_minutes : metres <= nurse.commute_limit_metres;
  return near ? metres : -1;
}

const std::vector<Listed>& ListReader::Read(const Nurse& nurse) {
  ReadUnordered(nurse, kAnyMetres);
  std::sort(list_.begin() + static_cast<std::ptrdiff_t>(wish_count_), list_.end(),
            [this](const Listed& a, const Listed& b) { return ComesBefore(a, b); });
  return list_;
}

const std::vector<Listed>& ListReader::ReadUnordered(const Nurse& nurse, int64_t most_metres) {
  list_.clear();
  for (const int32_t wish : nurse.wishes) {
    if (wish < 0 || static_cast<size_t>(wish) >= openings_.size() || wished_[wish]) continue;
    const int64_t metres = WayTo(nurse, wish);
    if (metres < 0) continue;
    wished_[wish] = true;
    list_.push_back({wish, metres});
  }
  wish_count_ = list_.size();
  AddOthers(nurse, rule_table_ > 1 ? most_metres : kAnyMetres);
  for (size_t i = 0; i < wish_count_; ++i) wished_[list_[i].opening] = false;
  const size_t cut = wish_count_ + kOthersOfTable1;
  if (rule_table_ > 1 || list_.size() <= cut) return list_;
  std::partial_sort(list_.begin() + static_cast<std::ptrdiff_t>(wish_count_),
                    list_.begin() + static_cast<std::ptrdiff_t>(cut), list_.end(),
                    [this](const Listed& a, const Listed& b) { return ComesBefore(a, b); });
  list_.resize(cut);
  return list_;
}

// No way is shorter than the straight line. One metre of it is less than nine microdegrees of latitude and, up to 48
// degrees from the equator, less than fourteen of longitude.
void ListReader::AddOthers(const Nurse& nurse, int64_t most_metres) {
  SpreadMinutes(nurse);
  // If minutes count, openings may be farther away than her limit in metres.
  const int64_t reach = CountsMinutes(nurse) ? most_metres : std::min(most_metres, int64_t{nurse.commute_limit_metres});
  if (reach >= kLongestWay) {
    for (const Placed& other : placed_) AddOther(nurse, other, most_metres);
    return;
  }
  const int64_t north_e6 = (reach + 2) * 9, east_e6 = (reach + 2) * 14;
  const bool east_is_known = std::abs(int64_t{nurse.home.latitude_e6}) + north_e6 <= 48'000'000;
  auto at =
      std::lower_bound(placed_.begin(), placed_.end(), nurse.home.latitude_e6 - north_e6,
                       [](const Placed& a, int64_t latitude_e6) { return a.opening.place.latitude_e6 < latitude_e6; });
  for (; at != placed_.end() && at->opening.place.latitude_e6 <= nurse.home.latitude_e6 + north_e6; ++at) {
    const int64_t apart_e6 = std::abs(int64_t{nurse.home.longitude_e6} - at->opening.place.longitude_e6);
    if (east_is_known && std::min(apart_e6, 360'000'000 - apart_e6) > east_e6) continue;
    AddOther(nurse, *at, most_metres);
  }
}

void ListReader::AddOther(const Nurse& nurse, const Placed& other, int64_t most_metres) {
  if (wished_[other.index]) return;
  const int64_t metres = WayTo(nurse, other.opening);
  if (metres >= 0 && metres <= most_metres) list_.push_back({other.index, metres});
}

std::vector<std::string> LotsOf(const Instance& instance) {
  std::string seed;
  for (int byte = 7; byte >= 0; --byte) seed += static_cast<char>(instance.seed >> (8 * byte) & 0xff);
  std::vector<std::string> lots;
  for (const Nurse& nurse : instance.nurses) {
    lots.push_back(Sha256("tsunagu.lottery.v1" + seed + nurse.name).substr(0, 8));
  }
  return lots;
}

}  // namespace tsunagu::matching::rules
