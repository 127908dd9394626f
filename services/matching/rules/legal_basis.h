#ifndef TSUNAGU_SERVICES_MATCHING_RULES_LEGAL_BASIS_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_LEGAL_BASIS_H_

#include <string>

#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/registry/v1/qualification.pb.h"

namespace tsunagu::matching::rules {

// What somebody who wants to mediate goes by.
struct Claim {
  std::string operator_code;                  // who wants to
  const v1::LegalBasis* basis = nullptr;      // null: none
  const v1::LegalBasis* own_basis = nullptr;  // which a commission names; null: none
  bool in_area = false;                       // whether the opening stands where the basis holds
};

// Adds what is wrong with a basis: nothing that proves it, a name that is lent, a commission of somebody without a
// basis of its own. `own_basis` is the one that it names, null where it names none or none that there is.
void CheckLegalBasis(const v1::LegalBasis& basis, const v1::LegalBasis* own_basis, Faults& faults);

// Adds why nobody may act by the claim on that day: no basis, that of another, one that does not hold. That a name is
// lent can be told from three things only: who asks is not whose basis it is, the papers name another, a commission
// rests on the basis of another. Who sits at the desk no record says.
void CheckClaim(const Claim& claim, jp::CivilDay day, Faults& faults);

// Adds OUTSIDE_BASIS for each thing by which the opening lies outside the scope of the basis. No basis covers a
// dispatch.
void CheckScope(const Claim& claim, const v1::Opening& opening, Faults& faults);

// Adds why the operator may not bring a nurse and this opening together on that day; nothing: it may. Whoever may not
// can give anonymous statistics and hand over to the nurse centre.
void MayMediate(const Claim& claim, const v1::Opening& opening, jp::CivilDay day, Faults& faults);

// Whether the basis, which covers the opening, covers the occupation in which she would fill the post too: her own or,
// for a 保健師 or 助産師, that of a 看護師, as far as the opening accepts it. Where it accepts none of hers, what it
// would be if it did. A licence that nobody has said is taken.
bool CoversNurse(const v1::LegalBasis& basis, const v1::Opening& opening, registry::v1::Licence licence);

// MayMediate for a nurse of this licence: adds NURSE_OUTSIDE_BASIS too.
void MayMediateFor(registry::v1::Licence licence, const Claim& claim, const v1::Opening& opening, jp::CivilDay day,
                   Faults& faults);

// The refusal of an opening by a claim that holds: with a ground that the basis lists, or with none where the opening
// lies outside its scope. GROUND_NOT_LISTED.
v1::Opening::Refusal RefusalOf(const Claim& claim, const v1::Opening& opening, const std::string& ground,
                               jp::CivilDay day, Faults& faults);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_LEGAL_BASIS_H_
