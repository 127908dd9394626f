#include "services/suite/report_request.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/json_text.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/text/columns.h"
#include "common/text/json.h"
#include "google/protobuf/util/time_util.h"
#include "services/suite/instant.h"

namespace tsunagu::suite {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// Enums may also be given by the words used in files, and in lower case: regions for PLACEMENT_GROUPING_REGIONS.
absl::StatusOr<std::string> ValueOf(const MethodDescriptor& method, const std::string& name, const std::string& text) {
  const auto* field = method.input_type()->FindFieldByName(name);
  if (field == nullptr || field->enum_type() == nullptr) return text;
  const auto value = ReadEnumWord(absl::AsciiStrToUpper(text), *field->enum_type());
  if (value.ok()) return (*value)->name();
  Faults faults;
  faults.Add(name, value.status());
  return faults.ToStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Message>> ReportRequestOf(Contracts& contracts, const MethodDescriptor& method,
                                                         const ReportOptions& options) {
  std::vector<std::string> members;
  const auto add = [&](const std::string& field, const std::string& text) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string value, ValueOf(method, field, text));
    members.push_back(absl::StrCat(JsonText(field), ":", JsonText(value)));
    return absl::OkStatus();
  };
  if (!options.as_of.empty()) {
    ASSIGN_OR_RETURN(const jp::CivilDay day, jp::ParseDay(options.as_of));
    RETURN_IF_ERROR(add("as_of_date", jp::FormatIso(day)));
  }
  if (!options.known_at.empty()) {
    ASSIGN_OR_RETURN(const auto instant, InstantOf(options.known_at, true));
    RETURN_IF_ERROR(add("as_known_at", google::protobuf::util::TimeUtil::ToString(instant)));
  }
  if (!options.by.empty()) RETURN_IF_ERROR(add("group_by", options.by));
  for (const std::string& field : options.fields) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(field, absl::MaxSplits('=', 1));
    RETURN_IF_ERROR(add(parts.first, parts.second));
  }
  std::unique_ptr<Message> request = contracts.New(method.input_type());
  RETURN_IF_ERROR(contract::JsonToMessage(absl::StrCat("{", absl::StrJoin(members, ","), "}"), *request));
  return request;
}

}  // namespace tsunagu::suite
