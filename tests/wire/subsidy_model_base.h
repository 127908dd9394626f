#ifndef TSUNAGU_TESTS_WIRE_SUBSIDY_MODEL_BASE_H_
#define TSUNAGU_TESTS_WIRE_SUBSIDY_MODEL_BASE_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/faults/subsidy_books.h"
#include "tests/wire/activities_test_base.h"
#include "tests/wire/eight_writers.h"

namespace tsunagu::wire {

// Eight officers at once, each of whom does one random act after another.
template <typename Base>
class RandomActs : public Base {
 protected:
  // Does one random act, the `nth` of all; returns its answer: "OK", "override FAILED_PRECONDITION …".
  virtual std::string Act(std::mt19937_64& random, size_t nth) = 0;

  std::vector<std::string> Faults() {
    return faults::FaultsOfSubsidyBooks(
        [&](const std::string& method, const google::protobuf::Message& request, google::protobuf::Message& response) {
          return this->server().admin().CallUntyped("subsidy.v1." + method, request, response);
        });
  }

  // Returns one of at most eight names. The window moves as acts are done, so that there is always something to do.
  const std::string& Any(std::mt19937_64& random, const std::vector<std::string>& names) const {
    const size_t window = std::min<size_t>(8, names.size());
    const size_t first = std::min<size_t>(acts_ * names.size() / most_acts_, names.size() - window);
    return names[first + random() % window];
  }
  // Returns 1,000 to 200,000.
  static std::string AnyYen(std::mt19937_64& random) { return absl::StrCat(1000 * (1 + random() % 200)); }

  void PlanActs(int of_each) {
    most_acts_ = static_cast<size_t>(of_each) * 8;
    acts_ = 0;
  }
  // Returns the answers that eight officers get, with their numbers; each does `acts` acts.
  std::map<std::string, int> Run(uint64_t seed, int acts) {
    PlanActs(acts);
    std::array<std::map<std::string, int>, 8> told;
    EightAtOnce([&](int writer) {
      std::mt19937_64 random(seed + writer);
      for (int i = 0; i < acts; ++i) ++told[writer][Act(random, acts_++)];
      return "";
    });
    std::map<std::string, int> all;
    for (const auto& one : told) {
      for (const auto& [said, times] : one) all[said] += times;
    }
    for (const auto& [said, times] : all) {
      const std::string plain = absl::ascii_islower(said[0]) ? said.substr(said.find(' ') + 1) : said;
      EXPECT_TRUE(plain == "OK" || absl::StartsWith(plain, "FAILED_PRECONDITION") ||
                  absl::StartsWith(plain, "INVALID_ARGUMENT") || absl::StartsWith(plain, "ALREADY_EXISTS") ||
                  plain == "ABORTED ETAG_MISMATCH")
          << said << " " << times << " times";
      if (std::getenv("TSUNAGU_TOLD") != nullptr) std::printf("%5d %s\n", times, said.c_str());
    }
    return all;
  }

  size_t most_acts_ = 1;  // of all officers together

 private:
  std::atomic<size_t> acts_{0};
};

using SubsidyModelBase = RandomActs<SubsidyTest>;
using UsageModelBase = RandomActs<ActivitiesTest>;

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_SUBSIDY_MODEL_BASE_H_
