#ifndef TSUNAGU_SERVICES_SUITE_KEYS_H_
#define TSUNAGU_SERVICES_SUITE_KEYS_H_

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// `tsunagu keys create`: a key for a caller, straight into the databases. Printed once, on stdout.
// `tsunagu keys master`: a fresh master key. `tsunagu keys rotate`: all keys wrapped by the newest one.
void AddKeys(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_KEYS_H_
