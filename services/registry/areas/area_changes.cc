#include "services/registry/areas/area_changes.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "common/access/actor.h"
#include "common/records/tx.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/registry/areas/area_proposals.h"
#include "services/registry/rules/area_change.h"
#include "tsunagu/registry/v1/area_change.pb.h"
#include "tsunagu/registry/v1/area_role.pb.h"
#include "tsunagu/registry/v1/joint_group_member.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::registry {
namespace {

using contract::Where;
using v1::AreaChange;

jp::Period PeriodOf(const v1::Area& area) { return contract::Schema::Of(v1::Area::descriptor()).PeriodOf(area); }

absl::StatusOr<std::vector<AreaChange>> ReadChanges(store::View& view, const Where& where) {
  std::vector<AreaChange> changes;
  RETURN_IF_ERROR(
      store::Records<AreaChange>::All(view).ForEach(Where("withdrawn", false) && where, [&](AreaChange& change) {
        changes.push_back(std::move(change));
        return absl::OkStatus();
      }));
  return changes;
}

Where Names(const std::string& area) { return Where("from_areas", area) || Where("to_areas", area); }

std::set<std::string> AreasOf(const AreaChange& change) {
  std::set<std::string> areas(change.from_areas().begin(), change.from_areas().end());
  areas.insert(change.to_areas().begin(), change.to_areas().end());
  return areas;
}

// Adds a conflict if a record in the area is valid after `last`, the last day of the area.
template <typename N, typename M>
absl::Status RefuseWhatGoesOn(const store::Decision<M>& decision, absl::string_view field, const Where& in_area,
                              jp::CivilDay last, Reason seen, Reason unseen) {
  bool told = false;
  return decision.template all<N>().ForEach(in_area && Where::Overlapping({last + 1, jp::kLastDay}),
                                            [&](const N& other) -> absl::Status {
                                              if (std::exchange(told, true)) return absl::OkStatus();
                                              return decision.AddConflict(field, seen, unseen, other);
                                            });
}

template <typename M>
absl::Status RefuseOrphans(const store::Decision<M>& decision, absl::string_view field, const std::string& area,
                           jp::CivilDay last) {
  RETURN_IF_ERROR(RefuseWhatGoesOn<v1::Placement>(decision, field, Where("body", area), last,
                                                  "BODY_PLACEMENT_GOES_ON"_reason,
                                                  "BODY_PLACEMENT_GOES_ON_UNSEEN"_reason));
  RETURN_IF_ERROR(RefuseWhatGoesOn<v1::Placement>(decision, field, Where("territory", area) && !Where("body", area),
                                                  last, "TERRITORY_SERVED_ON"_reason,
                                                  "TERRITORY_SERVED_ON_UNSEEN"_reason));
  RETURN_IF_ERROR(RefuseWhatGoesOn<v1::JointGroupMember>(decision, field, Where("area", area), last,
                                                         "BODY_MEMBERSHIP_GOES_ON"_reason,
                                                         "BODY_MEMBERSHIP_GOES_ON_UNSEEN"_reason));
  return RefuseWhatGoesOn<v1::AreaRole>(decision, field, Where("area", area), last, "BODY_ROLE_GOES_ON"_reason,
                                        "BODY_ROLE_GOES_ON_UNSEEN"_reason);
}

// Compares the days of `area` with those that the change requires.
absl::Status CheckDays(const store::Decision<AreaChange>& decision, const v1::Area& area) {
  const AreaChange& change = decision.after();
  const auto end = rules::EndBecauseOf(change, area.name()), begin = rules::BeginBecauseOf(change, area.name());
  const jp::Period days = PeriodOf(area);
  const jp::CivilDay day = jp::DayOf(change.effective_date()), before = day - 1;
  const bool ends_elsewhere = end && days.to != jp::kLastDay && days.to != *end;
  const bool begins_elsewhere = begin && days.from != jp::kFirstDay && days.from != *begin;
  const bool is_there = (begin || days.Contains(before)) && (end || days.Contains(day));
  if (ends_elsewhere || begins_elsewhere || !is_there) {
    decision.faults().Add(begin ? "to_areas" : "from_areas", "AREA_CHANGE_OTHER_DAYS"_reason,
                          {{"area", area.name()},
                           {"from", days.from == jp::kFirstDay ? "" : jp::FormatIso(days.from)},
                           {"to", days.to == jp::kLastDay ? "" : jp::FormatIso(days.to)}});
  }
  return end ? RefuseOrphans(decision, "from_areas", area.name(), *end) : absl::OkStatus();
}

// Called with the guards of its areas locked, so that of two concurrent writers of the same change one is refused.
absl::Status RefuseRepetition(const store::Decision<AreaChange>& decision) {
  const AreaChange& change = decision.after();
  ASSIGN_OR_RETURN(
      const std::vector<AreaChange> others,
      ReadChanges(decision.tx(), Where("effective_date", jp::FormatIso(jp::DayOf(change.effective_date()))) &&
                                     Where("from_areas", change.from_areas(0))));
  for (const AreaChange& other : others) {
    if (other.name() == change.name() || !rules::SayTheSame(other, change)) continue;
    return decision.AddConflict("", "AREA_CHANGE_REPEATED"_reason, "AREA_CHANGE_REPEATED_UNSEEN"_reason, other);
  }
  return absl::OkStatus();
}

// Sets the days of an area that follow from the recorded changes. Days that followed from `withdrawn` become open
// again.
absl::Status FollowDays(store::Tx& tx, const std::string& name, const AreaChange* withdrawn) {
  ASSIGN_OR_RETURN(const v1::Area before, store::Records<v1::Area>::All(tx).Get(name));
  v1::Area after = before;
  if (withdrawn != nullptr && rules::EndBecauseOf(*withdrawn, name)) after.clear_valid_to_date();
  if (withdrawn != nullptr && rules::BeginBecauseOf(*withdrawn, name)) after.clear_valid_from_date();
  ASSIGN_OR_RETURN(const std::vector<AreaChange> changes, ReadChanges(tx, Names(name)));
  for (const AreaChange& change : changes) {
    if (const auto end = rules::EndBecauseOf(change, name)) *after.mutable_valid_to_date() = jp::ToDate(*end);
    if (const auto begin = rules::BeginBecauseOf(change, name)) *after.mutable_valid_from_date() = jp::ToDate(*begin);
  }
  if (PeriodOf(before) == PeriodOf(after)) return absl::OkStatus();
  return store::Records<v1::Area>::Update(tx, before, after);
}

absl::Status DecideAreaChange(const store::Decision<AreaChange>& decision) {
  const AreaChange& change = decision.after();
  rules::CheckAreaChange(change, decision.faults());
  if (!decision.faults().empty() || !jp::CheckDate(change.effective_date()).ok()) return absl::OkStatus();
  if (decision.before() == nullptr ? change.withdrawn() : change.withdrawn() == decision.before()->withdrawn()) {
    return absl::OkStatus();  // no day follows from it
  }
  const std::set<std::string> areas = AreasOf(change);
  std::vector<store::GuardKey> guards;
  for (const std::string& area : areas) guards.push_back({"area days", area});
  RETURN_IF_ERROR(decision.tx().Guard(std::move(guards)));
  if (!change.withdrawn()) RETURN_IF_ERROR(RefuseRepetition(decision));
  for (const std::string& name : areas) {
    const auto area = decision.all<v1::Area>().Get(name);
    if (absl::IsNotFound(area.status()) || absl::IsInvalidArgument(area.status()))
      return absl::OkStatus();  // already reported
    RETURN_IF_ERROR(area.status());
    if (!change.withdrawn()) RETURN_IF_ERROR(CheckDays(decision, *area));
  }
  absl::optional<AreaChange> withdrawn;
  if (change.withdrawn()) withdrawn = *decision.before();
  decision.Then([areas, withdrawn](store::Tx& tx) -> absl::Status {
    for (const std::string& area : areas) RETURN_IF_ERROR(FollowDays(tx, area, withdrawn ? &*withdrawn : nullptr));
    return absl::OkStatus();
  });
  return absl::OkStatus();
}

absl::StatusOr<v1::ResolveAreaResponse> ResolveArea(Service& service, const rpc::Call& call,
                                                    const v1::ResolveAreaRequest& request) {
  const jp::CivilDay today = service.Today();
  const jp::CivilDay as_of = request.has_as_of_date() ? jp::DayOf(request.as_of_date()) : today;
  const jp::CivilDay target = request.has_target_date() ? jp::DayOf(request.target_date()) : today;
  v1::ResolveAreaResponse response;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(std::vector<AreaChange> changes, ReadChanges(view, {}));
    const rules::AreaHistory history(std::move(changes));
    ASSIGN_OR_RETURN(const v1::Area area, store::Records<v1::Area>(view).Get(request.area()));
    if (!PeriodOf(area).Contains(as_of)) return absl::OkStatus();
    for (const std::string& name : history.Resolve(area.name(), as_of, target)) {
      ASSIGN_OR_RETURN(const v1::Area found, store::Records<v1::Area>(view).Get(name));
      if (!PeriodOf(found).Contains(target)) continue;  // it ended without a successor
      const rules::AreaHistory::Meaning meaning = history.On(found, target);
      v1::ResolveAreaResponse::Body& body = *response.add_bodies();
      body.set_area(name);
      body.set_display_name(meaning.display_name);
      if (meaning.days.from != jp::kFirstDay) *body.mutable_valid_from_date() = jp::ToDate(meaning.days.from);
      if (meaning.days.to != jp::kLastDay) *body.mutable_valid_to_date() = jp::ToDate(meaning.days.to);
    }
    response.set_ambiguous(response.bodies_size() > 1);
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace

absl::Status DecideAreaDays(const store::Decision<v1::Area>& decision) {
  if (decision.before() == nullptr) return absl::OkStatus();
  const jp::Period was = PeriodOf(*decision.before()), is = PeriodOf(decision.after());
  if (was == is) return absl::OkStatus();
  const std::string& area = decision.after().name();
  RETURN_IF_ERROR(decision.tx().Guard("area days", area));
  ASSIGN_OR_RETURN(const std::vector<AreaChange> changes, ReadChanges(decision.tx(), Names(area)));
  const auto refuse = [&](absl::string_view field, const AreaChange& change) {
    return decision.AddConflict(field, "AREA_DAY_FROM_CHANGE"_reason, "AREA_DAY_FROM_CHANGE_UNSEEN"_reason, change);
  };
  for (const AreaChange& change : changes) {
    const auto end = rules::EndBecauseOf(change, area), begin = rules::BeginBecauseOf(change, area);
    if (end && *end != is.to) RETURN_IF_ERROR(refuse("valid_to_date", change));
    if (begin && *begin != is.from) RETURN_IF_ERROR(refuse("valid_from_date", change));
  }
  return is.to < was.to ? RefuseOrphans(decision, "valid_to_date", area, is.to) : absl::OkStatus();
}

absl::Status CheckAreaOn(store::Tx& tx, absl::string_view field, const std::string& area, const jp::Period& days,
                         Faults& faults) {
  const auto found = store::Records<v1::Area>::All(tx).Get(area);
  if (absl::IsNotFound(found.status()) || absl::IsInvalidArgument(found.status()))
    return absl::OkStatus();  // already reported
  RETURN_IF_ERROR(found.status());
  const jp::Period there = PeriodOf(*found);
  if (days.from < there.from) {
    faults.Add(field, "AREA_NOT_YET_THERE"_reason, {{"area", area}, {"date", jp::FormatIso(there.from)}});
  }
  if (days.to <= there.to) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<AreaChange> changes, ReadChanges(tx, Where("from_areas", area)));
  const std::set<std::string> after = rules::AreaHistory(std::move(changes)).Resolve(area, there.to, there.to + 1);
  if (after.count(area) != 0) {
    faults.Add(field, "AREA_ENDED"_reason, {{"area", area}, {"date", jp::FormatIso(there.to)}});
  } else {
    faults.Add(field, "AREA_MERGED_AWAY"_reason,
               {{"area", area}, {"date", jp::FormatIso(there.to)}, {"successor", absl::StrJoin(after, ", ")}});
  }
  return absl::OkStatus();
}

void AddAreaChanges(Service& service) {
  BindStandard(service, "tsunagu.registry.v1.AreaChangeService", service.Add<AreaChange>().Rule(DecideAreaChange))
      .Unary("ResolveArea",
             [&service](rpc::Call& call, const v1::ResolveAreaRequest& request) {
               return ResolveArea(service, call, request);
             })
      .Unary("ProposeAreaChanges", [&service](rpc::Call& call, const v1::ProposeAreaChangesRequest& request) {
        return ProposeAreaChanges(service, call, request);
      });
}

}  // namespace tsunagu::registry
