#ifndef TSUNAGU_SERVICES_SUITE_DEMO_DEMO_H_
#define TSUNAGU_SERVICES_SUITE_DEMO_DEMO_H_

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// `tsunagu demo`: imports files of areas and facilities, invents what is missing, matches nurses to openings, has the
// result verified and says what came of it; on a running server (--addr), else on one of its own that leaves nothing
// behind. The chosen command is left in `chosen`, to be run after parsing; it returns 0, 1 for an error or a refused
// result, 130 when interrupted.
void AddDemo(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_DEMO_DEMO_H_
