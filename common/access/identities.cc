#include "common/access/identities.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"

namespace tsunagu::access {
namespace {

using platform::v1::Identity;

constexpr char kSubject[] = "sub";
constexpr size_t kFingerprintDigits = 64;

// The value, which comes from somebody's token, is last, so that it cannot imitate another identity.
std::string TextOf(absl::string_view issuer, absl::string_view claim, absl::string_view value) {
  return absl::StrCat("token ", issuer, "\n", claim, "\n", value);
}
std::string TextOf(absl::string_view certificate) { return absl::StrCat("certificate ", certificate); }

const std::string& ClaimOf(const Identity& identity) {
  static const auto& subject = *new std::string(kSubject);
  return identity.claim().empty() ? subject : identity.claim();
}

std::string TextOf(const Identity& identity) {
  return identity.certificate().empty() ? TextOf(identity.issuer(), ClaimOf(identity), identity.value())
                                        : TextOf(identity.certificate());
}

bool HasControls(absl::string_view text) {
  return absl::c_any_of(text, [](unsigned char c) { return absl::ascii_iscntrl(c); });
}

// Checks for the form in which the transport gives names of certificates (rpc::Headers).
bool IsCertificateName(absl::string_view name) {
  const bool lower = absl::c_none_of(name, [](unsigned char c) { return absl::ascii_isupper(c); });
  if (absl::ConsumePrefix(&name, "sha256:")) {
    return name.size() == kFingerprintDigits && lower &&
           absl::c_all_of(name, [](unsigned char c) { return absl::ascii_isxdigit(c); });
  }
  if (absl::c_any_of(name, [](unsigned char c) { return !absl::ascii_isgraph(c); })) return false;
  if (absl::ConsumePrefix(&name, "dns:")) return !name.empty() && lower;
  return absl::ConsumePrefix(&name, "uri:") && absl::StrContains(name, ':');
}

}  // namespace

absl::Status Identities::Check(const Identity& identity) {
  const bool of_token = !identity.issuer().empty() && !identity.value().empty() && identity.certificate().empty() &&
                        !HasControls(identity.issuer()) && !HasControls(identity.claim()) &&
                        !HasControls(identity.value());
  const bool of_certificate = identity.issuer().empty() && identity.claim().empty() && identity.value().empty() &&
                              IsCertificateName(identity.certificate());
  return of_token || of_certificate ? absl::OkStatus() : Fail("IDENTITY_MALFORMED"_reason);
}

bool Identities::Equal(const Identity& a, const Identity& b) { return TextOf(a) == TextOf(b); }

void Identities::Add(const std::string& principal, const Identity& identity) {
  callers_[TextOf(identity)].insert(principal);
  if (identity.certificate().empty()) claims_[identity.issuer()].insert(ClaimOf(identity));
}

absl::StatusOr<std::string> Identities::OfToken(const jose::Claims& claims) const {
  Callers fit;
  const auto looked_at = claims_.find(claims.issuer);
  if (looked_at != claims_.end()) {
    for (const std::string& claim : looked_at->second) {
      const jose::Json* said = claims.all.Find(claim);
      if (said == nullptr) continue;
      for (const absl::string_view value : said->Texts()) {
        const auto found = callers_.find(TextOf(claims.issuer, claim, value));
        if (found != callers_.end()) fit.insert(found->second.begin(), found->second.end());
      }
    }
  }
  if (fit.empty()) return Fail("IDENTITY_UNKNOWN"_reason);
  if (fit.size() > 1) return Fail("IDENTITY_AMBIGUOUS"_reason);
  return *fit.begin();
}

absl::StatusOr<std::string> Identities::OfCertificate(absl::Span<const std::string> names) const {
  Callers fit;
  for (const std::string& name : names) {
    const auto found = callers_.find(TextOf(name));
    if (found != callers_.end()) fit.insert(found->second.begin(), found->second.end());
  }
  if (fit.empty()) return Fail("CERTIFICATE_UNKNOWN"_reason);
  if (fit.size() > 1) return Fail("IDENTITY_AMBIGUOUS"_reason);
  return *fit.begin();
}

}  // namespace tsunagu::access
