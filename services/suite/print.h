#ifndef TSUNAGU_SERVICES_SUITE_PRINT_H_
#define TSUNAGU_SERVICES_SUITE_PRINT_H_

#include <functional>

namespace CLI {
class App;
}

namespace tsunagu::suite {

// `tsunagu print`: prints a certificate, all certificates of a course, or the sign-in sheet of a session into a file.
void AddPrint(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_PRINT_H_
