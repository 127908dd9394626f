#include "services/matching/mediation/nurses.h"

#include <algorithm>
#include <utility>

#include "absl/types/optional.h"
#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/civil_day.h"
#include "common/records/records.h"
#include "common/rpc/call.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/names.h"
#include "services/matching/snapshot/registry_rows.h"
#include "services/matching/snapshot/snapshot.h"
#include "services/matching/snapshot/snapshot_rows.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

constexpr absl::Duration kPatience = absl::Seconds(5);

// If the registry is unavailable, the nurse must not be accepted unchecked.
// Absent if the proposal names no opening that the caller sees: its contract reports that.
absl::StatusOr<absl::optional<v1::Opening>> FindOpening(Service& service, const rpc::Call& call,
                                                        const std::string& name) {
  absl::optional<v1::Opening> found;
  const identity::Actor actor = ActorOf(call);
  RETURN_IF_ERROR(service.Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
    const store::ReadAs as_caller(view, actor.ScopeOfReading("openings"));
    auto opening = store::Records<v1::Opening>(view).Get(name);
    if (absl::IsNotFound(opening.status()) || absl::IsInvalidArgument(opening.status())) return absl::OkStatus();
    RETURN_IF_ERROR(opening.status());
    found = *std::move(opening);
    return absl::OkStatus();
  }));
  return found;
}

// Checks what the law and the care of the children require of a nurse in the post. Whether she can travel so far, or
// work at these hours, is for her and the facility to agree.
absl::Status CheckFits(const RegistryRows& rows, const registry_v1::Nurse& nurse, const v1::Opening& opening,
                       Faults& faults) {
  const registry_v1::Facility nowhere;
  v1::Snapshot snapshot;
  *snapshot.add_openings() = RowOf(opening, nowhere);
  *snapshot.add_nurses() = RowOf(nurse, {nurse.skills().begin(), nurse.skills().end()});
  const auto blockers = [&] {
    const rules::Instance instance = ToInstance(snapshot, 0);
    return rules::AllBlockers(instance.nurses[0], instance.openings[0]);
  };
  const auto has = [](rules::Blockers all, rules::Blocker one) { return (all & rules::BlockerBit(one)) != 0; };
  const rules::Blockers by_record = blockers();
  const rules::Label licences = rules::NamesOf(*registry_v1::Licence_descriptor(), opening.licences());
  const Args taken = {{"licences", licences.en()}, {"licences_ja", licences.ja()}};
  if (has(by_record, rules::Blocker::kLicence)) faults.Add("nurse", "NURSE_LICENCE_MISSING"_reason, taken);
  if (has(by_record, rules::Blocker::kEmployer)) faults.Add("nurse", "NURSE_LICENCE_NOT_TAKEN"_reason, taken);
  if (!has(by_record, rules::Blocker::kSkills)) return absl::OkStatus();
  // Reads trainings only if what she declares is not sufficient.
  ByName<registry_v1::Nurse> her = {{nurse.name(), nurse}};
  ByName<registry_v1::NurseTraining> trainings;
  RETURN_IF_ERROR(Refusal(rows.ReadTrainings(nurse.name(), trainings), "NURSE_NOT_CHECKED"_reason));
  *snapshot.mutable_nurses(0) = RowOf(nurse, SkillsOf(her, trainings).at(nurse.name()));
  if (!has(blockers(), rules::Blocker::kSkills)) return absl::OkStatus();
  const rules::Label skills = rules::NamesOf(*registry_v1::Skill_descriptor(), NeededSkills(opening));
  faults.Add("nurse", "NURSE_SKILLS_MISSING"_reason, {{"skills", skills.en()}, {"skills_ja", skills.ja()}});
  return absl::OkStatus();
}

}  // namespace

absl::Status AskAboutNurse(Service& service, const PeerAccess& registry, rpc::Call& call, v1::Proposal& proposal,
                           Faults& faults) {
  const std::string& name = proposal.nurse();
  if (!contract::Schema::Of(registry_v1::Nurse::descriptor()).IdOf(name).ok())
    return absl::OkStatus();  // the contract reports it
  // Uses the caller's purpose: the facilities that she excludes are returned only to a caller who may read them.
  rpc::CallOptions options = rpc::CallOptions::Onward(call, registry.api_key);
  options.timeout = std::min(options.timeout, kPatience);
  options.retry_safe = true;
  registry_v1::GetNurseRequest request;
  request.set_name(name);
  const auto nurse =
      registry.peer->Unary<registry_v1::Nurse>("tsunagu.registry.v1.NurseService/GetNurse", request, options);
  if (absl::IsNotFound(nurse.status())) {
    faults.Add("nurse", "REFERENCE_NOT_FOUND"_reason, {{"name", name}});
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(Refusal(nurse.status(), "NURSE_NOT_CHECKED"_reason));
  proposal.set_nurse_licence(nurse->licence());
  options.purpose.clear();  // her skills beyond her licence are not secret
  const RegistryRows rows(registry, options, service.Today());
  if (nurse->has_valid_to_date() && jp::DayOf(nurse->valid_to_date()) < rows.day()) {
    faults.Add("nurse", "NURSE_NOT_REGISTERED"_reason);
  }
  if (!nurse->seeking()) faults.Add("nurse", "NURSE_NOT_SEEKING"_reason);
  ASSIGN_OR_RETURN(const auto opening, FindOpening(service, call, proposal.opening()));
  if (!opening) return absl::OkStatus();
  const auto& unwanted = nurse->unwanted_facilities();
  if (std::find(unwanted.begin(), unwanted.end(), opening->facility()) != unwanted.end()) {
    faults.Add("nurse", "NURSE_EXCLUDES_FACILITY"_reason);
  }
  return CheckFits(rows, *nurse, *opening, faults);
}

Resource::AskOf<v1::Proposal> AskAboutNurses(Service& service, PeerFinder find_peer) {
  return [&service, find_peer = std::move(find_peer)](rpc::Call& call,
                                                      absl::Span<const Wanted<v1::Proposal>> all) -> absl::Status {
    const PeerAccess registry = find_peer("registry");
    if (registry.peer == nullptr) return absl::OkStatus();
    for (const Wanted<v1::Proposal>& one : all) {
      if (one.before == nullptr) RETURN_IF_ERROR(AskAboutNurse(service, registry, call, *one.after, *one.faults));
    }
    return absl::OkStatus();
  };
}

}  // namespace tsunagu::matching
