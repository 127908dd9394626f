#include "services/subsidy/allotment.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "services/subsidy/guards.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using contract::Where;

// Returns what the body is granted in the programme, except for one application.
absl::StatusOr<int64_t> GrantedTo(store::Tx& tx, const std::string& programme, const std::string& body,
                                  const std::string& except) {
  int64_t yen = 0;
  RETURN_IF_ERROR(store::Records<v1::Application>::All(tx).ForEach(
      Where("programme", programme) && Where("applicant", body), [&](const v1::Application& application) {
        if (application.name() != except) yen += application.granted_yen();
        return absl::OkStatus();
      }));
  return yen;
}

}  // namespace

absl::Status DecideAllotment(const store::Decision<v1::Allotment>& decision) {
  const v1::Allotment& allotment = decision.after();
  const std::string programme(Schema::ParentOf(allotment.name()));
  RETURN_IF_ERROR(GuardAllotment(decision.tx(), programme, allotment.body()));
  if (decision.before() == nullptr) {
    ASSIGN_OR_RETURN(const bool there, decision.all().Any(Where::Under(programme) && Where("body", allotment.body())));
    if (there) return Fail("ALLOTTED_ALREADY"_reason);
  }
  ASSIGN_OR_RETURN(const int64_t granted, GrantedTo(decision.tx(), programme, allotment.body(), ""));
  if (granted <= allotment.yen()) return absl::OkStatus();
  return Fail("ALLOTMENT_EXCEEDED"_reason, {{"shortfall", absl::StrCat(granted - allotment.yen())}});
}

absl::Status CheckAllotment(store::Tx& tx, const v1::Application& application, int64_t yen) {
  if (application.applicant().empty()) return absl::OkStatus();
  RETURN_IF_ERROR(GuardAllotment(tx, application.programme(), application.applicant()));
  ASSIGN_OR_RETURN(const auto allotment,
                   store::Records<v1::Allotment>::All(tx).Find(Where::Under(application.programme()) &&
                                                               Where("body", application.applicant())));
  if (!allotment) return absl::OkStatus();
  ASSIGN_OR_RETURN(const int64_t others,
                   GrantedTo(tx, application.programme(), application.applicant(), application.name()));
  const int64_t beyond = others + yen - allotment->yen();
  return beyond <= 0 ? absl::OkStatus() : Fail("ALLOTMENT_EXCEEDED"_reason, {{"shortfall", absl::StrCat(beyond)}});
}

}  // namespace tsunagu::subsidy
