#ifndef TSUNAGU_SERVICES_SUITE_VERIFY_CERTIFICATE_H_
#define TSUNAGU_SERVICES_SUITE_VERIFY_CERTIFICATE_H_

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// `tsunagu verify-certificate`: without any server, with what GetVerificationKeys once answered. 0 when the certificate
// holds, 1 when it does not, 2 when that cannot be said.
void AddVerifyCertificate(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_VERIFY_CERTIFICATE_H_
