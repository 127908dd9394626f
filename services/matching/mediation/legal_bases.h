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

// Who acts by a basis holds this, so as not to overlook that somebody ends it or takes a ground off it.
store::GuardKey GuardOfBasis(const std::string& name);

// A basis as somebody goes by it.
class Basis {
 public:
  // As it stands, if it lies in the scope of `view`. `area` is that of the opening. After GuardOfBasis, where something
  // is written by it.
  static absl::StatusOr<Basis> Read(store::View& view, const std::string& name, const std::string& area,
                                    jp::CivilDay day);

  // Refers to this.
  rules::Claim claim() const;

 private:
  absl::optional<v1::LegalBasis> basis_, own_;
  bool in_area_ = false;
};

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_LEGAL_BASES_H_
