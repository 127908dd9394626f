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

// Certificates as tokens that anybody can verify: Open Badges 3.0 credentials as JSON Web Tokens, signed with Ed25519
// (alg EdDSA, RFC 8037), and a Bitstring Status List of the certificates that are no longer valid.
namespace tsunagu::training {

// The content of a token. Never contains a day of birth, an address, an employer or a client.
struct Badge {
  std::string number;
  std::string holder;
  std::string issuer;       // display name
  std::string achievement;  // the completed training
  std::string curriculum;   // the version of the curriculum
  jp::CivilDay issued;
  absl::optional<jp::CivilDay> expires;  // last day
  int64_t status_index = 0;
};

// Signs a badge. `seed`: the 32 bytes of the signing key.
std::string SignBadge(const Badge& badge, absl::string_view seed);

// Returns a signed list in which the bit of each index in `ended` is set, as of `day`.
std::string SignStatusList(const std::vector<int64_t>& ended, jp::CivilDay day, absl::string_view seed);

// Returns the id of the public key: the thumbprint (RFC 7638), which is the kid of tokens and key sets.
std::string KeyIdOf(absl::string_view seed);

// A signing key, present or former.
struct BadgeKey {
  std::string seed;
  absl::optional<jp::CivilDay> retired;  // nothing that it signed is valid from this day on
};

// Returns the public keys as a JSON Web Key Set. Keys that are retired on `day` are under "retired_keys", which JOSE
// libraries ignore, so that they accept nothing that such a key signed; CheckBadge recognises them.
std::string KeySetOf(const std::vector<BadgeKey>& keys, jp::CivilDay day);

// Returns the content of one of our tokens, unverified. Absent if it is not a token.
absl::optional<Badge> ReadBadge(absl::string_view token);

// The result of checking a token.
struct Checked {
  using Verdict = v1::VerifyCertificateResponse::Verdict;
  Verdict verdict = v1::VerifyCertificateResponse::VERDICT_MALFORMED;
  Badge badge;  // as in the token; only if the signature is valid
};

// Checks a token against a key set, on a day, and against a status list if there is one. Accepts only the canonical
// encoding of a token: with a changed, missing or added character the verdict is cut off, rewritten, malformed or
// forged. Errors: INVALID_ARGUMENT if the key set or the status list is malformed, or the status list is not signed
// with one of the keys.
absl::StatusOr<Checked> CheckBadge(absl::string_view token, absl::string_view key_set, absl::string_view status_list,
                                   jp::CivilDay day);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_BADGE_H_
