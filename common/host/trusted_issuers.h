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
//     ca_file: machines-ca.pem                          # who vouches for that server, and nobody else
//
// Files are looked at every two seconds, on a thread of its own: a change holds soon after, without a restart. Keys of
// an address are asked for every five minutes; sooner, but at most every half a minute, where a token is signed by a
// key that is not known, or where they could not be had. While anything cannot be read or used, what was read before
// holds, and the log says why.
class TrustedIssuers {
 public:
  // FILE_NOT_READABLE, ISSUERS_UNUSABLE, with words for the operator. An address that cannot be reached is no error:
  // its issuer's tokens are refused (UNKNOWN_SIGNING_KEY) until it can.
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
  // Does nothing where all files, and the keys of all addresses, are as they were.
  absl::Status Load();
  absl::StatusOr<std::vector<jose::Issuer>> Read(std::string& texts);
  void Fetch();
  void KeepUp();

  const std::string file_;
  jose::Issuers issuers_;
  std::string texts_;                       // of all files and addresses, as they were read last
  std::map<Address, std::string> fetched_;  // the keys of each address; empty until it was reached
  Deadline next_fetch_ = Deadline::After(absl::ZeroDuration()), soonest_fetch_ = next_fetch_;
  int64_t unknown_keys_ = 0;  // that were known of when the addresses were asked
  Mutex mutex_;
  CondVar closing_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread keeper_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_TRUSTED_ISSUERS_H_
