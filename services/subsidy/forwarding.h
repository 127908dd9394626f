#ifndef TSUNAGU_SERVICES_SUBSIDY_FORWARDING_H_
#define TSUNAGU_SERVICES_SUBSIDY_FORWARDING_H_

#include "absl/status/status.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"

namespace tsunagu {
class Service;
}

namespace tsunagu::subsidy {

// Adds forwarding to the body that decides (進達).
void AddForwardings(Service& service);

// Errors: APPLIES_DIRECTLY if the applicant's applications do not pass through this body.
absl::Status CheckPassesThrough(const v1::Programme& programme, const v1::Application& application);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_FORWARDING_H_
