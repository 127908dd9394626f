#include "services/matching/mediation/mediation.h"

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/records/view.h"
#include "common/rpc/call.h"
#include "common/service/service.h"

namespace tsunagu::matching {

absl::StatusOr<bool> Mediation::May(const v1::Opening& opening, const std::string& area) {
  return Remember(area, 0, [&](const rules::Claim& claim, Faults& faults) {
    rules::MayMediate(claim, opening, service_.Today(), faults);
  });
}

absl::StatusOr<bool> Mediation::MayFor(registry::v1::Licence licence, const v1::Opening& opening,
                                       const std::string& area, int32_t nurses) {
  return Remember(area, nurses, [&](const rules::Claim& claim, Faults& faults) {
    rules::MayMediateFor(licence, claim, opening, service_.Today(), faults);
  });
}

absl::StatusOr<bool> Mediation::Remember(const std::string& area, int32_t nurses, Judge judge) {
  ASSIGN_OR_RETURN(const Basis* basis, BasisIn(area));
  rules::Claim claim = basis->claim();
  claim.operator_code = operator_;
  Faults faults;
  judge(claim, faults);
  for (const Fault& fault : faults.all()) {
    v1::Withheld& why = why_not_[Text(fault, Language::kEnglish)];
    why.set_reason(ReasonWord(fault));
    why.mutable_text()->set_ja(Text(fault, Language::kJapanese));
    why.mutable_text()->set_en(Text(fault, Language::kEnglish));
    why.set_opening_count(nurses > 0 ? 1 : why.opening_count() + 1);
    why.set_nurse_count(why.nurse_count() + nurses);
  }
  return faults.empty();
}

void Mediation::TellWhyNot(google::protobuf::RepeatedPtrField<v1::Withheld>& withheld) const {
  for (const auto& [text, why] : why_not_) *withheld.Add() = why;
}

absl::StatusOr<const Basis*> Mediation::BasisIn(const std::string& area) {
  const auto known = by_area_.find(area);
  if (known != by_area_.end()) return &known->second;
  Basis& basis = by_area_[area];
  const identity::Actor actor = ActorOf(call_);
  RETURN_IF_ERROR(service_.Read(actor, call_.deadline, [&](store::View& view) -> absl::Status {
    const store::ReadAs as_caller(view, actor.ScopeOfReading("legalBases"));
    ASSIGN_OR_RETURN(basis, Basis::Read(view, basis_, area, service_.Today()));
    return absl::OkStatus();
  }));
  return &basis;
}

}  // namespace tsunagu::matching
