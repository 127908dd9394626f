#ifndef TSUNAGU_SERVICES_SUITE_SERVICES_H_
#define TSUNAGU_SERVICES_SUITE_SERVICES_H_

#include "absl/types/span.h"
#include "common/host/host.h"

namespace tsunagu::suite {

// All services, in the order in which they start.
absl::Span<const ServiceKind> SuiteServices();

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_SERVICES_H_
