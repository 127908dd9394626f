#include "services/matching/rules/legal_basis.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/jp/area_code.h"
#include "common/jp/period.h"
#include "services/matching/rules/instance.h"
#include "services/matching/rules/names.h"
#include "services/matching/rules/opening.h"

namespace tsunagu::matching::rules {
namespace {

bool HoldsOn(const v1::LegalBasis& basis, jp::CivilDay day) {
  const jp::Period days = {basis.has_valid_from_date() ? jp::DayOf(basis.valid_from_date()) : jp::kFirstDay,
                           basis.has_valid_to_date() ? jp::DayOf(basis.valid_to_date()) : jp::kLastDay};
  return days.Contains(day);
}

bool IsBody(absl::string_view code) { return absl::ConsumePrefix(&code, "areas/") && jp::AreaCode::Parse(code).ok(); }

bool StandsInAnotherName(const v1::LegalBasis& basis) {
  return !basis.issued_to().empty() && basis.issued_to() != basis.operator_code();
}

// An opening for any licence accepts every occupation.
bool AcceptsOneOf(const v1::Opening& opening, const v1::LegalBasis& basis) {
  if (basis.licences().empty() || opening.licences().empty()) return true;
  return std::any_of(basis.licences().begin(), basis.licences().end(),
                     [&](int licence) { return absl::c_linear_search(opening.licences(), licence); });
}

uint32_t BitsOf(const google::protobuf::RepeatedField<int>& licences) {
  uint32_t bits = 0;
  for (const int licence : licences) bits |= LicenceBit(static_cast<registry::v1::Licence>(licence));
  return bits;
}

// Her own occupation; a 保健師 or 助産師 may do the work of a 看護師 (保健師助産師看護師法 31条2項).
uint32_t OccupationsOf(registry::v1::Licence licence, const v1::Opening& opening) {
  const bool as_nurse =
      licence == registry::v1::LICENCE_PUBLIC_HEALTH_NURSE || licence == registry::v1::LICENCE_MIDWIFE;
  const uint32_t own = LicenceBit(licence);
  return as_nurse && !opening.named_licences_only() ? own | LicenceBit(registry::v1::LICENCE_NURSE) : own;
}

void AddOutside(const char* ja, const char* en, Faults& faults) {
  faults.Add("legal_basis", "OUTSIDE_BASIS"_reason, {{"what", en}, {"what_ja", ja}});
}

}  // namespace

void CheckLegalBasis(const v1::LegalBasis& basis, const v1::LegalBasis* own_basis, Faults& faults) {
  if (basis.number().empty() && !basis.has_notice_date()) faults.Add("number", "BASIS_NOT_EVIDENCED"_reason);
  if (StandsInAnotherName(basis)) faults.Add("issued_to", "NAME_LENT"_reason);
  if (basis.kind() == v1::BASIS_KIND_NOTICE && !IsBody(basis.operator_code())) {
    faults.Add("operator_code", "NOTICE_OF_NO_BODY"_reason);
  }
  if (basis.kind() != v1::BASIS_KIND_COMMISSION) {
    if (!basis.own_basis().empty()) faults.Add("own_basis", "OWN_BASIS_UNWANTED"_reason);
  } else if (basis.own_basis().empty()) {
    faults.Add("own_basis", "OWN_BASIS_MISSING"_reason);
  } else if (own_basis != nullptr) {
    if (own_basis->operator_code() != basis.operator_code()) faults.Add("own_basis", "NAME_LENT"_reason);
    if (own_basis->kind() == v1::BASIS_KIND_COMMISSION) faults.Add("own_basis", "OWN_BASIS_MISSING"_reason);
  }
  std::set<std::string> codes;
  for (int i = 0; i < basis.refusal_grounds_size(); ++i) {
    const std::string& code = basis.refusal_grounds(i).code();
    if (codes.insert(code).second) continue;
    faults.Add(absl::StrCat("refusal_grounds[", i, "].code"), "GROUND_REPEATED"_reason, {{"code", code}});
  }
}

void CheckClaim(const Claim& claim, jp::CivilDay day, Faults& faults) {
  if (claim.basis == nullptr) {
    faults.Add("legal_basis", claim.is_named ? "NO_LEGAL_BASIS"_reason : "LEGAL_BASIS_NOT_NAMED"_reason);
    return;
  }
  const v1::LegalBasis& basis = *claim.basis;
  const bool commissioned = basis.kind() == v1::BASIS_KIND_COMMISSION;
  const v1::LegalBasis* own = commissioned ? claim.own_basis : nullptr;
  if (basis.operator_code() != claim.operator_code || StandsInAnotherName(basis) ||
      (own != nullptr && (own->operator_code() != claim.operator_code || StandsInAnotherName(*own)))) {
    faults.Add("legal_basis", "NAME_LENT"_reason);
  }
  if (commissioned && (own == nullptr || own->kind() == v1::BASIS_KIND_COMMISSION)) {
    faults.Add("legal_basis", "OWN_BASIS_MISSING"_reason);
  }
  if (!HoldsOn(basis, day) || (own != nullptr && !HoldsOn(*own, day))) {
    faults.Add("legal_basis", "BASIS_NOT_VALID"_reason, {{"date", jp::FormatIso(day)}});
  }
}

void CheckScope(const Claim& claim, const v1::Opening& opening, Faults& faults) {
  const v1::OpeningKind kind = KindOf(opening);
  if (kind == v1::OPENING_KIND_DISPATCH || !absl::c_linear_search(claim.basis->opening_kinds(), kind)) {
    AddOutside("求人の種類", "its kind", faults);
  }
  if (!claim.in_area) AddOutside("地域", "its area", faults);
  if (!AcceptsOneOf(opening, *claim.basis)) AddOutside("職種", "its occupations", faults);
}

void MayMediate(const Claim& claim, const v1::Opening& opening, jp::CivilDay day, Faults& faults) {
  CheckClaim(claim, day, faults);
  if (claim.basis != nullptr) CheckScope(claim, opening, faults);
  if (opening.state() == v1::OPENING_STATE_REFUSED) faults.Add("opening", "OPENING_REFUSED"_reason);
}

bool CoversNurse(const v1::LegalBasis& basis, const v1::Opening& opening, registry::v1::Licence licence) {
  if (basis.licences().empty() || licence == registry::v1::LICENCE_UNSPECIFIED) return true;
  const uint32_t hers = OccupationsOf(licence, opening);
  const uint32_t accepted = opening.licences().empty() ? hers : hers & BitsOf(opening.licences());
  return ((accepted == 0 ? hers : accepted) & BitsOf(basis.licences())) != 0;
}

void MayMediateFor(registry::v1::Licence licence, const Claim& claim, const v1::Opening& opening, jp::CivilDay day,
                   Faults& faults) {
  MayMediate(claim, opening, day, faults);
  if (claim.basis == nullptr || !AcceptsOneOf(opening, *claim.basis)) return;  // already reported
  if (CoversNurse(*claim.basis, opening, licence)) return;
  const Label covered = NamesOf(*registry::v1::Licence_descriptor(), claim.basis->licences());
  faults.Add("nurse", "NURSE_OUTSIDE_BASIS"_reason, {{"allowed", covered.en()}, {"allowed_ja", covered.ja()}});
}

v1::Opening::Refusal RefusalOf(const Claim& claim, const v1::Opening& opening, const std::string& ground,
                               jp::CivilDay day, Faults& faults) {
  v1::Opening::Refusal refusal;
  refusal.set_legal_basis(claim.basis->name());
  *refusal.mutable_refusal_date() = jp::ToDate(day);
  std::vector<std::string> codes, with_texts;
  for (const auto& listed : claim.basis->refusal_grounds()) {
    codes.push_back(listed.code());
    with_texts.push_back(absl::StrCat(listed.code(), listed.text().empty() ? "" : "（", listed.text(),
                                      listed.text().empty() ? "" : "）"));
    if (listed.code() != ground) continue;
    refusal.set_ground(ground);
    refusal.set_text(listed.text());
    return refusal;
  }
  Faults outside;
  CheckScope(claim, opening, outside);
  if (!ground.empty() || outside.empty()) {
    faults.Add("ground", "GROUND_NOT_LISTED"_reason,
               {{"allowed", codes.empty() ? "-" : absl::StrJoin(codes, ", ")},
                {"allowed_ja", codes.empty() ? "なし" : absl::StrJoin(with_texts, "、")}});
  }
  return refusal;
}

}  // namespace tsunagu::matching::rules
