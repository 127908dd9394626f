#ifndef TSUNAGU_COMMON_SERVICE_REFUSALS_H_
#define TSUNAGU_COMMON_SERVICE_REFUSALS_H_

#include "absl/status/status.h"
#include "common/base/error.h"

namespace tsunagu {

// For a call that handles several items in turn and answers about each. Adds the faults of `refused` to the `refusals`
// of one item, each with reason and text. Returns any other error, which ends the whole call.
template <typename Response>
absl::Status AddRefusals(const absl::Status& refused, Language language, Response& response) {
  if (!absl::IsInvalidArgument(refused) && !absl::IsFailedPrecondition(refused)) return refused;
  const auto add = [&](const Fault& fault) {
    auto& refusal = *response.add_refusals();
    refusal.set_reason(ReasonWord(fault));
    refusal.set_text(Text(fault, language));
  };
  const Fault fault = FaultOf(refused);
  if (fault.faults().empty()) add(fault);
  for (const Fault& one : fault.faults()) add(one);
  return absl::OkStatus();
}

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_REFUSALS_H_
