#ifndef TSUNAGU_SERVICES_SUITE_EXPLAIN_H_
#define TSUNAGU_SERVICES_SUITE_EXPLAIN_H_

#include <functional>

namespace CLI {
class App;
}

namespace tsunagu::suite {

// `tsunagu explain`: why an amount is what it is, line by line.
void AddExplain(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_EXPLAIN_H_
