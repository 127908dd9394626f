#ifndef TSUNAGU_SERVICES_SUITE_REPAIR_H_
#define TSUNAGU_SERVICES_SUITE_REPAIR_H_

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// `tsunagu repair`: 0 when every record named is as the journal says now, 1 else; without --apply it only looks.
void AddRepair(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_REPAIR_H_
