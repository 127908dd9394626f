#include "services/matching/snapshot/snapshot_rows.h"

#include <algorithm>
#include <utility>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "common/rpc/call.h"
#include "common/service/service.h"
#include "services/matching/mediation/facilities.h"
#include "services/matching/rules/opening.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

}  // namespace

Skills SkillsOf(const ByName<registry_v1::Nurse>& nurses, const ByName<registry_v1::NurseTraining>& trainings) {
  Skills skills;
  for (const auto& [name, nurse] : nurses) skills[name] = {nurse.skills().begin(), nurse.skills().end()};
  for (const auto& [name, training] : trainings) {
    const auto nurse = skills.find(name.substr(0, name.find("/nurseTrainings/")));
    if (nurse != skills.end()) nurse->second.insert(training.skills().begin(), training.skills().end());
  }
  return skills;
}

absl::StatusOr<std::vector<v1::Opening>> ReadOpenings(Service& service, const rpc::Call& call, const Within& within,
                                                      jp::CivilDay day) {
  return ReadOpenings(service, call, call.principal.ScopeFor("openings.read"), within, day);
}

absl::StatusOr<std::vector<v1::Opening>> ReadOpenings(Service& service, const rpc::Call& call,
                                                      const identity::Scope& scope, const Within& within,
                                                      jp::CivilDay day) {
  std::vector<v1::Opening> openings;
  identity::Actor actor = ActorOf(call);
  actor.scope = scope;
  RETURN_IF_ERROR(service.Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
    openings.clear();
    ASSIGN_OR_RETURN(const Promises promises, ReadPromises(view, day));
    const contract::Where wanted = contract::Where::ActiveOn(day) && within.Rows("area");
    return store::Records<v1::Opening>(view).ForEach(wanted, [&](v1::Opening& opening) {
      TakeOff(promises, opening);
      openings.push_back(std::move(opening));
      return absl::OkStatus();
    });
  }));
  return openings;
}

void TakeOff(const Promises& promises, v1::Opening& opening) {
  const auto held = promises.posts.find(opening.name());
  if (held != promises.posts.end()) opening.set_posts(std::max(0, opening.posts() - held->second));
}

const std::string& AreaOf(const v1::Opening& opening, const registry_v1::Facility* facility) {
  return !opening.area().empty() || facility == nullptr ? opening.area() : facility->area();
}

v1::LeftOutReason WhyNot(const identity::Places& places, jp::CivilDay day, const v1::Opening& opening,
                         const registry_v1::Facility* facility) {
  if (opening.state() == v1::OPENING_STATE_REFUSED) return v1::LEFT_OUT_REASON_REFUSED;
  if (!rules::TakesPart(opening)) return v1::LEFT_OUT_REASON_NOT_AN_EMPLOYMENT;
  if (opening.posts() == 0) return v1::LEFT_OUT_REASON_POSTS_PROMISED;
  if (facility == nullptr) return v1::LEFT_OUT_REASON_FACILITY_NOT_FOUND;
  if (!StandsThere(opening, facility->area(), places, day)) return v1::LEFT_OUT_REASON_FACILITY_ELSEWHERE;
  const bool placed = facility->has_latitude_e6() && facility->has_longitude_e6();
  return placed ? v1::LEFT_OUT_REASON_UNSPECIFIED : v1::LEFT_OUT_REASON_FACILITY_WITHOUT_POSITION;
}

const google::protobuf::RepeatedField<int>& NeededSkills(const v1::Opening& opening) {
  return opening.needed_skills().empty() ? opening.required_skills() : opening.needed_skills();
}

v1::SnapshotNurse RowOf(const registry_v1::Nurse& nurse, const std::set<int>& skills) {
  v1::SnapshotNurse row;
  row.set_name(nurse.name());
  row.set_etag(nurse.etag());
  row.set_licence(nurse.licence());
  for (const int skill : skills) row.add_skills(static_cast<registry_v1::Skill>(skill));
  row.set_weekly_minutes(nurse.weekly_minutes());
  row.set_home_mesh(nurse.home_mesh());
  row.set_commute_limit_metres(nurse.commute_limit_metres());
  *row.mutable_wishes() = nurse.wishes();
  *row.mutable_school_half_days() = nurse.school_half_days();
  *row.mutable_holiday_half_days() = nurse.holiday_half_days();
  row.set_min_weekly_minutes(nurse.min_weekly_minutes());
  if (nurse.has_available_from_date()) *row.mutable_available_from_date() = nurse.available_from_date();
  *row.mutable_unwanted_facilities() = nurse.unwanted_facilities();
  row.set_commute_limit_minutes(nurse.commute_limit_minutes());
  row.set_home_area(nurse.home_area());
  return row;
}

v1::SnapshotOpening RowOf(const v1::Opening& opening, const registry_v1::Facility& facility) {
  v1::SnapshotOpening row;
  row.set_name(opening.name());
  row.set_etag(opening.etag());
  row.set_facility(facility.name());
  row.set_facility_etag(facility.etag());
  row.set_latitude_e6(facility.latitude_e6());
  row.set_longitude_e6(facility.longitude_e6());
  row.set_posts(opening.posts());
  *row.mutable_licences() = opening.licences();
  row.set_named_licences_only(opening.named_licences_only());
  *row.mutable_required_skills() = NeededSkills(opening);
  row.set_weekly_minutes(opening.weekly_minutes());
  row.set_area(AreaOf(opening, &facility));
  *row.mutable_school_half_days() = opening.school_half_days();
  *row.mutable_holiday_half_days() = opening.holiday_half_days();
  row.set_max_weekly_minutes(opening.max_weekly_minutes());
  if (opening.has_start_date()) *row.mutable_start_date() = opening.start_date();
  return row;
}

void LeaveOut(const std::string& name, v1::LeftOutReason reason, const std::string& facility, v1::Snapshot& snapshot) {
  v1::LeftOut& row = *snapshot.add_left_out();
  row.set_name(name);
  row.set_reason(reason);
  row.set_facility(facility);
}

}  // namespace tsunagu::matching
