#include "services/matching/openings.h"

#include <string>
#include <utility>

#include "absl/types/optional.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/identity/places.h"
#include "common/records/rule.h"
#include "common/records/store.h"
#include "common/service/standard.h"
#include "services/matching/facilities.h"
#include "services/matching/rules/legal_basis.h"
#include "services/matching/rules/opening.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu::matching {
namespace {

absl::Status DecideOpening(const store::Decision<v1::Opening>& decision) {
  if (decision.before() != nullptr && decision.before()->state() == v1::OPENING_STATE_REFUSED) {
    decision.faults().Add("", "OPENING_REFUSED"_reason);
  }
  rules::CheckOpening(decision.after(), decision.faults());
  return absl::OkStatus();
}

// Null where there is none.
absl::StatusOr<absl::optional<v1::LegalBasis>> Find(const store::Records<v1::LegalBasis>& bases,
                                                    const std::string& name) {
  auto basis = bases.Get(name);
  if (absl::IsNotFound(basis.status()) || absl::IsInvalidArgument(basis.status())) return absl::nullopt;
  RETURN_IF_ERROR(basis.status());
  return absl::make_optional(*std::move(basis));
}

template <typename M>
const M* Pointer(const absl::optional<M>& value) {
  return value ? &*value : nullptr;
}

// Who refuses by a basis does not overlook that somebody ends it or takes a ground off it.
absl::Status GuardBasis(store::Tx& tx, const std::string& name) { return tx.Guard("legal bases", name); }

// Operator and kind never change, so that what was right about another basis stays right.
absl::Status DecideLegalBasis(const store::Decision<v1::LegalBasis>& decision) {
  const v1::LegalBasis& basis = decision.after();
  if (decision.before() != nullptr) RETURN_IF_ERROR(GuardBasis(decision.tx(), basis.name()));
  ASSIGN_OR_RETURN(const auto own, Find(decision.all(), basis.own_basis()));
  rules::CheckLegalBasis(basis, Pointer(own), decision.faults());
  return absl::OkStatus();
}

bool StandsIn(const std::string& area, const v1::LegalBasis& basis, const identity::Places& places, jp::CivilDay day) {
  return !area.empty() && identity::Scope::Of(places.ReachOf(basis.area(), day)).Meets(places.KeysOf(area));
}

absl::Status RefuseWithin(Service& service, store::Tx& tx, const v1::RefuseOpeningRequest& request,
                          v1::Opening& opening) {
  const jp::CivilDay today = service.store().Today();
  RETURN_IF_ERROR(tx.Guard("openings", opening.name()));
  RETURN_IF_ERROR(GuardBasis(tx, request.legal_basis()));
  // What was read before the guard may be what another has changed.
  ASSIGN_OR_RETURN(const v1::Opening now, store::Records<v1::Opening>::All(tx).Get(opening.name()));
  if (now.state() == v1::OPENING_STATE_REFUSED) return Fail("OPENING_REFUSED"_reason);
  if (now.has_valid_to_date() && jp::DayOf(now.valid_to_date()) < today) {
    return Fail("OPENING_OVER"_reason, {{"date", jp::FormatIso(jp::DayOf(now.valid_to_date()))}});
  }
  absl::optional<v1::LegalBasis> basis, own;
  {
    const store::ReadAs as_caller(tx, tx.actor().ScopeOfReading("legalBases"));
    ASSIGN_OR_RETURN(basis, Find(store::Records<v1::LegalBasis>(tx), request.legal_basis()));
  }
  rules::Claim claim;
  if (basis) {
    ASSIGN_OR_RETURN(own, Find(store::Records<v1::LegalBasis>::All(tx), basis->own_basis()));
    claim = {basis->operator_code(), &*basis, Pointer(own), StandsIn(now.area(), *basis, service.store().places(), today)};
  }
  Faults faults;
  rules::CheckClaim(claim, today, faults);
  v1::Opening::Refusal refusal;
  if (basis) refusal = rules::RefusalOf(claim, now, request.ground(), today, faults);
  RETURN_IF_ERROR(faults.ToStatus());
  opening.set_state(v1::OPENING_STATE_REFUSED);
  *opening.mutable_refusal() = std::move(refusal);
  return absl::OkStatus();
}

}  // namespace

void AddOpenings(Service& service, PeerFinder find_peer) {
  BindStandard(service, "tsunagu.matching.v1.LegalBasisService",
               service.Add<v1::LegalBasis>().Rule(DecideLegalBasis));
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
