#ifndef TSUNAGU_SERVICES_MATCHING_LEGAL_BASES_H_
#define TSUNAGU_SERVICES_MATCHING_LEGAL_BASES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "common/jp/civil_day.h"
#include "common/records/tx.h"
#include "services/matching/rules/legal_basis.h"

namespace tsunagu {
class Service;
}

namespace tsunagu::matching {

void AddLegalBases(Service& service);

// A writer that acts under a basis locks this guard, so that it sees a concurrent end of the basis or removal of a
// ground.
store::GuardKey GuardOfBasis(const std::string& name);

// A basis as it applies to one opening.
class Basis {
 public:
  // Returns the present basis, if it is in the scope of `view`. `area` is that of the opening. If something is written
  // under the basis, GuardOfBasis must be locked first.
  static absl::StatusOr<Basis> Read(store::View& view, const std::string& name, const std::string& area,
                                    jp::CivilDay day);

  // The result refers to this object.
  rules::Claim claim() const;

 private:
  absl::optional<v1::LegalBasis> basis_, own_;
  bool in_area_ = false, is_named_ = false;
};

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_LEGAL_BASES_H_
