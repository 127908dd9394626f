#include "common/rpc/headers.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace tsunagu::rpc {
namespace {

std::string Value(const Metadata& metadata, const char* name) {
  const auto found = metadata.find(name);
  return found == metadata.end() ? "" : std::string(found->second.data(), found->second.size());
}

}  // namespace

size_t SizeOf(const Metadata& metadata) {
  size_t size = 0;
  for (const auto& [name, value] : metadata) size += name.size() + value.size();
  return size;
}

Headers ReadHeaders(const Metadata& metadata) {
  Headers headers;
  headers.authorization = Value(metadata, "authorization");
  headers.purpose = Value(metadata, "tsunagu-purpose");
  headers.on_behalf_of = Value(metadata, "tsunagu-on-behalf-of");
  headers.trace = Value(metadata, "traceparent");
  headers.language = ParseLanguage(Value(metadata, "accept-language"));
  return headers;
}

Language ParseLanguage(absl::string_view accept_language) {
  Language chosen = Language::kEnglish;
  double best = 0;
  for (absl::string_view range : absl::StrSplit(accept_language, ',')) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(range, absl::MaxSplits(';', 1));
    absl::string_view weight = absl::StripAsciiWhitespace(parts.second);
    double q = 1;
    if (absl::ConsumePrefix(&weight, "q=") && !absl::SimpleAtod(weight, &q)) q = 0;
    const absl::string_view tag = absl::StripAsciiWhitespace(parts.first);
    const bool japanese = absl::StartsWithIgnoreCase(tag, "ja");
    if ((!japanese && !absl::StartsWithIgnoreCase(tag, "en")) || !(q > best)) continue;
    best = q;
    chosen = japanese ? Language::kJapanese : Language::kEnglish;
  }
  return chosen;
}

}  // namespace tsunagu::rpc
