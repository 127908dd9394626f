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
  std::string day;   // first day on which the list is valid; empty: today
  std::string out;   // the output file
};

// Writes the changes that explain a newer list of areas to a file for `tsunagu import areaChanges`, with the evidence
// and the open decisions of each, and prints them. That import refuses rows that only a person can complete.
absl::Status ProposeAreaChanges(const Client& client, const ProposeOptions& options, std::ostream& told);

// `tsunagu areas propose`.
void AddAreas(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_AREAS_H_
