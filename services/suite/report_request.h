#ifndef TSUNAGU_SERVICES_SUITE_REPORT_REQUEST_H_
#define TSUNAGU_SERVICES_SUITE_REPORT_REQUEST_H_

#include <memory>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "services/suite/contracts.h"
#include "services/suite/report.h"

namespace tsunagu::suite {

// Returns the request for a report from the typed options. Errors: DATE_DOES_NOT_EXIST, UNKNOWN_ENUM_VALUE and the
// others of its contract.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> ReportRequestOf(
    Contracts& contracts, const google::protobuf::MethodDescriptor& method, const ReportOptions& options);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_REPORT_REQUEST_H_
