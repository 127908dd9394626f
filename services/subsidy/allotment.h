#ifndef TSUNAGU_SERVICES_SUBSIDY_ALLOTMENT_H_
#define TSUNAGU_SERVICES_SUBSIDY_ALLOTMENT_H_

#include "absl/status/status.h"
#include "common/records/rule.h"
#include "tsunagu/subsidy/v1/allotment.pb.h"
#include "tsunagu/subsidy/v1/application.pb.h"

namespace tsunagu::subsidy {

// Errors: a second allotment for a body in a programme; an allotment below what the body is granted.
absl::Status DecideAllotment(const store::Decision<v1::Allotment>& decision);

// Errors: ALLOTMENT_EXCEEDED if the body of `application` would be granted more in its programme than its allotment,
// counting `yen` for this application.
absl::Status CheckAllotment(store::Tx& tx, const v1::Application& application, int64_t yen);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_ALLOTMENT_H_
