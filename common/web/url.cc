#include "common/web/url.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/cp932.h"

namespace tsunagu::web {

absl::StatusOr<std::string> PercentDecode(absl::string_view text, bool slashes) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const absl::string_view digits = text.substr(i + 1, 2);
    if (digits.size() < 2 || !absl::ascii_isxdigit(digits[0]) || !absl::ascii_isxdigit(digits[1])) {
      return Fail("MALFORMED_URL"_reason);
    }
    const std::string byte = absl::HexStringToBytes(digits);
    decoded += byte == "/" && !slashes ? std::string(text.substr(i, 3)) : byte;
    i += 2;
  }
  if (decoded.find('\0') != std::string::npos || !jp::IsUtf8(decoded)) return Fail("MALFORMED_URL"_reason);
  return decoded;
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ParseQuery(absl::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const absl::string_view one : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(one, absl::MaxSplits('=', 1));
    ASSIGN_OR_RETURN(std::string name, PercentDecode(absl::StrReplaceAll(parts.first, {{"+", " "}})));
    ASSIGN_OR_RETURN(std::string value, PercentDecode(absl::StrReplaceAll(parts.second, {{"+", " "}})));
    parameters.emplace_back(std::move(name), std::move(value));
  }
  return parameters;
}

}  // namespace tsunagu::web
