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

// Somebody whose tokens are taken.
struct Issuer {
  std::string name;                    // the iss of its tokens
  std::vector<std::string> audiences;  // one of them is in the aud of tokens for us
  absl::Duration leeway;               // by how much its clock and ours may differ
  KeySet keys;
};

// What a token says that is proven to be an issuer's, for us.
struct Claims {
  std::string issuer;
  Json all;  // an object
  // In force from the one until before the other, leeway included.
  absl::Time begins, expires;
};

// Whose tokens are taken. A token that was proven is remembered until the issuers change, so that a call costs one
// look-up; what is remembered is bounded. Thread-safe, and never waits for anything but its own mutex.
class Issuers {
 public:
  // Instead of those before: what their keys have proven is forgotten.
  void Set(std::vector<Issuer> issuers);

  // TOKEN_MALFORMED and what else Token::Parse says; UNKNOWN_ISSUER, UNKNOWN_SIGNING_KEY, TOKEN_ALGORITHM_REFUSED where
  // the key is for another, TOKEN_SIGNATURE_WRONG; then TOKEN_NOT_FOR_US, TOKEN_CLAIM_UNUSABLE {claim}, TOKEN_EXPIRED,
  // TOKEN_NOT_YET_VALID.
  absl::StatusOr<std::shared_ptr<const Claims>> Verify(absl::string_view token, absl::Time now);

  // How many tokens were signed by keys that are not there: who else knows new keys may be asked.
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
  // Two ages: when the younger is full, it becomes the older, and the older is dropped.
  Proven younger_ ABSL_GUARDED_BY(mutex_), older_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::jose

#endif  // TSUNAGU_COMMON_JOSE_ISSUERS_H_
