#ifndef TSUNAGU_COMMON_SERVICE_REPORT_NAME_H_
#define TSUNAGU_COMMON_SERVICE_REPORT_NAME_H_

#include <string>

#include "google/protobuf/descriptor.h"

namespace tsunagu {

// What people call the report that a method answers with: GetPlacementReport is "placement".
std::string ReportNameOf(const google::protobuf::MethodDescriptor& method);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_REPORT_NAME_H_
