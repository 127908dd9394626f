#ifndef TSUNAGU_SERVICES_SUITE_ROSTER_H_
#define TSUNAGU_SERVICES_SUITE_ROSTER_H_

#include <functional>

namespace CLI {
class App;
}

namespace tsunagu::suite {

// `tsunagu roster`: lists who completed a course, with the data that each of them has agreed to disclose.
void AddRoster(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_ROSTER_H_
