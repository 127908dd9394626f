#ifndef TSUNAGU_SERVICES_TRAINING_BADGE_H_
#define TSUNAGU_SERVICES_TRAINING_BADGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/jp/civil_day.h"
#include "tsunagu/training/v1/certificate.pb.h"

// Certificates as tokens that anybody can check: Open Badges 3.0 credentials as JSON Web Tokens, signed with Ed25519
// (alg EdDSA, RFC 8037), and a Bitstring Status List of those that do not hold any more.
namespace tsunagu::training {

// What a token says. Never a day of birth, an address, an employer or a client.
struct Badge {
  std::string number;
  std::string holder;
  std::string issuer;       // as people call it
  std::string achievement;  // what was completed
  std::string curriculum;   // its version
  jp::CivilDay issued;
  absl::optional<jp::CivilDay> expires;  // last day
  int64_t status_index = 0;
};

// A key that signs: its seed of 32 bytes.
std::string SignBadge(const Badge& badge, absl::string_view seed);

// Signed list in which a bit is set for each index in `ended`, as of `day`.
std::string SignStatusList(const std::vector<int64_t>& ended, jp::CivilDay day, absl::string_view seed);

// The name of its public key: the thumbprint (RFC 7638), as the kid of tokens and key sets has it.
std::string KeyIdOf(absl::string_view seed);

// A key that has signed.
struct BadgeKey {
  std::string seed;
  absl::optional<jp::CivilDay> retired;  // nothing that it signed holds from this day on
};

// JSON Web Key Set of the public keys. Those that are retired on `day` stand in it under "retired_keys", which JOSE
// libraries do not look at, so that they take nothing that such a key has signed; CheckBadge knows why.
std::string KeySetOf(const std::vector<BadgeKey>& keys, jp::CivilDay day);

// What a token of ours says, unchecked. Absent where it is no token.
absl::optional<Badge> ReadBadge(absl::string_view token);

// What a token is found to be.
struct Checked {
  using Verdict = v1::VerifyCertificateResponse::Verdict;
  Verdict verdict = v1::VerifyCertificateResponse::VERDICT_MALFORMED;
  Badge badge;  // as the token says it; only of a token with a good signature
};

// Checks a token against a key set, on a day, and against a status list where one is given. Only the one way of writing
// a token is taken: with a changed, missing or added character it is cut off, rewritten, malformed or forged.
// INVALID_ARGUMENT where the key set or the status list itself is none, or is not signed with one of the keys.
absl::StatusOr<Checked> CheckBadge(absl::string_view token, absl::string_view key_set, absl::string_view status_list,
                                   jp::CivilDay day);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_BADGE_H_
