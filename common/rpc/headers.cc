#include "common/rpc/headers.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/jp/code_points.h"
#include "common/jp/cp932.h"

namespace tsunagu::rpc {
namespace {

std::string Value(const Metadata& metadata, const char* name) {
  const auto found = metadata.find(name);
  return found == metadata.end() ? "" : std::string(found->second.data(), found->second.size());
}

// Metadata is ASCII: other text comes percent-encoded, as in a URL. At most as long as the columns that keep it.
std::string ReadPurpose(absl::string_view encoded) {
  constexpr size_t kMostCharacters = 191;
  std::string decoded;
  for (size_t i = 0; i < encoded.size(); ++i) {
    const bool escape = encoded[i] == '%' && i + 2 < encoded.size() && absl::ascii_isxdigit(encoded[i + 1]) &&
                        absl::ascii_isxdigit(encoded[i + 2]);
    decoded += escape ? absl::HexStringToBytes(encoded.substr(i + 1, 2)) : std::string(1, encoded[i]);
    if (escape) i += 2;
  }
  if (!jp::IsUtf8(decoded)) decoded = std::string(encoded);
  std::u32string characters = jp::ToCodePoints(decoded);
  if (characters.size() > kMostCharacters) characters.resize(kMostCharacters);
  return jp::ToUtf8(characters);
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
  headers.purpose = ReadPurpose(Value(metadata, "tsunagu-purpose"));
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
