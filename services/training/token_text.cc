#include "services/training/token_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "common/base/ed25519.h"

namespace tsunagu::training {
namespace {

// Letters of base64 that a signature takes, six bits each.
constexpr size_t kSignatureLetters = (ed25519::kSignatureBytes * 8 + 5) / 6;
constexpr absl::string_view kJsonBegins = "eyJ";  // {"

bool IsTokenLetter(char c) { return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.'; }

}  // namespace

bool IsCutOff(absl::string_view token) {
  if (!absl::StartsWith(token, kJsonBegins) || !std::all_of(token.begin(), token.end(), IsTokenLetter)) return false;
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  return parts.size() < 3 || (parts.size() == 3 && parts[2].size() < kSignatureLetters);
}

std::string AsIssued(absl::string_view text) {
  std::string token;
  for (const char c : text) {
    if (!absl::ascii_isspace(c) && c != '=') token += c == '+' ? '-' : c == '/' ? '_' : c;
  }
  return token;
}

bool IsPdf(absl::string_view text) { return absl::StartsWith(text, "%PDF-"); }

absl::string_view TokenWithin(absl::string_view text) {
  if (!IsPdf(text) && !absl::StartsWith(text, "{")) return text;
  for (size_t begin = text.find(kJsonBegins); begin != absl::string_view::npos; begin = text.find(kJsonBegins, begin)) {
    const auto* end = std::find_if_not(text.begin() + begin, text.end(), IsTokenLetter);
    const absl::string_view token = text.substr(begin, static_cast<size_t>(end - text.begin()) - begin);
    if (std::count(token.begin(), token.end(), '.') == 2) return token;
    begin += token.size();
  }
  return text;
}

}  // namespace tsunagu::training
