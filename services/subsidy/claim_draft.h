#ifndef TSUNAGU_SERVICES_SUBSIDY_CLAIM_DRAFT_H_
#define TSUNAGU_SERVICES_SUBSIDY_CLAIM_DRAFT_H_

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "tsunagu/subsidy/v1/planning.pb.h"

namespace tsunagu {
class Service;
}

namespace tsunagu::subsidy {

// Drafts what a body can claim from its funder, from the spending that the caller may see.
absl::StatusOr<v1::DraftedClaim> DraftClaim(Service& service, const rpc::Call& call,
                                            const v1::DraftClaimRequest& request);

// Sets the reason why a claim has no amount: the first of its faults.
template <typename M>
void SayWhy(const absl::Status& refused, M& row) {
  const Fault whole = FaultOf(refused);
  const Fault& first = whole.faults().empty() ? whole : whole.faults(0);
  row.set_refused_ja(Text(first, Language::kJapanese));
  row.set_refused_en(Text(first, Language::kEnglish));
}

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_CLAIM_DRAFT_H_
