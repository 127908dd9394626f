#ifndef TSUNAGU_TESTS_PROCESS_PLANTED_H_
#define TSUNAGU_TESTS_PROCESS_PLANTED_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/strings/string_view.h"

namespace tsunagu::process {

// Artificial names, each of four rare characters, and a search for them in files.
class PlantedNames {
 public:
  explicit PlantedNames(int count);

  // All names are different. `kana(i)` is the reading of `name(i)`.
  const std::string& name(int i) const { return names_[i]; }
  const std::string& kana(int i) const { return kanas_[i]; }

  // Adds the names and readings that occur in `bytes`, as UTF-8, UTF-16 (both byte orders) or CP932: "UTF-8 at 4711".
  void Find(absl::string_view bytes, std::vector<std::string>& found) const;
  // As Find, for a file or for every file in and below a folder; each result begins with the path.
  std::vector<std::string> FindInFiles(const std::string& path) const;

 private:
  void Add(const char* encoding, const std::string& bytes);

  std::vector<std::string> names_, kanas_;
  std::unordered_map<uint64_t, const char*> by_beginning_;  // by the first eight bytes: the encoding
};

}  // namespace tsunagu::process

#endif  // TSUNAGU_TESTS_PROCESS_PLANTED_H_
