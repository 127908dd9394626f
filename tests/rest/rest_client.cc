#include "tests/rest/rest_client.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/process/http.h"

namespace tsunagu::wire {
namespace {

// Converts "5\r\nabcde\r\n0\r\n\r\n" to "abcde"; of a truncated body, returns what was received.
std::string Unchunk(absl::string_view chunks) {
  std::string whole;
  size_t size = 0;
  for (size_t end; (end = chunks.find("\r\n")) != absl::string_view::npos;) {
    if (!absl::SimpleHexAtoi(chunks.substr(0, end), &size) || size == 0) break;
    absl::StrAppend(&whole, chunks.substr(end + 2, size));
    if (chunks.size() < end + 2 + size + 2) break;
    chunks.remove_prefix(end + 2 + size + 2);
  }
  return whole;
}

HttpAnswer Parse(const std::string& text) {
  HttpAnswer answer;
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits("\r\n\r\n", 1));
  std::vector<std::string> lines = absl::StrSplit(parts.first, "\r\n");
  const std::vector<std::string> first = absl::StrSplit(lines[0], ' ');
  if (first.size() < 2 || !absl::SimpleAtoi(first[1], &answer.status)) return answer;
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::pair<std::string, std::string> field = absl::StrSplit(lines[i], absl::MaxSplits(':', 1));
    answer.fields.emplace(absl::AsciiStrToLower(field.first), absl::StripAsciiWhitespace(field.second));
  }
  answer.body = answer.Field("transfer-encoding") == "chunked" ? Unchunk(parts.second) : std::string(parts.second);
  return answer;
}

}  // namespace

std::string HttpAnswer::Field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

std::string HttpAnswer::Reason() const {
  std::string reason;
  std::vector<std::string> faults;
  const nlohmann::json error = json();
  for (const auto& detail : error["error"]["details"]) {
    const std::string type = detail["@type"];
    if (type == "type.googleapis.com/google.rpc.ErrorInfo") reason = detail["reason"];
    if (type != "type.googleapis.com/google.rpc.BadRequest") continue;
    for (const auto& one : detail["field_violations"]) {
      faults.push_back(absl::StrCat(one.value("field", ""), ":", one.value("reason", "")));
    }
  }
  std::sort(faults.begin(), faults.end());
  return faults.empty() ? reason : absl::StrCat(reason, " ", absl::StrJoin(faults, " "));
}

HttpAnswer RestClient::Ask(const std::string& verb, const std::string& target, const std::string& body,
                           HttpFields fields) const {
  if (!body.empty() && fields.count("Content-Type") == 0) fields.emplace("Content-Type", "application/json");
  if (!api_key_.empty()) fields.emplace("Authorization", absl::StrCat("Bearer ", api_key_));
  if (!body.empty() || verb != "GET") fields.emplace("Content-Length", absl::StrCat(body.size()));
  std::string request = absl::StrCat(verb, " ", target, " HTTP/1.1\r\nHost: ", address_, "\r\nConnection: close\r\n");
  for (const auto& [name, value] : fields) absl::StrAppend(&request, name, ": ", value, "\r\n");
  const auto answer = process::HttpExchange(address_, absl::StrCat(request, "\r\n", body));
  return answer.ok() ? Parse(*answer) : HttpAnswer();
}

}  // namespace tsunagu::wire
