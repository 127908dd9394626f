#ifndef TSUNAGU_SERVICES_SUITE_AREAS_H_
#define TSUNAGU_SERVICES_SUITE_AREAS_H_

#include <functional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "services/suite/client.h"

namespace CLI {
class App;
}

namespace tsunagu::suite {

struct ProposeOptions {
  std::string list;  // a file; - is standard input
  std::string day;   // from which the list holds; empty: today
  std::string out;   // the file to write
};

// Writes the changes that explain a newer list of areas as a file that `tsunagu import areaChanges` takes, with what
// each rests on and what has to be decided, and tells them. Rows that only a person can complete are refused by that
// import.
absl::Status ProposeAreaChanges(const Client& client, const ProposeOptions& options, std::ostream& told);

// `tsunagu areas propose`.
void AddAreas(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_AREAS_H_
