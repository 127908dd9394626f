#include "services/matching/mediation/legal_bases.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/identity/places.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"

namespace tsunagu::matching {
namespace {

// Returns null if there is none.
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

// Operator and kind never change, so a basis that refers to this one stays valid.
absl::Status DecideLegalBasis(const store::Decision<v1::LegalBasis>& decision) {
  const v1::LegalBasis& basis = decision.after();
  if (decision.before() != nullptr) RETURN_IF_ERROR(decision.tx().Guard({GuardOfBasis(basis.name())}));
  ASSIGN_OR_RETURN(const auto own, Find(decision.all(), basis.own_basis()));
  rules::CheckLegalBasis(basis, Pointer(own), decision.faults());
  return absl::OkStatus();
}

bool StandsIn(const std::string& area, const v1::LegalBasis& basis, const identity::Places& places, jp::CivilDay day) {
  return !area.empty() && identity::Scope::Of(places.ReachOf(basis.area(), day)).Meets(places.KeysOf(area));
}

}  // namespace

void AddLegalBases(Service& service) {
  BindStandard(service, "tsunagu.matching.v1.LegalBasisService", service.Add<v1::LegalBasis>().Rule(DecideLegalBasis));
}

store::GuardKey GuardOfBasis(const std::string& name) { return {"legal bases", name}; }

absl::StatusOr<Basis> Basis::Read(store::View& view, const std::string& name, const std::string& area,
                                  jp::CivilDay day) {
  Basis read;
  read.is_named_ = !name.empty();
  ASSIGN_OR_RETURN(read.basis_, Find(store::Records<v1::LegalBasis>(view), name));
  if (!read.basis_) return read;
  ASSIGN_OR_RETURN(read.own_, Find(store::Records<v1::LegalBasis>::All(view), read.basis_->own_basis()));
  read.in_area_ = StandsIn(area, *read.basis_, view.places(), day);
  return read;
}

rules::Claim Basis::claim() const {
  if (!basis_) return {"", nullptr, nullptr, false, is_named_};
  return {basis_->operator_code(), &*basis_, Pointer(own_), in_area_};
}

}  // namespace tsunagu::matching
