#ifndef TSUNAGU_SERVICES_MATCHING_RULES_LEGAL_BASIS_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_LEGAL_BASIS_H_

#include <string>

#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/registry/v1/qualification.pb.h"

namespace tsunagu::matching::rules {

// The legal basis that an operator claims for mediation.
struct Claim {
  std::string operator_code;                  // the operator that wants to mediate
  const v1::LegalBasis* basis = nullptr;      // null: none
  const v1::LegalBasis* own_basis = nullptr;  // the basis that a commission names; null: none
  bool in_area = false;                       // whether the opening is in the area of the basis
  bool is_named = true;                       // whether the operator has named a basis, whether or not it is there
};

// Adds the faults in a basis: no proof of it, a lent name, a commission of an operator without a basis of
// its own. `own_basis` is the basis that `basis` names; null if it names none, or one that does not exist.
void CheckLegalBasis(const v1::LegalBasis& basis, const v1::LegalBasis* own_basis, Faults& faults);

// Adds the reasons why the claim permits nothing on that day: none named, no such basis, a basis of another operator, a
// basis that is not in force. Only three facts reveal a lent name: the operator is not the holder of the basis, the
// papers name another operator, or a commission rests on the basis of another operator. No record shows which person
// does the work.
void CheckClaim(const Claim& claim, jp::CivilDay day, Faults& faults);

// Adds OUTSIDE_BASIS for each respect in which the opening is outside the scope of the basis. No basis covers a
// dispatch.
void CheckScope(const Claim& claim, const v1::Opening& opening, Faults& faults);

// Adds the reasons why the operator may not mediate between a nurse and this opening on that day; if it adds nothing,
// the operator may. An operator that may not mediate can still give anonymous statistics and hand the case over to the
// nurse centre.
void MayMediate(const Claim& claim, const v1::Opening& opening, jp::CivilDay day, Faults& faults);

// Returns whether a basis that covers the opening also covers the occupation in which the nurse would fill the post.
// That is her own occupation or, for a 保健師 or 助産師, that of a 看護師 if the opening accepts her as one. If the
// opening accepts neither, the result is as if it did. An unspecified licence is covered.
bool CoversNurse(const v1::LegalBasis& basis, const v1::Opening& opening, registry::v1::Licence licence);

// As MayMediate, for a nurse of this licence: also adds NURSE_OUTSIDE_BASIS.
void MayMediateFor(registry::v1::Licence licence, const Claim& claim, const v1::Opening& opening, jp::CivilDay day,
                   Faults& faults);

// Returns the refusal of an opening under a claim that is in force: with a ground that the basis lists, or without a
// ground if the opening is outside its scope. Errors: GROUND_NOT_LISTED.
v1::Opening::Refusal RefusalOf(const Claim& claim, const v1::Opening& opening, const std::string& ground,
                               jp::CivilDay day, Faults& faults);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_LEGAL_BASIS_H_
