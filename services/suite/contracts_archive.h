#ifndef TSUNAGU_SERVICES_SUITE_CONTRACTS_ARCHIVE_H_
#define TSUNAGU_SERVICES_SUITE_CONTRACTS_ARCHIVE_H_

#include <functional>

#include "absl/strings/string_view.h"

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// A zip file with all contracts as they were when this program was built, and what they import: cmake/contracts.cmake.
absl::string_view ContractsArchive();

// `tsunagu contracts`: writes it.
void AddContracts(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_CONTRACTS_ARCHIVE_H_
