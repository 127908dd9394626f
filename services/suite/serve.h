#ifndef TSUNAGU_SERVICES_SUITE_SERVE_H_
#define TSUNAGU_SERVICES_SUITE_SERVE_H_

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// Adds `tsunagu serve`, `tsunagu migrate` and `tsunagu adopt`. `chosen` runs the selected command after parsing.
void AddServe(CLI::App& app, std::function<int()>& chosen);
void AddMigrate(CLI::App& app, std::function<int()>& chosen);
void AddAdopt(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_SERVE_H_
