#ifndef TSUNAGU_SERVICES_SUITE_SERVICES_H_
#define TSUNAGU_SERVICES_SUITE_SERVICES_H_

#include "absl/types/span.h"
#include "common/host/host.h"

namespace tsunagu::suite {

// All services, in the order in which they start.
absl::Span<const ServiceKind> SuiteServices();

// The reasons of the platform and of all services, as the contracts declare them.
absl::Span<const google::protobuf::EnumDescriptor* const> ReasonContracts();

// Registers the reasons of all services in a program that runs none of them, but receives their errors.
void DeclareReasons();

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_SERVICES_H_
