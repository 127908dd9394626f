#include "common/service/report_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"

namespace tsunagu {

std::string ReportNameOf(const google::protobuf::MethodDescriptor& method) {
  std::string name;
  for (const char c : absl::StripSuffix(absl::StripPrefix(method.name(), "Get"), "Report")) {
    if (absl::ascii_isupper(c) && !name.empty()) name += '-';
    name += absl::ascii_tolower(c);
  }
  return name;
}

}  // namespace tsunagu
