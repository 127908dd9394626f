#ifndef TSUNAGU_COMMON_JOSE_ISSUERS_H_
#define TSUNAGU_COMMON_JOSE_ISSUERS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/jose/json.h"
#include "common/jose/key_set.h"

namespace tsunagu::jose {

struct Token;

// An issuer whose tokens are accepted.
struct Issuer {
  std::string name;                    // the iss of its tokens
  std::vector<std::string> audiences;  // tokens for us have one of them in their aud
  absl::Duration leeway;               // the permitted difference between its clock and ours
  KeySet keys;
};

// The claims of a verified token of an issuer, for us.
struct Claims {
  std::string issuer;
  Json all;  // an object
  // The token is valid from begins (inclusive) until expires (exclusive), leeway included.
  absl::Time begins, expires;
};

// The issuers whose tokens are accepted. A verified token is cached until the issuers change, so that a call costs one
// look-up; the cache is bounded. Thread-safe; waits only for its own mutex.
class Issuers {
 public:
  // Replaces the issuers. Tokens verified with their previous keys are forgotten.
  void Set(std::vector<Issuer> issuers);

  // Errors: TOKEN_MALFORMED and the other errors of Token::Parse; UNKNOWN_ISSUER, UNKNOWN_SIGNING_KEY,
  // TOKEN_ALGORITHM_REFUSED when the key is for another algorithm, TOKEN_SIGNATURE_WRONG; then TOKEN_NOT_FOR_US,
  // TOKEN_CLAIM_UNUSABLE {claim}, TOKEN_EXPIRED, TOKEN_NOT_YET_VALID.
  absl::StatusOr<std::shared_ptr<const Claims>> Verify(absl::string_view token, absl::Time now);

  // How many tokens were signed by unknown keys: a sign that the keys should be fetched again.
  int64_t unknown_keys() const { return unknown_keys_; }

 private:
  using ByName = std::map<std::string, Issuer, std::less<>>;
  using Proven = std::map<std::string, std::shared_ptr<const Claims>>;  // by the digest of the token
  static constexpr size_t kMostProven = 1024;

  absl::StatusOr<std::shared_ptr<const Claims>> Prove(const ByName& issuers, absl::string_view token);
  std::shared_ptr<const Claims> Recall(const std::string& digest, std::shared_ptr<const ByName>& issuers);
  void Remember(const std::string& digest, const ByName* by, std::shared_ptr<const Claims> claims);

  std::atomic<int64_t> unknown_keys_{0};
  Mutex mutex_;
  std::shared_ptr<const ByName> issuers_ ABSL_GUARDED_BY(mutex_) = std::make_shared<const ByName>();
  // Two generations: when the younger is full, it becomes the older, and the older is dropped.
  Proven younger_ ABSL_GUARDED_BY(mutex_), older_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::jose

#endif  // TSUNAGU_COMMON_JOSE_ISSUERS_H_
