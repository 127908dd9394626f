#include "services/matching/snapshot/commute.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/jp/mesh.h"
#include "common/records/records.h"
#include "common/rpc/call.h"
#include "common/service/service.h"
#include "services/matching/snapshot/ways.h"
#include "services/matching/snapshot/within.h"
#include "tsunagu/matching/v1/commute_rule.pb.h"
#include "tsunagu/matching/v1/travel_time.pb.h"

namespace tsunagu::matching {
namespace {

using contract::Where;
using Names = std::set<std::string>;

constexpr size_t kFewNames = 4;  // up to this number, the database looks up names; for more, it scans the table

Where OneOfFew(absl::string_view field, const Names& names) {
  return names.size() <= kFewNames ? Where::OneOf(field, names) : Where();
}

// A ward without its own rule uses that of its city. Only the registry has the city of a ward, and the snapshot is
// later read without the registry: so the rule is copied for the ward.
void AddWards(const identity::Places& places, jp::CivilDay day, const v1::Snapshot& snapshot,
              google::protobuf::RepeatedPtrField<v1::SnapshotCommuteRule>& rules) {
  std::set<std::string> areas;  // areas of openings without a rule
  for (const v1::SnapshotOpening& opening : snapshot.openings()) areas.insert(opening.area());
  for (const v1::SnapshotCommuteRule& rule : rules) areas.erase(rule.area());
  const int count = rules.size();
  for (int i = 0; i < count; ++i) {
    if (IsPrefecture(rules[i].area())) continue;
    const Within city(places, rules[i].area(), day);
    for (const std::string& area : areas) {
      if (!city.Has(area)) continue;
      v1::SnapshotCommuteRule of_ward = rules[i];
      of_ward.set_area(area);
      *rules.Add() = std::move(of_ward);
    }
  }
}

absl::Status AddRules(store::View& view, jp::CivilDay day, v1::Snapshot& snapshot) {
  google::protobuf::RepeatedPtrField<v1::SnapshotCommuteRule> holding;
  RETURN_IF_ERROR(
      store::Records<v1::CommuteRule>::All(view).ForEach(Where::ActiveOn(day), [&](const v1::CommuteRule& rule) {
        v1::SnapshotCommuteRule& row = *holding.Add();
        row.set_name(rule.name());
        row.set_etag(rule.etag());
        row.set_area(rule.area());
        row.set_road_factor_permille(rule.road_factor_permille());
        if (rule.has_valid_from_date()) *row.mutable_valid_from_date() = rule.valid_from_date();
        return absl::OkStatus();
      }));
  AddWards(view.places(), day, snapshot, holding);
  std::set<const v1::SnapshotCommuteRule*> used;
  for (const v1::SnapshotOpening& opening : snapshot.openings()) used.insert(RuleOf(holding, opening.area()));
  for (const v1::SnapshotCommuteRule& rule : holding) {
    if (used.count(&rule) > 0) *snapshot.add_commute_rules() = rule;
  }
  return absl::OkStatus();
}

absl::Status AddTimes(store::View& view, v1::Snapshot& snapshot) {
  Names origins, destinations;
  for (const v1::SnapshotNurse& nurse : snapshot.nurses()) origins.insert({nurse.home_mesh(), nurse.home_area()});
  for (const v1::SnapshotOpening& opening : snapshot.openings()) {
    destinations.insert({opening.facility(), jp::MeshOf({opening.latitude_e6(), opening.longitude_e6()})});
  }
  origins.erase("");  // unspecified
  destinations.erase("");
  Names rules;
  for (const v1::SnapshotCommuteRule& rule : snapshot.commute_rules()) rules.insert(rule.name());
  for (const std::string& rule : rules) {
    const Where wanted = Where::Under(rule) && OneOfFew("origin", origins) && OneOfFew("destination", destinations);
    RETURN_IF_ERROR(store::Records<v1::TravelTime>::All(view).ForEach(wanted, [&](const v1::TravelTime& time) {
      if (time.minutes() == 0 || origins.count(time.origin()) == 0 || destinations.count(time.destination()) == 0) {
        return absl::OkStatus();
      }
      v1::SnapshotTravelTime& row = *snapshot.add_travel_times();
      row.set_commute_rule(rule);
      row.set_origin(time.origin());
      row.set_destination(time.destination());
      row.set_minutes(time.minutes());
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AddCommute(Service& service, const rpc::Call& call, jp::CivilDay day, v1::Snapshot& snapshot) {
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    snapshot.clear_commute_rules();
    snapshot.clear_travel_times();
    RETURN_IF_ERROR(AddRules(view, day, snapshot));
    return AddTimes(view, snapshot);
  }));
  SortWays(snapshot);
  const auto& times = snapshot.travel_times();
  const bool asks_areas = std::any_of(times.begin(), times.end(), [](const v1::SnapshotTravelTime& row) {
    return absl::StartsWith(row.origin(), "areas/");
  });
  if (asks_areas) return absl::OkStatus();
  for (v1::SnapshotNurse& nurse : *snapshot.mutable_nurses()) nurse.clear_home_area();
  return absl::OkStatus();
}

}  // namespace tsunagu::matching
