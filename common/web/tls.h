#ifndef TSUNAGU_COMMON_WEB_TLS_H_
#define TSUNAGU_COMMON_WEB_TLS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/mutex.h"
#include "openssl/ssl.h"

namespace tsunagu::web {

struct TlsFiles {
  // PEM files, each with a certificate of the server, then the intermediate certificates. A caller gets the certificate
  // for the name that it requests (SNI), or else the first.
  std::vector<std::string> certificates;
  std::vector<std::string> keys;  // PEM files: one for each certificate, in the same order
  std::string
      client_ca;  // PEM file: the authorities of clients' certificates; empty: no client certificate is requested
};

// The server's side of TLS 1.3. Its files may be replaced while it runs. Thread-safe.
class Tls {
 public:
  // The error names the file, and what is wrong with it.
  static absl::StatusOr<std::unique_ptr<Tls>> Open(TlsFiles files);
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  // Returns an object for a new connection; the caller frees it.
  SSL* NewSession();
  // Reads the files again when one has changed. On an error, the previous state stays.
  absl::Status Refresh();
  // The earliest expiry of the server's certificates.
  absl::Time expires() const;

 private:
  struct State;
  explicit Tls(TlsFiles files) : files_(std::move(files)) {}
  static absl::StatusOr<std::string> ReadAll(const TlsFiles& files);
  static absl::StatusOr<std::shared_ptr<const State>> Use(const TlsFiles& files, std::string contents);

  const TlsFiles files_;
  Mutex refreshing_;
  mutable Mutex mutex_;
  std::shared_ptr<const State> state_ ABSL_GUARDED_BY(mutex_);
};

// Returns the names for rpc::Headers::certificate_names; empty when the caller has presented no certificate.
std::vector<std::string> CertificateNames(const SSL* session);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_TLS_H_
