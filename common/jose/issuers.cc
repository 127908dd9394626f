#include "common/jose/issuers.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jose/token.h"

namespace tsunagu::jose {
namespace {

absl::Status Unusable(const char* claim) { return Fail("TOKEN_CLAIM_UNUSABLE"_reason, {{"claim", claim}}); }

absl::StatusOr<std::string> IssuerOf(const Json& claims) {
  const Json* issuer = claims.Find("iss");
  if (issuer == nullptr || !issuer->Is(Json::Kind::kText) || issuer->text.empty()) return Unusable("iss");
  return issuer->text;
}

absl::Status CheckAudience(const Issuer& issuer, const Json& claims) {
  const Json* audience = claims.Find("aud");
  if (audience == nullptr || audience->Texts().empty()) return Unusable("aud");
  const bool ours = absl::c_any_of(audience->Texts(),
                                   [&](absl::string_view one) { return absl::c_linear_search(issuer.audiences, one); });
  return ours ? absl::OkStatus() : Fail("TOKEN_NOT_FOR_US"_reason);
}

// Reads seconds since 1970, which may have a fraction; returns `otherwise` when the claim is absent.
absl::StatusOr<absl::Time> TimeOf(const Json& claims, const char* name, absl::Time otherwise) {
  constexpr double kLast = 253'402'300'799;  // of the year 9999
  const Json* claim = claims.Find(name);
  if (claim == nullptr) return otherwise;
  if (!claim->Is(Json::Kind::kNumber) || claim->number < 0 || claim->number > kLast) return Unusable(name);
  return absl::UnixEpoch() + absl::Seconds(claim->number);
}

absl::Status CheckTimes(const Claims& claims, absl::Time now) {
  if (now >= claims.expires) return Fail("TOKEN_EXPIRED"_reason);
  if (now < claims.begins) return Fail("TOKEN_NOT_YET_VALID"_reason);
  return absl::OkStatus();
}

}  // namespace

void Issuers::Set(std::vector<Issuer> issuers) {
  auto by_name = std::make_shared<ByName>();
  for (Issuer& issuer : issuers) {
    std::string name = issuer.name;
    by_name->insert_or_assign(std::move(name), std::move(issuer));
  }
  MutexLock lock(mutex_);
  issuers_ = std::move(by_name);
  younger_.clear();
  older_.clear();
}

absl::StatusOr<std::shared_ptr<const Claims>> Issuers::Verify(absl::string_view token, absl::Time now) {
  if (token.size() > Token::kMostBytes) return Fail("TOKEN_MALFORMED"_reason);
  const std::string digest = Sha256(token);
  std::shared_ptr<const ByName> issuers;
  std::shared_ptr<const Claims> claims = Recall(digest, issuers);
  if (claims == nullptr) {
    ASSIGN_OR_RETURN(claims, Prove(*issuers, token));
    Remember(digest, issuers.get(), claims);
  }
  RETURN_IF_ERROR(CheckTimes(*claims, now));
  return claims;
}

absl::StatusOr<std::shared_ptr<const Claims>> Issuers::Prove(const ByName& issuers, absl::string_view text) {
  ASSIGN_OR_RETURN(Token token, Token::Parse(text));
  ASSIGN_OR_RETURN(std::string name, IssuerOf(token.claims));
  const auto issuer = issuers.find(name);
  if (issuer == issuers.end()) return Fail("UNKNOWN_ISSUER"_reason);
  const PublicKey* key = issuer->second.keys.Find(token.key_id);
  if (key == nullptr) {
    ++unknown_keys_;
    return Fail("UNKNOWN_SIGNING_KEY"_reason);
  }
  if (!key->IsFor(token.algorithm)) return Fail("TOKEN_ALGORITHM_REFUSED"_reason);
  if (!key->Verify(token.algorithm, token.signed_text, token.signature)) return Fail("TOKEN_SIGNATURE_WRONG"_reason);
  RETURN_IF_ERROR(CheckAudience(issuer->second, token.claims));
  if (token.claims.Find("exp") == nullptr) return Unusable("exp");
  ASSIGN_OR_RETURN(const absl::Time expires, TimeOf(token.claims, "exp", absl::InfinitePast()));
  ASSIGN_OR_RETURN(const absl::Time begins, TimeOf(token.claims, "nbf", absl::InfinitePast()));
  ASSIGN_OR_RETURN(const absl::Time issued, TimeOf(token.claims, "iat", absl::InfinitePast()));
  const absl::Duration leeway = issuer->second.leeway;
  return std::make_shared<const Claims>(
      Claims{std::move(name), std::move(token.claims), std::max(begins, issued) - leeway, expires + leeway});
}

std::shared_ptr<const Claims> Issuers::Recall(const std::string& digest, std::shared_ptr<const ByName>& issuers) {
  MutexLock lock(mutex_);
  issuers = issuers_;
  if (const auto found = younger_.find(digest); found != younger_.end()) return found->second;
  const auto found = older_.find(digest);
  return found == older_.end() ? nullptr : found->second;
}

void Issuers::Remember(const std::string& digest, const ByName* by, std::shared_ptr<const Claims> claims) {
  Proven dropped;  // destroyed after the lock is released
  MutexLock lock(mutex_);
  if (issuers_.get() != by) return;  // verified by keys that may have been replaced meanwhile
  if (younger_.size() >= kMostProven) {
    dropped = std::move(older_);
    older_ = std::exchange(younger_, {});
  }
  younger_.emplace(digest, std::move(claims));
}

}  // namespace tsunagu::jose
