#ifndef TSUNAGU_TESTS_PROCESS_PLANTED_H_
#define TSUNAGU_TESTS_PROCESS_PLANTED_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/strings/string_view.h"

namespace tsunagu::process {

// Names that nobody bears, each four rare characters in a row, and where they turn up.
class PlantedNames {
 public:
  explicit PlantedNames(int count);

  // Each another one. `kana(i)` is the reading that goes with `name(i)`.
  const std::string& name(int i) const { return names_[i]; }
  const std::string& kana(int i) const { return kanas_[i]; }

  // Adds the names and readings that stand in `bytes`, as UTF-8, UTF-16 (both orders) or CP932: "UTF-8 at 4711".
  void Find(absl::string_view bytes, std::vector<std::string>& found) const;
  // The same for every file in and below a folder or file, each with its path in front.
  std::vector<std::string> FindInFiles(const std::string& path) const;

 private:
  void Add(const char* encoding, const std::string& bytes);

  std::vector<std::string> names_, kanas_;
  std::unordered_map<uint64_t, const char*> by_beginning_;  // the first eight bytes; encoding
};

}  // namespace tsunagu::process

#endif  // TSUNAGU_TESTS_PROCESS_PLANTED_H_
