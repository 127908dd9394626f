#include "common/platform/feed/resume_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/contract/schema.h"

namespace tsunagu {
namespace {

constexpr size_t kSignatureBytes = 32, kMostBytes = 1024;

std::string Sign(absl::string_view key, absl::string_view bytes) {
  return HmacSha256(key, absl::StrCat("tsunagu resume token 1\n", bytes));
}

}  // namespace

std::string SignResumeToken(const ResumeToken& token, absl::string_view key) {
  const std::string bytes = token.SerializeAsString();
  return absl::WebSafeBase64Escape(absl::StrCat(bytes, Sign(key, bytes)));
}

absl::StatusOr<ResumeToken> OpenResumeToken(absl::string_view text, absl::string_view service, absl::string_view key) {
  const absl::Status invalid = FailAt("resume_token", "INVALID_RESUME_TOKEN"_reason);
  std::string bytes;
  if (text.size() > 2 * kMostBytes || !absl::WebSafeBase64Unescape(text, &bytes) || bytes.size() < kSignatureBytes) {
    return invalid;
  }
  const std::string signature = bytes.substr(bytes.size() - kSignatureBytes);
  bytes.resize(bytes.size() - kSignatureBytes);
  ResumeToken token;
  if (!token.ParseFromString(bytes)) return invalid;
  if (EqualInConstantTime(Sign(key, bytes), signature)) return token;
  // Another service has another key. The name, which is not verified, is only used in the text.
  if (token.service() == service || !contract::IsWellFormedId(token.service())) return invalid;
  return FailAt("resume_token", "RESUME_TOKEN_OF_ANOTHER_SERVICE"_reason, {{"service", token.service()}});
}

}  // namespace tsunagu
