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
  // PEM, each: a certificate of the server, then those between it and a root. A caller gets the one for the name that
  // it asks for (SNI), or else the first.
  std::vector<std::string> certificates;
  std::vector<std::string> keys;  // PEM, as many, in their order
  std::string client_ca;          // PEM: who may have signed clients' certificates; empty: none is asked for
};

// The server's side of TLS 1.3, from files that may be replaced while it runs. Thread-safe.
class Tls {
 public:
  // The error names the file, and what is wrong with it.
  static absl::StatusOr<std::unique_ptr<Tls>> Open(TlsFiles files);
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  // For a new connection; the caller frees it.
  SSL* NewSession();
  // Reads the files again where one has changed. What cannot be used is told, and what was there before is kept.
  absl::Status Refresh();
  // When the first of the server's certificates ends.
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

// As rpc::Headers::certificate_names wants them; empty where the caller has shown no certificate.
std::vector<std::string> CertificateNames(const SSL* session);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_TLS_H_
