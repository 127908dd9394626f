#ifndef TSUNAGU_COMMON_SERVICE_REFUSALS_H_
#define TSUNAGU_COMMON_SERVICE_REFUSALS_H_

#include "absl/status/status.h"
#include "common/base/error.h"

namespace tsunagu {

// For a call that does one after the other and answers about each: adds what `refused` says of this one to its
// `refusals`, each with reason and text. What is no answer about it, but ends the whole call, comes back.
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
