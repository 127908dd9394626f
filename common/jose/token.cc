#include "common/jose/token.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jose/base64url.h"

namespace tsunagu::jose {
namespace {

// Returns nothing when the header has the member but it is no text.
absl::optional<std::string> TextOf(const Json& header, absl::string_view name) {
  const Json* member = header.Find(name);
  if (member == nullptr) return std::string();
  if (!member->Is(Json::Kind::kText)) return absl::nullopt;
  return member->text;
}

// Some issuers omit typ (Kubernetes for its service accounts). Tokens with another typ (a DPoP proof, a logout token, a
// verifiable credential) may be signed by the same key, and are refused.
bool IsTypeOfAccess(std::string type) {
  absl::AsciiStrToLower(&type);
  const absl::string_view name = absl::StripPrefix(type, "application/");
  return type.empty() || name == "at+jwt" || name == "jwt";
}

absl::Status ReadHeader(const Json& header, Token& token) {
  const absl::optional<std::string> algorithm = TextOf(header, "alg"), id = TextOf(header, "kid"),
                                    type = TextOf(header, "typ");
  if (!algorithm || !id || !type) return Fail("TOKEN_MALFORMED"_reason);
  const absl::optional<Algorithm> known = AlgorithmOf(*algorithm);
  if (!known) return Fail("TOKEN_ALGORITHM_REFUSED"_reason);
  if (header.Find("crit") != nullptr || header.Find("b64") != nullptr) return Fail("TOKEN_EXTENSION_REFUSED"_reason);
  if (!IsTypeOfAccess(*type)) return Fail("TOKEN_TYPE_REFUSED"_reason);
  token.algorithm = *known;
  token.key_id = *id;
  return absl::OkStatus();
}

}  // namespace

absl::optional<Compact> Compact::Split(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('.', 3));
  if (parts.size() != 3) return absl::nullopt;
  absl::optional<std::string> header = FromBase64Url(parts[0]), payload = FromBase64Url(parts[1]),
                              signature = FromBase64Url(parts[2]);
  if (!header || !payload || !signature) return absl::nullopt;
  return Compact{*std::move(header), *std::move(payload), *std::move(signature), text.substr(0, text.rfind('.'))};
}

absl::StatusOr<Token> Token::Parse(absl::string_view text) {
  absl::optional<Compact> parts = Compact::Split(text);
  if (!parts) return Fail("TOKEN_MALFORMED"_reason);
  const absl::optional<Json> header = Json::Parse(parts->header);
  absl::optional<Json> claims = Json::Parse(parts->payload);
  if (!header || !claims || !header->Is(Json::Kind::kObject) || !claims->Is(Json::Kind::kObject)) {
    return Fail("TOKEN_MALFORMED"_reason);
  }
  Token token;
  RETURN_IF_ERROR(ReadHeader(*header, token));
  token.claims = *std::move(claims);
  token.signature = std::move(parts->signature);
  token.signed_text = parts->signed_text;
  return token;
}

}  // namespace tsunagu::jose
