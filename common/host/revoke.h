#ifndef TSUNAGU_COMMON_HOST_REVOKE_H_
#define TSUNAGU_COMMON_HOST_REVOKE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/host/host.h"

namespace tsunagu {

struct RevokeRequest {
  // Whose keys: those of a principal, or this one.
  std::string principal;
  std::string secret;
  bool grants = false;  // the principal's grants end as well
};

// What came of it in one service.
struct Revocation {
  std::string service;
  absl::Status reached;  // not OK: nothing was done there, for this reason
  int keys = 0;          // made worthless now
  int grants = 0;        // ended now
  bool known = false;    // the principal or the key is there
};

// Makes keys worthless in each of `kinds`, beside running servers, which notice within seconds. Where one service
// cannot be reached, the others are done all the same. Run again, it does what is left.
std::vector<Revocation> RevokeKeys(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                   const RevokeRequest& request);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_REVOKE_H_
