#ifndef TSUNAGU_SERVICES_MATCHING_MEDIATION_H_
#define TSUNAGU_SERVICES_MATCHING_MEDIATION_H_

#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
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

// Whether an operator may name nurses and openings to one another by a legal basis, today; and why not.
class Mediation {
 public:
  // Both outlive it.
  Mediation(Service& service, const rpc::Call& call, std::string operator_code, std::string basis)
      : service_(service), call_(call), operator_(std::move(operator_code)), basis_(std::move(basis)) {}

  // `area` is where the opening stands. False is remembered, with its reasons.
  absl::StatusOr<bool> May(const v1::Opening& opening, const std::string& area);

  // Each reason once, for the contract.
  void TellWhyNot(google::protobuf::RepeatedPtrField<v1::Withheld>& withheld) const;

 private:
  absl::StatusOr<const Basis*> BasisIn(const std::string& area);

  Service& service_;
  const rpc::Call& call_;
  const std::string operator_, basis_;
  std::map<std::string, Basis> by_area_;
  std::map<std::string, v1::Withheld> why_not_;  // by the English text
};

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_MEDIATION_H_
