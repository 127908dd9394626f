#ifndef TSUNAGU_SERVICES_MATCHING_MEDIATION_H_
#define TSUNAGU_SERVICES_MATCHING_MEDIATION_H_

#include <map>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "services/matching/mediation/legal_bases.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/matching/v1/recommendation.pb.h"

namespace tsunagu {
class Service;
namespace rpc {
struct Call;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// Decides whether an operator may name nurses and openings to one another under a legal basis, today, and collects the
// reasons if not.
class Mediation {
 public:
  // `service` and `call` must outlive this object.
  Mediation(Service& service, const rpc::Call& call, std::string operator_code, std::string basis)
      : service_(service), call_(call), operator_(std::move(operator_code)), basis_(std::move(basis)) {}

  // `area` is the area of the opening. If the result is false, its reasons are recorded.
  absl::StatusOr<bool> May(const v1::Opening& opening, const std::string& area);

  // As May, for a nurse of this licence. `nurses`: how many nurses are recommended to one opening.
  absl::StatusOr<bool> MayFor(registry::v1::Licence licence, const v1::Opening& opening, const std::string& area,
                              int32_t nurses = 0);

  // Adds each recorded reason once.
  void TellWhyNot(google::protobuf::RepeatedPtrField<v1::Withheld>& withheld) const;

 private:
  using Judge = absl::FunctionRef<void(const rules::Claim&, Faults&)>;
  absl::StatusOr<bool> Remember(const std::string& area, int32_t nurses, Judge judge);
  absl::StatusOr<const Basis*> BasisIn(const std::string& area);

  Service& service_;
  const rpc::Call& call_;
  const std::string operator_, basis_;
  std::map<std::string, Basis> by_area_;
  std::map<std::string, v1::Withheld> why_not_;  // by the English text
};

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_MEDIATION_H_
