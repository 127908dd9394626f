#include "common/rpc/headers.h"

#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/percent.h"
#include "common/jp/code_points.h"
#include "common/jp/cp932.h"

namespace tsunagu::rpc {
namespace {

constexpr char kPurpose[] = "tsunagu-purpose", kBinaryPurpose[] = "tsunagu-purpose-bin";

std::string Value(const Metadata& metadata, const char* name) {
  const auto found = metadata.find(name);
  return found == metadata.end() ? "" : std::string(found->second.data(), found->second.size());
}

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029; }

// The purpose appears in the access log and must be one meaningful line: "????" is what some clients make of other
// text.
bool SaysWhy(absl::string_view purpose) {
  if (!jp::IsUtf8(purpose)) return false;
  const std::u32string characters = jp::ToCodePoints(purpose);
  bool says = false;
  for (const char32_t c : characters) {
    if (IsControl(c)) return false;
    says |= c < 0x80 ? absl::ascii_isalnum(static_cast<unsigned char>(c)) : c != 0xA0 && c != 0x3000;
  }
  return says && characters.size() <= kLongestPurpose;
}

// Metadata must be ASCII: other text arrives percent-encoded, or as binary metadata, which gRPC encodes in base64.
void ReadPurpose(const Metadata& metadata, Headers& headers) {
  const size_t given = metadata.count(kPurpose) + metadata.count(kBinaryPurpose);
  if (given == 0) return;
  const bool binary = metadata.count(kBinaryPurpose) != 0;
  const std::string value = Value(metadata, binary ? kBinaryPurpose : kPurpose);
  if (value.empty() && !binary) return;
  const std::optional<std::string> purpose = binary ? value : PercentDecode(value);
  headers.purpose_malformed = given > 1 || !purpose || !SaysWhy(*purpose);
  if (!headers.purpose_malformed) headers.purpose = *purpose;
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
  ReadPurpose(metadata, headers);
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
