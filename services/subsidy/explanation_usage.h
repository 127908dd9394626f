#ifndef TSUNAGU_SERVICES_SUBSIDY_EXPLANATION_USAGE_H_
#define TSUNAGU_SERVICES_SUBSIDY_EXPLANATION_USAGE_H_

#include "absl/status/status.h"
#include "common/records/view.h"
#include "tsunagu/subsidy/v1/explanation.pb.h"
#include "tsunagu/subsidy/v1/service_record.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"

namespace tsunagu::subsidy {

// What a visit comes to, from its minutes to the yen, worked out again by the scheme.
absl::Status ExplainServiceRecord(store::View& view, const v1::ServiceRecord& record, v1::Explanation& explanation);

// Two lines for each grant, minutes and yen: what the records of the month come to, and what the cap of the year leaves
// of it.
absl::Status ExplainUsageClaim(store::View& view, const v1::UsageClaim& claim, v1::Explanation& explanation);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_EXPLANATION_USAGE_H_
