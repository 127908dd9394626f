#include "services/matching/mediation/handover.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/rpc/bind.h"
#include "common/rpc/call.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "services/matching/rules/opening.h"
#include "services/matching/snapshot/registry_rows.h"
#include "services/matching/snapshot/snapshot_rows.h"
#include "services/matching/snapshot/within.h"
#include "services/peers/registry_places.h"
#include "tsunagu/matching/v1/handover.pb.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

class Openings : public rpc::Source<v1::HandoverOpening> {
 public:
  explicit Openings(std::vector<v1::HandoverOpening> rows) : rows_(std::move(rows)) {}
  absl::StatusOr<bool> Next(v1::HandoverOpening& row) override {
    if (next_ == rows_.size()) return false;
    row = std::move(rows_[next_++]);
    return true;
  }

 private:
  std::vector<v1::HandoverOpening> rows_;
  size_t next_ = 0;
};

std::string NameOf(const peers::RegistryPlaces& places, const std::string& area) {
  return area.empty() ? "" : places.DisplayNameOf(area);
}

v1::HandoverOpening RowOf(const v1::Opening& opening, const registry_v1::Facility* facility,
                          const peers::RegistryPlaces& places) {
  v1::HandoverOpening row;
  row.set_opening(opening.name());
  row.set_facility(opening.facility());
  if (facility != nullptr) {
    row.set_facility_name(facility->display_name());
    row.set_address(facility->address());
    if (facility->has_valid_to_date()) *row.mutable_facility_valid_to_date() = facility->valid_to_date();
  }
  row.set_area_name(NameOf(places, AreaOf(opening, facility)));
  row.set_display_name(opening.display_name());
  row.set_posts(opening.posts());
  row.set_employment_form(opening.employment_form());
  *row.mutable_licences() = opening.licences();
  row.set_named_licences_only(opening.named_licences_only());
  *row.mutable_skills() = NeededSkills(opening);
  row.set_weekly_minutes(opening.weekly_minutes());
  row.set_max_weekly_minutes(opening.max_weekly_minutes());
  *row.mutable_school_half_days() = opening.school_half_days();
  *row.mutable_holiday_half_days() = opening.holiday_half_days();
  row.set_begins_at(opening.begins_at());
  row.set_ends_at(opening.ends_at());
  if (opening.has_start_date()) *row.mutable_start_date() = opening.start_date();
  row.set_conditions(opening.conditions());
  if (opening.has_valid_to_date()) *row.mutable_valid_to_date() = opening.valid_to_date();
  return row;
}

absl::StatusOr<std::unique_ptr<Openings>> ReadHandoverOpenings(Service& service, const peers::RegistryPlaces& places,
                                                               const PeerAccess& registry, const rpc::Call& call,
                                                               const v1::ReadHandoverOpeningsRequest& request) {
  if (registry.peer == nullptr) return Fail("NO_REGISTRY"_reason);
  rpc::CallOptions options = rpc::CallOptions::Onward(call, registry.api_key);  // in the name of the caller
  options.retry_safe = true;
  const jp::CivilDay day = request.has_as_of_date() ? jp::DayOf(request.as_of_date()) : service.Today();
  const identity::Scope scope =
      call.principal.ScopeFor("openings.read").Intersection(call.principal.ScopeFor("handovers.read"));
  const Within within(service.places(), request.area(), day);
  ASSIGN_OR_RETURN(const std::vector<v1::Opening> openings, ReadOpenings(service, call, scope, within, day));
  const RegistryRows facility_rows(registry, options, day);
  ByName<registry_v1::Facility> facilities;
  RETURN_IF_ERROR(facility_rows.ReadFacilities("", facilities));
  std::set<std::string> ended;  // most likely: whoever is handed such an opening has to know
  for (const v1::Opening& opening : openings) {
    if (facilities.count(opening.facility()) == 0) ended.insert(opening.facility());
  }
  RETURN_IF_ERROR(facility_rows.ReadFacilitiesNamed(ended, facilities));
  std::vector<v1::HandoverOpening> rows;
  for (const v1::Opening& opening : openings) {
    const auto found = facilities.find(opening.facility());
    const registry_v1::Facility* facility = found == facilities.end() ? nullptr : &found->second;
    const bool refused = opening.state() == v1::OPENING_STATE_REFUSED;
    if (refused || !rules::TakesPart(opening) || opening.posts() == 0) continue;
    if (!within.Has(AreaOf(opening, facility))) continue;
    rows.push_back(RowOf(opening, facility, places));
  }
  return std::make_unique<Openings>(std::move(rows));
}

}  // namespace

void BindHandover(Service& service, const peers::RegistryPlaces& places, PeerFinder find_peer) {
  rpc::Binder(service.module(), "tsunagu.matching.v1.HandoverService")
      .ServerStream("ReadHandoverOpenings",
                    [&service, &places, find_peer](rpc::Call& call, const v1::ReadHandoverOpeningsRequest& request) {
                      return ReadHandoverOpenings(service, places, find_peer("registry"), call, request);
                    });
}

}  // namespace tsunagu::matching
