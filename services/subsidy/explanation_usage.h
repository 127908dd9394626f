#ifndef TSUNAGU_SERVICES_SUBSIDY_EXPLANATION_USAGE_H_
#define TSUNAGU_SERVICES_SUBSIDY_EXPLANATION_USAGE_H_

#include "absl/status/status.h"
#include "common/records/view.h"
#include "tsunagu/subsidy/v1/explanation.pb.h"
#include "tsunagu/subsidy/v1/service_record.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"

namespace tsunagu::subsidy {

// Explains a visit from its minutes to the yen, computed again by the scheme.
absl::Status ExplainServiceRecord(store::View& view, const v1::ServiceRecord& record, v1::Explanation& explanation);

// Adds two lines for each grant, minutes and yen: the total of the month's records, and what the cap of the year leaves
// of it.
absl::Status ExplainUsageClaim(store::View& view, const v1::UsageClaim& claim, v1::Explanation& explanation);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_EXPLANATION_USAGE_H_
