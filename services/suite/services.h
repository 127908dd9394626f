#ifndef TSUNAGU_SERVICES_SUITE_SERVICES_H_
#define TSUNAGU_SERVICES_SUITE_SERVICES_H_

#include "absl/types/span.h"
#include "common/host/host.h"

namespace tsunagu::suite {

// All services, in the order in which they start.
absl::Span<const ServiceKind> SuiteServices();

// The reasons of the platform and of all of them, as contracts declare them.
absl::Span<const google::protobuf::EnumDescriptor* const> ReasonContracts();

// Makes the reasons of all of them known to a program that runs none of them, but is told them by a server.
void DeclareReasons();

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_SERVICES_H_
