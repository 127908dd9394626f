#include "services/matching/snapshot/take_snapshot.h"

#include <utility>
#include <vector>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/identity/places.h"
#include "common/jp/civil_day.h"
#include "common/records/view.h"
#include "common/rpc/call.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "services/matching/snapshot/commute.h"
#include "services/matching/snapshot/registry_copy.h"
#include "services/matching/snapshot/snapshot_rows.h"
#include "services/matching/snapshot/visit_snapshot.h"
#include "services/matching/snapshot/within.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"
#include "tsunagu/registry/v1/nurse_training.pb.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

absl::Status AddNurses(const RegistryCopy& copy, const Promises& promises, const Within& within,
                       v1::Snapshot& snapshot) {
  const Skills skills = SkillsOf(copy.nurses(), copy.trainings());
  for (const auto& [name, nurse] : copy.nurses()) {
    if (!within.Has(nurse.home_area())) {  // she has no home area
      LeaveOut(name, v1::LEFT_OUT_REASON_HOME_AREA_UNKNOWN, "", snapshot);
      continue;
    }
    if (promises.nurses.count(name) > 0) {
      LeaveOut(name, v1::LEFT_OUT_REASON_NURSE_PROMISED, "", snapshot);
      continue;
    }
    if (nurse.home_mesh().empty()) {  // masked: the caller may not see her home
      return Fail("PERMISSION_DENIED"_reason, {{"permission", "nurses.confidential"}});
    }
    *snapshot.add_nurses() = RowOf(nurse, skills.at(name));
  }
  return absl::OkStatus();
}

void AddOpenings(const identity::Places& places, const RegistryCopy& copy, const Within& within, jp::CivilDay day,
                 const std::vector<v1::Opening>& openings, v1::Snapshot& snapshot) {
  for (const v1::Opening& opening : openings) {
    const auto found = copy.facilities().find(opening.facility());
    const registry_v1::Facility* facility = found == copy.facilities().end() ? nullptr : &found->second;
    const std::string& area = AreaOf(opening, facility);
    if (!area.empty() && !within.Has(area)) continue;
    const v1::LeftOutReason reason = WhyNot(places, day, opening, facility);
    if (reason == v1::LEFT_OUT_REASON_UNSPECIFIED) {
      *snapshot.add_openings() = RowOf(opening, *facility);
      continue;
    }
    LeaveOut(opening.name(), reason, opening.facility(), snapshot);
  }
}

}  // namespace

absl::StatusOr<Taken> TakeSnapshot(Service& service, const PeerAccess& registry, const rpc::Call& call,
                                   const v1::Round& round) {
  if (IsOfVisits(round)) return TakeVisits(service, registry, call, round);
  if (registry.peer == nullptr) return Fail("NO_REGISTRY"_reason);
  rpc::CallOptions options = rpc::CallOptions::Onward(call, registry.api_key);
  options.retry_safe = true;
  if (options.purpose.empty()) options.purpose = "matching-round";
  const jp::CivilDay day = jp::DayOf(round.as_of_date());
  const Within within(service.places(), round.area(), day);
  ASSIGN_OR_RETURN(const std::vector<v1::Opening> openings, ReadOpenings(service, call, within, day));
  RegistryCopy copy(registry, options, within, day);
  RETURN_IF_ERROR(copy.Read());
  Taken taken;
  taken.registry_place = copy.place();
  AddOpenings(service.places(), copy, within, day, openings, taken.snapshot);
  Promises promises;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(promises, ReadPromises(view, day));
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(AddNurses(copy, promises, within, taken.snapshot));
  RETURN_IF_ERROR(AddCommute(service, call, day, taken.snapshot));
  return taken;
}

}  // namespace tsunagu::matching
