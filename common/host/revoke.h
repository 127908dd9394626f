#ifndef TSUNAGU_COMMON_HOST_REVOKE_H_
#define TSUNAGU_COMMON_HOST_REVOKE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/host/host.h"

namespace tsunagu {

struct RevokeRequest {
  // Which keys to revoke: those of a principal, or the key `secret`.
  std::string principal;
  std::string secret;
  bool grants = false;  // also ends the principal's grants
};

// The result in one service.
struct Revocation {
  std::string service;
  absl::Status reached;  // not OK: nothing was done there, for this reason
  int keys = 0;          // revoked now
  int grants = 0;        // ended now
  bool known = false;    // whether the principal or the key exists
};

// Revokes keys in each of `kinds`, beside running servers, which notice it within seconds. When one service cannot be
// reached, the others are handled anyway. Another run does the rest.
std::vector<Revocation> RevokeKeys(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                   const RevokeRequest& request);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_REVOKE_H_
