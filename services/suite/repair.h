#ifndef TSUNAGU_SERVICES_SUITE_REPAIR_H_
#define TSUNAGU_SERVICES_SUITE_REPAIR_H_

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// `tsunagu repair`: returns 0 if every named record agrees with the journal afterwards, else 1. Without --apply it only
// checks.
void AddRepair(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_REPAIR_H_
