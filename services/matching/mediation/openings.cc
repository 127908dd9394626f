#include "services/matching/mediation/openings.h"

#include <string>
#include <utility>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/service/standard.h"
#include "services/matching/mediation/facilities.h"
#include "services/matching/mediation/legal_bases.h"
#include "services/matching/mediation/proposals.h"
#include "services/matching/mediation/visit_contracts.h"
#include "services/matching/rules/care_need.h"
#include "services/matching/rules/half_day.h"
#include "services/matching/rules/opening.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu::matching {
namespace {

// Nurses have consented to the present kind and place of the opening and to its half-days, and contracts were begun for
// its kind and place: they cannot move to another.
absl::Status CheckStaysWhatItIs(const store::Decision<v1::Opening>& decision) {
  const v1::Opening &before = *decision.before(), &after = decision.after();
  const bool other_place = before.facility() != after.facility();
  const bool other_kind = rules::KindOf(before) != rules::KindOf(after);
  const bool other_school = !rules::AreSame(before.school_half_days(), after.school_half_days());
  const bool other_holiday = !rules::AreSame(before.holiday_half_days(), after.holiday_half_days());
  if (!other_place && !other_kind && !other_school && !other_holiday) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Kept by_proposals, KeptByProposals(decision));
  ASSIGN_OR_RETURN(const bool has_contracts, HasContracts(decision));
  const bool keeps_place = by_proposals.place || has_contracts;
  const auto refuse = [&](bool refused, const char* field) {
    if (refused) decision.faults().Add(field, "OPENING_IN_USE"_reason);
  };
  refuse(other_place && keeps_place, "facility");
  refuse(other_kind && keeps_place, "kind");
  refuse(other_school && by_proposals.half_days, "school_half_days");
  refuse(other_holiday && by_proposals.half_days, "holiday_half_days");
  return absl::OkStatus();
}

// The area of an opening decides who may see it and mediate for it. An opening without an area from before this rule
// stays unchanged until its place changes.
void RequireArea(const store::Decision<v1::Opening>& decision) {
  const v1::Opening *before = decision.before(), &after = decision.after();
  const bool was_so = before != nullptr && before->area().empty() && before->facility() == after.facility();
  if (after.area().empty() && !was_so) decision.faults().Add("area", "FIELD_REQUIRED"_reason);
}

absl::Status DecideOpening(const store::Decision<v1::Opening>& decision) {
  RequireArea(decision);
  rules::CheckOpening(decision.after(), decision.faults());
  rules::CheckCareNeeds(decision.after(), decision.faults());
  decision.Derive(rules::DeriveCareNeeds);
  if (decision.before() == nullptr) return absl::OkStatus();
  RETURN_IF_ERROR(decision.tx().Guard({GuardOfOpening(decision.after().name())}));
  if (decision.before()->state() == v1::OPENING_STATE_REFUSED) decision.faults().Add("", "OPENING_REFUSED"_reason);
  RETURN_IF_ERROR(CheckStaysWhatItIs(decision));
  RETURN_IF_ERROR(CheckHeldHalfDays(decision));
  return decision.after().posts() < decision.before()->posts() ? CheckPostsPromised(decision) : absl::OkStatus();
}

absl::Status RefuseWithin(Service& service, store::Tx& tx, const v1::RefuseOpeningRequest& request,
                          v1::Opening& opening) {
  const jp::CivilDay today = service.Today();
  RETURN_IF_ERROR(tx.Guard({GuardOfOpening(opening.name()), GuardOfBasis(request.legal_basis())}));
  // A record that was read before the guard may have changed.
  ASSIGN_OR_RETURN(const v1::Opening now, store::Records<v1::Opening>::All(tx).Get(opening.name()));
  RETURN_IF_ERROR(rules::CheckOpen(now, today));
  if (now.area().empty()) return Fail("OPENING_AREA_UNKNOWN"_reason);  // it is unknown whether it is in the basis' area
  const store::ReadAs as_caller(tx, tx.actor().ScopeOfReading("legalBases"));
  ASSIGN_OR_RETURN(const Basis basis, Basis::Read(tx, request.legal_basis(), now.area(), today));
  const rules::Claim claim = basis.claim();
  Faults faults;
  rules::CheckClaim(claim, today, faults);
  v1::Opening::Refusal refusal;
  if (claim.basis != nullptr) refusal = rules::RefusalOf(claim, now, request.ground(), today, faults);
  RETURN_IF_ERROR(faults.ToStatus());
  opening.set_state(v1::OPENING_STATE_REFUSED);
  *opening.mutable_refusal() = std::move(refusal);
  return absl::OkStatus();
}

}  // namespace

void AddOpenings(Service& service, PeerFinder find_peer) {
  Resource& openings = service.Add<v1::Opening>()
                           .AskFirst<v1::Opening>(AskAboutFacilities(service, std::move(find_peer)))
                           .Rule(DecideOpening);
  BindStandard(service, "tsunagu.matching.v1.OpeningService", openings)
      .Unary("RefuseOpening", [&](rpc::Call& call, const v1::RefuseOpeningRequest& request) {
        return ChangeRecord<v1::Opening>(service, call, openings, request, [&](store::Tx& tx, v1::Opening& opening) {
          return RefuseWithin(service, tx, request, opening);
        });
      });
}

}  // namespace tsunagu::matching
