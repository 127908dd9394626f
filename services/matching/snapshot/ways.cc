#include "services/matching/snapshot/ways.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/jp/mesh.h"
#include "services/matching/rules/distance.h"
#include "services/matching/snapshot/within.h"

namespace tsunagu::matching {
namespace {

using TravelTimes = google::protobuf::RepeatedPtrField<v1::SnapshotTravelTime>;

auto KeyOf(const v1::SnapshotTravelTime& row) { return std::tie(row.commute_rule(), row.origin(), row.destination()); }

// A location of openings: openings at one location have one number.
struct Site {
  const v1::SnapshotCommuteRule* rule = nullptr;
  std::string facility, mesh;
  jp::GeoPoint place;
};

class Table {
 public:
  explicit Table(const TravelTimes& rows) {
    for (const v1::SnapshotTravelTime& row : rows) {
      minutes_[row.commute_rule()][row.origin()][row.destination()] = row.minutes();
    }
  }

  // Returns the ways from a mesh in an area.
  std::shared_ptr<const rules::TimedWays> WaysFrom(const std::string& mesh, const std::string& area,
                                                   const std::vector<Site>& sites) const {
    const jp::GeoPoint home = jp::MeshCentre(mesh).value_or(jp::GeoPoint{});
    std::unordered_map<const v1::SnapshotCommuteRule*, std::vector<const Destinations*>> from;  // by rule, for this
                                                                                                // nurse
    rules::TimedWays ways;
    for (size_t i = 0; i < sites.size(); ++i) {
      const auto [hers, is_new] = from.emplace(sites[i].rule, std::vector<const Destinations*>());
      if (is_new) hers->second = From(sites[i].rule->name(), mesh, area);
      const int32_t minutes = MinutesTo(sites[i], hers->second);
      if (minutes <= 0) continue;
      const auto straight = static_cast<int32_t>(rules::DistanceMetres(home, sites[i].place));
      ways.push_back({static_cast<int32_t>(i), minutes, straight});
    }
    return ways.empty() ? nullptr : std::make_shared<const rules::TimedWays>(std::move(ways));
  }

 private:
  using Destinations = std::unordered_map<std::string, int32_t>;

  // Returns the destinations from the mesh, then those from the area.
  std::vector<const Destinations*> From(const std::string& rule, const std::string& mesh,
                                        const std::string& area) const {
    std::vector<const Destinations*> from;
    const auto of_rule = minutes_.find(rule);
    if (of_rule == minutes_.end()) return from;
    for (const std::string* origin : {&mesh, &area}) {
      const auto found = of_rule->second.find(*origin);
      if (found != of_rule->second.end()) from.push_back(&found->second);
    }
    return from;
  }

  static int32_t MinutesTo(const Site& site, const std::vector<const Destinations*>& from) {
    for (const Destinations* told : from) {
      for (const std::string* destination : {&site.facility, &site.mesh}) {
        const auto to = told->find(*destination);
        if (to != told->end()) return to->second;
      }
    }
    return 0;
  }

  std::unordered_map<std::string, std::unordered_map<std::string, Destinations>> minutes_;  // by rule and origin
};

// Returns the sites that have a rule; sets the site number of each opening.
std::vector<Site> SitesOf(const v1::Snapshot& snapshot, rules::Instance& instance) {
  std::vector<Site> sites;
  std::map<std::tuple<const void*, std::string, int32_t, int32_t>, int32_t> numbers;
  for (int i = 0; i < snapshot.openings_size(); ++i) {
    const v1::SnapshotOpening& row = snapshot.openings(i);
    const v1::SnapshotCommuteRule* rule = RuleOf(snapshot.commute_rules(), row.area());
    if (rule == nullptr) continue;
    const jp::GeoPoint place = instance.openings[i].place;
    const auto [number, is_new] = numbers.emplace(
        std::tuple(rule, row.facility(), place.latitude_e6, place.longitude_e6), static_cast<int32_t>(sites.size()));
    if (is_new) sites.push_back({rule, row.facility(), jp::MeshOf(place), place});
    instance.openings[i].site = number->second;
  }
  return sites;
}

}  // namespace

void SortWays(v1::Snapshot& snapshot) {
  std::sort(
      snapshot.mutable_commute_rules()->pointer_begin(), snapshot.mutable_commute_rules()->pointer_end(),
      [](const auto* a, const auto* b) { return std::tie(a->name(), a->area()) < std::tie(b->name(), b->area()); });
  std::sort(snapshot.mutable_travel_times()->pointer_begin(), snapshot.mutable_travel_times()->pointer_end(),
            [](const auto* a, const auto* b) { return KeyOf(*a) < KeyOf(*b); });
}

void CheckWays(const v1::Snapshot& snapshot, Faults& faults) {
  // The rule of a city is copied for each ward that uses it.
  std::set<std::pair<std::string, std::string>> in_areas;
  std::set<std::string> names, areas;
  for (const v1::SnapshotCommuteRule& rule : snapshot.commute_rules()) {
    names.insert(rule.name());
    if (!in_areas.emplace(rule.name(), rule.area()).second) {
      faults.Add("snapshot.commute_rules", "DUPLICATE_PARTICIPANT"_reason, {{"name", rule.name()}});
    } else if (!areas.insert(rule.area()).second) {
      faults.Add("snapshot.commute_rules", "COMMUTE_RULES_OF_ONE_AREA"_reason, {{"area", rule.area()}});
    }
    const int32_t factor = rule.road_factor_permille();
    if (factor > 0 && factor < 1000) {
      faults.Add("snapshot.commute_rules", "OUT_OF_RANGE"_reason, {{"min", "1000"}, {"max", "5000"}});
    }
  }
  const v1::SnapshotTravelTime* before = nullptr;
  for (const v1::SnapshotTravelTime& row : snapshot.travel_times()) {
    if (names.count(row.commute_rule()) == 0 && (before == nullptr || before->commute_rule() != row.commute_rule())) {
      faults.Add("snapshot.travel_times", "COMMUTE_RULE_NOT_SENT"_reason, {{"name", row.commute_rule()}});
    }
    if (before != nullptr && KeyOf(*before) == KeyOf(row)) {
      faults.Add("snapshot.travel_times", "DUPLICATE_PARTICIPANT"_reason,
                 {{"name", absl::StrCat(row.origin(), " → ", row.destination())}});
    }
    before = &row;
  }
}

const v1::SnapshotCommuteRule* RuleOf(const google::protobuf::RepeatedPtrField<v1::SnapshotCommuteRule>& rules,
                                      const std::string& area) {
  const v1::SnapshotCommuteRule* wider = nullptr;
  for (const v1::SnapshotCommuteRule& rule : rules) {
    if (rule.area() == area) return &rule;
    if (IsInPrefecture(area, rule.area())) wider = &rule;
  }
  return wider;
}

void AddWays(const v1::Snapshot& snapshot, rules::Instance& instance) {
  if (snapshot.commute_rules().empty()) return;
  const std::vector<Site> sites = SitesOf(snapshot, instance);
  for (rules::Opening& opening : instance.openings) {
    if (opening.site < 0) continue;
    const int32_t factor = sites[opening.site].rule->road_factor_permille();
    opening.road_factor_permille = factor > 0 ? factor : 1000;
  }
  if (snapshot.travel_times().empty()) return;
  const Table table(snapshot.travel_times());
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const rules::TimedWays>> known;
  for (int i = 0; i < snapshot.nurses_size(); ++i) {
    const v1::SnapshotNurse& row = snapshot.nurses(i);
    const auto [ways, is_new] = known.emplace(std::pair(row.home_mesh(), row.home_area()), nullptr);
    if (is_new) ways->second = table.WaysFrom(row.home_mesh(), row.home_area(), sites);
    instance.nurses[i].ways = ways->second;
  }
}

}  // namespace tsunagu::matching
