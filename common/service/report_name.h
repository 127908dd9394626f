#ifndef TSUNAGU_COMMON_SERVICE_REPORT_NAME_H_
#define TSUNAGU_COMMON_SERVICE_REPORT_NAME_H_

#include <string>

#include "google/protobuf/descriptor.h"

namespace tsunagu {

// Returns people's name of the report that a method returns: "placement" for GetPlacementReport.
std::string ReportNameOf(const google::protobuf::MethodDescriptor& method);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_REPORT_NAME_H_
