#ifndef TSUNAGU_SERVICES_SUITE_ROSTER_H_
#define TSUNAGU_SERVICES_SUITE_ROSTER_H_

#include <functional>

namespace CLI {
class App;
}

namespace tsunagu::suite {

// `tsunagu roster`: who completed a course, as far as each has agreed to it being told.
void AddRoster(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_ROSTER_H_
