#ifndef TSUNAGU_COMMON_ACCESS_IDENTITIES_H_
#define TSUNAGU_COMMON_ACCESS_IDENTITIES_H_

#include <map>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/jose/issuers.h"
#include "tsunagu/platform/v1/access.pb.h"

namespace tsunagu::access {

// Maps the contents of tokens and certificates to callers. An identity that fits several callers identifies none of
// them, however that came about.
class Identities {
 public:
  // Errors: IDENTITY_MALFORMED.
  static absl::Status Check(const platform::v1::Identity& identity);
  // Returns whether both identities are the same.
  static bool Equal(const platform::v1::Identity& a, const platform::v1::Identity& b);

  void Add(const std::string& principal, const platform::v1::Identity& identity);

  // Returns the id of the caller. Errors: IDENTITY_UNKNOWN, IDENTITY_AMBIGUOUS.
  absl::StatusOr<std::string> OfToken(const jose::Claims& claims) const;
  // Returns the id of the caller. Errors: CERTIFICATE_UNKNOWN, IDENTITY_AMBIGUOUS.
  absl::StatusOr<std::string> OfCertificate(absl::Span<const std::string> names) const;

 private:
  using Callers = std::set<std::string>;

  std::map<std::string, Callers> callers_;                            // by the text of the identity
  std::map<std::string, std::set<std::string>, std::less<>> claims_;  // the claims to look at, by issuer
};

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_IDENTITIES_H_
