#include "common/web/rest/url.h"

#include <optional>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/percent.h"
#include "common/base/status_macros.h"
#include "common/jp/cp932.h"

namespace tsunagu::web {

absl::StatusOr<std::string> Decoded(absl::string_view text, bool slashes) {
  // A slash that is encoded once more stays encoded.
  const std::string kept =
      slashes ? std::string(text) : absl::StrReplaceAll(text, {{"%2F", "%252F"}, {"%2f", "%252f"}});
  const std::optional<std::string> decoded = PercentDecode(kept);
  if (!decoded || decoded->find('\0') != std::string::npos || !jp::IsUtf8(*decoded))
    return Fail("MALFORMED_URL"_reason);
  return *decoded;
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ParseQuery(absl::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const absl::string_view one : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(one, absl::MaxSplits('=', 1));
    ASSIGN_OR_RETURN(std::string name, Decoded(absl::StrReplaceAll(parts.first, {{"+", " "}})));
    ASSIGN_OR_RETURN(std::string value, Decoded(absl::StrReplaceAll(parts.second, {{"+", " "}})));
    parameters.emplace_back(std::move(name), std::move(value));
  }
  return parameters;
}

}  // namespace tsunagu::web
