// Computes what contracts leave of openings for visits and of supplies.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "common/rpc/call.h"
#include "common/service/service.h"
#include "services/matching/mediation/facilities.h"
#include "services/matching/rules/opening.h"
#include "services/matching/rules/proposal.h"
#include "services/matching/rules/visit_contract.h"
#include "services/matching/rules/visit_supply.h"
#include "services/matching/snapshot/registry_copy.h"
#include "services/matching/snapshot/snapshot_rows.h"
#include "services/matching/snapshot/visit_snapshot.h"
#include "services/matching/snapshot/within.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"
#include "tsunagu/matching/v1/visit_supply.pb.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;
using v1::VisitContract;
using v1::VisitSupply;
using ByOwner = std::map<std::string, std::vector<VisitContract>>;  // by opening, or by supply

// All data is from one view.
struct Read {
  ByOwner of_opening, of_supply;
  std::vector<VisitSupply> supplies;
};

// Reads the contracts, including those that the caller may not see, since they also hold half-days. Ended contracts of
// supplies count for the supplies' years.
absl::StatusOr<Read> ReadHeld(Service& service, const rpc::Call& call, const Within& within, jp::CivilDay day) {
  identity::Actor actor = ActorOf(call);
  actor.scope = call.principal.ScopeFor("visitSupplies.read");
  Read read;
  RETURN_IF_ERROR(service.Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
    read = {};
    RETURN_IF_ERROR(store::Records<VisitSupply>(view).ForEach(contract::Where::ActiveOn(day), [&](VisitSupply& supply) {
      if (within.Has(supply.area())) read.supplies.push_back(std::move(supply));
      return absl::OkStatus();
    }));
    return store::Records<VisitContract>::All(view).ForEach(contract::Where(), [&](const VisitContract& contract) {
      if (!rules::Holds(contract)) return absl::OkStatus();
      read.of_opening[contract.opening()].push_back(contract);
      if (!contract.supply().empty()) read.of_supply[contract.supply()].push_back(contract);
      return absl::OkStatus();
    });
  }));
  return read;
}

// Returns the most contracts that hold the half-day on any one of the days.
int HeldOf(const std::vector<VisitContract>& contracts, int half_day, bool holidays, const jp::Period& days) {
  std::vector<jp::Period> held;
  for (const VisitContract& one : contracts) {
    if (!absl::c_linear_search(holidays ? one.holiday_half_days() : one.school_half_days(), half_day)) continue;
    held.push_back(
        {jp::DayOf(one.valid_from_date()), one.has_valid_to_date() ? jp::DayOf(one.valid_to_date()) : jp::kLastDay});
  }
  return rules::MostAtOnce(held, days);
}

// Returns the care that every half-day requires, and that of the children of this one.
std::set<int> SkillsIn(const v1::Opening& opening, int half_day) {
  std::set<int> skills(opening.required_skills().begin(), opening.required_skills().end());
  for (const v1::Opening::CareNeed& need : opening.care_needs()) {
    if (need.half_day() == half_day) skills.insert(need.skills().begin(), need.skills().end());
  }
  return skills;
}

void AddVisits(const v1::Opening& opening, const std::vector<VisitContract>& contracts, const jp::Period& days,
               v1::SnapshotOpening& row) {
  for (const bool holidays : {false, true}) {
    for (const int half_day : holidays ? opening.holiday_half_days() : opening.school_half_days()) {
      const int posts = opening.posts() - HeldOf(contracts, half_day, holidays, days);
      if (posts <= 0) continue;
      v1::SnapshotHalfDay& visit = *row.add_visits();
      visit.set_half_day(static_cast<registry_v1::HalfDay>(half_day));
      visit.set_holidays(holidays);
      visit.set_posts(posts);
      for (const int skill : SkillsIn(opening, half_day))
        visit.add_required_skills(static_cast<registry_v1::Skill>(skill));
    }
  }
}

bool WantsTogether(const v1::Opening& opening) {
  return std::any_of(opening.together().begin(), opening.together().end(),
                     [](const v1::Opening::Together& group) { return group.half_days_size() > 1; });
}

// Returns why an opening cannot take part in a round of visits; UNSPECIFIED if it can.
v1::LeftOutReason WhyNoVisit(const identity::Places& places, jp::CivilDay day, const v1::Opening& opening,
                             const registry_v1::Facility* facility, const v1::SnapshotOpening& row) {
  if (opening.state() == v1::OPENING_STATE_REFUSED) return v1::LEFT_OUT_REASON_REFUSED;
  if (rules::KindOf(opening) != v1::OPENING_KIND_VISIT) return v1::LEFT_OUT_REASON_NOT_A_VISIT;
  if (WantsTogether(opening)) return v1::LEFT_OUT_REASON_HALF_DAYS_TOGETHER;
  if (facility == nullptr) return v1::LEFT_OUT_REASON_FACILITY_NOT_FOUND;
  if (!StandsThere(opening, facility->area(), places, day)) return v1::LEFT_OUT_REASON_FACILITY_ELSEWHERE;
  if (!facility->has_latitude_e6() || !facility->has_longitude_e6()) {
    return v1::LEFT_OUT_REASON_FACILITY_WITHOUT_POSITION;
  }
  return row.visits_size() == 0 ? v1::LEFT_OUT_REASON_HALF_DAYS_HELD : v1::LEFT_OUT_REASON_UNSPECIFIED;
}

v1::SnapshotOpening VisitRowOf(const v1::Opening& opening, const registry_v1::Facility* facility,
                               const std::vector<VisitContract>& contracts, const jp::Period& days) {
  v1::SnapshotOpening row;
  if (facility != nullptr) row = RowOf(opening, *facility);
  row.clear_school_half_days();  // its visits contain them
  row.clear_holiday_half_days();
  row.clear_required_skills();
  row.set_supplier(opening.supplier());
  AddVisits(opening, contracts, days, row);
  return row;
}

v1::SnapshotSupply SupplyRowOf(const VisitSupply& supply, const std::vector<VisitContract>& contracts,
                               const jp::Period& days) {
  v1::SnapshotSupply row = rules::LeftOf(supply, contracts, days);
  row.set_name(supply.name());
  row.set_etag(supply.etag());
  row.set_kind(supply.kind());
  row.set_latitude_e6(supply.latitude_e6());
  row.set_longitude_e6(supply.longitude_e6());
  row.set_reach_metres(supply.reach_metres());
  row.set_licence(supply.licence());
  *row.mutable_skills() = supply.skills();
  if (supply.has_valid_from_date()) *row.mutable_available_from_date() = supply.valid_from_date();
  *row.mutable_wishes() = supply.wishes();
  *row.mutable_unwanted_facilities() = supply.unwanted_facilities();
  return row;
}

}  // namespace

absl::StatusOr<Taken> TakeVisits(Service& service, const PeerAccess& registry, const rpc::Call& call,
                                 const v1::Round& round) {
  if (registry.peer == nullptr) return Fail("NO_REGISTRY"_reason);
  rpc::CallOptions options = rpc::CallOptions::Onward(call, registry.api_key);
  options.retry_safe = true;
  if (options.purpose.empty()) options.purpose = "matching-round";
  const jp::CivilDay day = jp::DayOf(round.as_of_date());
  const jp::Period days = VisitDaysOf(round);
  const Within within(service.places(), round.area(), day);
  ASSIGN_OR_RETURN(const std::vector<v1::Opening> openings, ReadOpenings(service, call, within, day));
  RegistryCopy copy(registry, options, within, day);
  RETURN_IF_ERROR(copy.ReadFacilities());
  ASSIGN_OR_RETURN(Read held, ReadHeld(service, call, within, day));
  Taken taken;
  taken.registry_place = copy.place();
  v1::Snapshot& snapshot = taken.snapshot;
  for (const v1::Opening& opening : openings) {
    const auto found = copy.facilities().find(opening.facility());
    const registry_v1::Facility* facility = found == copy.facilities().end() ? nullptr : &found->second;
    const std::string& area = AreaOf(opening, facility);
    if (!area.empty() && !within.Has(area)) continue;
    v1::SnapshotOpening row = VisitRowOf(opening, facility, held.of_opening[opening.name()], days);
    const v1::LeftOutReason reason = WhyNoVisit(service.places(), day, opening, facility, row);
    if (reason == v1::LEFT_OUT_REASON_UNSPECIFIED) {
      *snapshot.add_openings() = std::move(row);
    } else {
      LeaveOut(opening.name(), reason, opening.facility(), snapshot);
    }
  }
  for (const VisitSupply& supply : held.supplies) {
    v1::SnapshotSupply row = SupplyRowOf(supply, held.of_supply[supply.name()], days);
    if (row.given_size() > 0) {
      *snapshot.add_supplies() = std::move(row);
    } else {
      // Only the limit of a year makes this 0.
      const bool year = row.all_visit_count() == 0;
      LeaveOut(supply.name(), year ? v1::LEFT_OUT_REASON_SUPPLY_YEAR_TOO_SMALL : v1::LEFT_OUT_REASON_SUPPLY_HELD, "",
               snapshot);
    }
  }
  return taken;
}

}  // namespace tsunagu::matching
