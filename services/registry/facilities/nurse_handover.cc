#include "services/registry/facilities/nurse_handover.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/strip.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/identity/places.h"
#include "common/identity/scope.h"
#include "common/jp/area_code.h"
#include "common/jp/civil_day.h"
#include "common/records/records.h"
#include "common/rpc/bind.h"
#include "common/service/service.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"
#include "tsunagu/registry/v1/nurse_handover.pb.h"
#include "tsunagu/registry/v1/nurse_training.pb.h"

namespace tsunagu::registry {
namespace {

using contract::Where;

class Handed : public rpc::Source<v1::HandedNurse> {
 public:
  explicit Handed(std::vector<v1::HandedNurse> nurses) : nurses_(std::move(nurses)) {}
  absl::StatusOr<bool> Next(v1::HandedNurse& nurse) override {
    if (next_ == nurses_.size()) return false;
    nurse = std::move(nurses_[next_++]);
    return true;
  }

 private:
  std::vector<v1::HandedNurse> nurses_;
  size_t next_ = 0;
};

// Returns the scope of nurses whom the caller may see in an area, or everywhere if it is empty: a designated city
// includes nurses who live in its wards.
absl::StatusOr<identity::Scope> ScopeIn(Service& service, const identity::Scope& scope, const std::string& area,
                                        jp::CivilDay day) {
  if (area.empty()) return scope;
  if (!jp::AreaCode::Parse(absl::StripPrefix(area, "areas/")).ok()) return FailAt("area", "MALFORMED_AREA_CODE"_reason);
  return scope.Intersection(identity::Scope::Of(service.places().ReachOf(area, day)));
}

bool HasConsented(const v1::Nurse& nurse, jp::CivilDay day) {
  return nurse.has_handover_consent_date() && jp::DayOf(nurse.handover_consent_date()) <= day;
}

// Returns the care that she declares, and the care in which she has been trained.
absl::StatusOr<std::set<int>> SkillsOf(store::View& view, const v1::Nurse& nurse, jp::CivilDay day) {
  std::set<int> skills(nurse.skills().begin(), nurse.skills().end());
  RETURN_IF_ERROR(store::Records<v1::NurseTraining>::All(view).ForEach(
      Where::Under(nurse.name()) && Where("revoked", false) && Where::ActiveOn(day),
      [&](const v1::NurseTraining& training) {
        skills.insert(training.skills().begin(), training.skills().end());
        return absl::OkStatus();
      }));
  return skills;
}

absl::StatusOr<v1::HandedNurse> RowOf(store::View& view, const v1::Nurse& nurse, jp::CivilDay day) {
  v1::HandedNurse row;
  row.set_nurse(nurse.name());
  row.set_display_name(nurse.display_name());
  row.set_kana(nurse.kana());
  row.set_phone(nurse.phone());
  row.set_licence(nurse.licence());
  ASSIGN_OR_RETURN(const std::set<int> skills, SkillsOf(view, nurse, day));
  for (const int skill : skills) row.add_skills(static_cast<v1::Skill>(skill));
  if (!nurse.home_area().empty()) {
    ASSIGN_OR_RETURN(const v1::Area area, store::Records<v1::Area>::All(view).Get(nurse.home_area()));
    row.set_area_name(area.display_name());
  }
  row.set_commute_limit_metres(nurse.commute_limit_metres());
  row.set_weekly_minutes(nurse.weekly_minutes());
  row.set_min_weekly_minutes(nurse.min_weekly_minutes());
  *row.mutable_school_half_days() = nurse.school_half_days();
  *row.mutable_holiday_half_days() = nurse.holiday_half_days();
  if (nurse.has_available_from_date()) *row.mutable_available_from_date() = nurse.available_from_date();
  *row.mutable_consent_date() = nurse.handover_consent_date();
  return row;
}

absl::StatusOr<std::unique_ptr<Handed>> ReadNurseHandover(Service& service, const rpc::Call& call,
                                                          const v1::ReadNurseHandoverRequest& request) {
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  const jp::CivilDay day = request.has_as_of_date() ? jp::DayOf(request.as_of_date()) : service.Today();
  identity::Actor actor = ActorOf(call);
  ASSIGN_OR_RETURN(actor.scope, ScopeIn(service, actor.scope, request.area(), day));
  const Where wanted = Where("seeking", true) && Where::ActiveOn(day);
  std::vector<v1::HandedNurse> rows;
  RETURN_IF_ERROR(service.Read(actor, call.deadline, [&](store::View& view) {
    rows.clear();
    return store::Records<v1::Nurse>(view).ForEach(wanted, [&](const v1::Nurse& nurse) -> absl::Status {
      if (!HasConsented(nurse, day)) return absl::OkStatus();
      ASSIGN_OR_RETURN(rows.emplace_back(), RowOf(view, nurse, day));
      return absl::OkStatus();
    });
  }));
  std::vector<std::string> told;
  for (const v1::HandedNurse& row : rows) told.push_back(row.nurse());
  if (!told.empty()) RETURN_IF_ERROR(service.LogAccess(call, told));
  return std::make_unique<Handed>(std::move(rows));
}

}  // namespace

void AddNurseHandover(Service& service) {
  rpc::Binder(service.module(), "tsunagu.registry.v1.NurseHandoverService")
      .ServerStream("ReadNurseHandover", [&service](rpc::Call& call, const v1::ReadNurseHandoverRequest& request) {
        return ReadNurseHandover(service, call, request);
      });
}

}  // namespace tsunagu::registry
