#include "tests/faults/failpoints.h"

#include <filesystem>
#include <map>
#include <regex>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "tests/process/process.h"

namespace tsunagu::faults {
namespace {

// Calls `each` with the path, relative to the root of the tree, and the text of every source in these folders.
void ForEachSource(std::initializer_list<const char*> folders,
                   absl::FunctionRef<void(const std::string&, const std::string&)> each) {
  const std::string root = TSUNAGU_SOURCE_DIR "/";
  for (const char* folder : folders) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root + folder)) {
      const std::string path = entry.path().string();
      if (absl::EndsWith(path, ".cc") || absl::EndsWith(path, ".h")) {
        each(path.substr(root.size()), process::ReadFile(path));
      }
    }
  }
}

std::vector<NamedFailpoint> Find() {
  static const std::regex call("\\bFailpoint\\(\"([^\"]*)\"\\)");
  std::map<std::string, std::vector<std::string>> files;
  ForEachSource({"common", "services"}, [&](const std::string& path, const std::string& text) {
    for (std::sregex_iterator found(text.begin(), text.end(), call), end; found != end; ++found) {
      files[(*found)[1]].push_back(path);
    }
  });
  std::vector<NamedFailpoint> failpoints;
  for (auto& [name, paths] : files) failpoints.push_back({name, std::move(paths)});
  return failpoints;
}

}  // namespace

const std::vector<NamedFailpoint>& AllFailpoints() {
  static const auto& failpoints = *new std::vector<NamedFailpoint>(Find());
  return failpoints;
}

bool IsKilledInATest(const std::string& name) {
  bool found = false;
  ForEachSource({"common", "services", "tests"}, [&](const std::string& path, const std::string& text) {
    found |= absl::EndsWith(path, "_test.cc") && absl::StrContains(text, "=kill") &&
             (absl::StrContains(text, "\"" + name + "\"") || absl::StrContains(text, "\"" + name + "=kill"));
  });
  return found;
}

}  // namespace tsunagu::faults
