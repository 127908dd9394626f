#ifndef TSUNAGU_SERVICES_SUITE_VERIFY_CERTIFICATE_H_
#define TSUNAGU_SERVICES_SUITE_VERIFY_CERTIFICATE_H_

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// `tsunagu verify-certificate`: checks a certificate offline, with a stored answer of GetVerificationKeys. Returns 0 if
// it is valid, 1 if it is not, 2 if that is unknown.
void AddVerifyCertificate(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_VERIFY_CERTIFICATE_H_
