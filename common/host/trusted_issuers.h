#ifndef TSUNAGU_COMMON_HOST_TRUSTED_ISSUERS_H_
#define TSUNAGU_COMMON_HOST_TRUSTED_ISSUERS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/deadline.h"
#include "common/base/mutex.h"
#include "common/jose/issuers.h"

namespace tsunagu {

// The issuers whose tokens the operator trusts (--jwt-issuers), a list in YAML:
//
//   - issuer: https://id.pref.example.jp/realms/staff   # the iss of its tokens
//     audience: urn:tsunagu                             # their aud; or a list
//     keys: staff.jwks.json                             # its JWK set; beside this file, or from /
//     leeway_seconds: 0                                 # by how much clocks may differ, at most 60
//   - issuer: https://machines.example.jp
//     audience: urn:tsunagu
//     keys_url: https://machines.example.jp/jwks        # instead of keys
//     ca_file: machines-ca.pem                          # the only authorities accepted for that server
//
// Files are checked every two seconds, on a separate thread, so a change takes effect soon without a restart. Keys from
// a URL are fetched every five minutes; earlier, but at most every half a minute, when a token is signed by an unknown
// key or when the last fetch failed. While anything cannot be read or used, the previous state stays, and the log tells
// why.
class TrustedIssuers {
 public:
  // Errors: FILE_NOT_READABLE, ISSUERS_UNUSABLE, with a text for the operator. A URL that cannot be reached is no
  // error: its issuer's tokens are refused (UNKNOWN_SIGNING_KEY) until it can.
  static absl::StatusOr<std::unique_ptr<TrustedIssuers>> Open(std::string file);
  ~TrustedIssuers();

  jose::Issuers& issuers() { return issuers_; }

 private:
  explicit TrustedIssuers(std::string file) : file_(std::move(file)) {}
  struct Address {
    std::string url, ca_file;
    friend bool operator<(const Address& a, const Address& b) {
      return std::tie(a.url, a.ca_file) < std::tie(b.url, b.ca_file);
    }
  };
  // Does nothing when all files, and the keys of all URLs, are unchanged.
  absl::Status Load();
  absl::StatusOr<std::vector<jose::Issuer>> Read(std::string& texts);
  void Fetch();
  void KeepUp();

  const std::string file_;
  jose::Issuers issuers_;
  std::string texts_;                       // of all files and URLs, as last read
  std::map<Address, std::string> fetched_;  // the keys of each URL; empty until it was reached
  Deadline next_fetch_ = Deadline::After(absl::ZeroDuration()), soonest_fetch_ = next_fetch_;
  int64_t unknown_keys_ = 0;  // their number when the URLs were last fetched
  Mutex mutex_;
  CondVar closing_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread keeper_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_TRUSTED_ISSUERS_H_
