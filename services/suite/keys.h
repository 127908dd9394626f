#ifndef TSUNAGU_SERVICES_SUITE_KEYS_H_
#define TSUNAGU_SERVICES_SUITE_KEYS_H_

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// `tsunagu keys create`: creates a key for a caller directly in the databases, and prints it once on stdout. `tsunagu
// keys master`: creates a master key. `tsunagu keys rotate`: wraps all keys with the newest master key.
void AddKeys(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_KEYS_H_
