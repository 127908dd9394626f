#ifndef TSUNAGU_SERVICES_SUITE_CONTRACTS_ARCHIVE_H_
#define TSUNAGU_SERVICES_SUITE_CONTRACTS_ARCHIVE_H_

#include <functional>

#include "absl/strings/string_view.h"

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// Returns a zip file with all contracts at the time of the build, and their imports: cmake/contracts.cmake.
absl::string_view ContractsArchive();

// `tsunagu contracts`: writes the archive.
void AddContracts(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_CONTRACTS_ARCHIVE_H_
