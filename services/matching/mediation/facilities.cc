#include "services/matching/mediation/facilities.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/rpc/call.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "services/matching/snapshot/registry_rows.h"
#include "tsunagu/registry/v1/facility.pb.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

using WantedOpening = Wanted<v1::Opening>;

constexpr absl::Duration kPatience = absl::Seconds(5);

bool Asks(const WantedOpening& one) {
  const v1::Opening& after = *one.after;
  if (!contract::Schema::Of(registry_v1::Facility::descriptor()).IdOf(after.facility()).ok())
    return false;  // the contract reports it
  if (one.before == nullptr) return true;
  return one.before->facility() != after.facility() || one.before->area() != after.area();
}

// Returns the areas of those facilities that the caller can see in the registry.
absl::StatusOr<std::map<std::string, std::string>> AreasOf(const PeerAccess& registry, const rpc::Call& call,
                                                           const std::set<std::string>& names, jp::CivilDay day) {
  rpc::CallOptions options = rpc::CallOptions::Onward(call, registry.api_key);
  options.purpose.clear();  // the location is not secret
  options.timeout = std::min(options.timeout, kPatience);
  options.retry_safe = true;
  ByName<registry_v1::Facility> facilities;
  RETURN_IF_ERROR(RegistryRows(registry, options, day).ReadFacilitiesNamed(names, facilities));
  std::map<std::string, std::string> areas;
  for (const auto& [name, facility] : facilities) areas[name] = facility.area();
  return areas;
}

}  // namespace

bool StandsThere(const v1::Opening& opening, const std::string& facility_area, const identity::Places& places,
                 jp::CivilDay day) {
  if (opening.area().empty() || facility_area.empty()) return true;
  return identity::Scope::Of(places.ReachOf(opening.area(), day)).Meets(places.KeysOf(facility_area));
}

Resource::AskOf<v1::Opening> AskAboutFacilities(Service& service, PeerFinder find_peer) {
  return [&service, find_peer = std::move(find_peer)](rpc::Call& call,
                                                      absl::Span<const WantedOpening> all) -> absl::Status {
    std::set<std::string> names;
    for (const WantedOpening& one : all) {
      if (Asks(one)) names.insert(one.after->facility());
    }
    if (names.empty()) return absl::OkStatus();
    const PeerAccess registry = find_peer("registry");
    if (registry.peer == nullptr) return absl::OkStatus();
    const auto areas = AreasOf(registry, call, names, service.Today());
    if (!areas.ok()) return Refusal(areas.status(), "FACILITY_NOT_CHECKED"_reason);
    for (const WantedOpening& one : all) {
      if (!Asks(one)) continue;
      v1::Opening& opening = *one.after;
      const auto found = areas->find(opening.facility());
      if (found == areas->end()) {
        one.faults->Add("facility", "REFERENCE_NOT_FOUND"_reason, {{"name", opening.facility()}});
      } else if (opening.area().empty()) {
        opening.set_area(found->second);
      } else if (!StandsThere(opening, found->second, service.places(), service.Today())) {
        one.faults->Add("area", "FACILITY_ELSEWHERE"_reason, {{"name", opening.facility()}, {"area", found->second}});
      }
    }
    return absl::OkStatus();
  };
}

}  // namespace tsunagu::matching
