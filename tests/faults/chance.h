#ifndef TSUNAGU_TESTS_FAULTS_CHANCE_H_
#define TSUNAGU_TESTS_FAULTS_CHANCE_H_

#include <cstdint>
#include <cstdlib>
#include <random>

#include "absl/strings/numbers.h"

namespace tsunagu::faults {

// Returns a number from the environment, which ./test --soak sets, or a person who repeats a run.
inline uint64_t Given(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  uint64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number : otherwise;
}

// TSUNAGU_SEED repeats the random choices of a run, but not its timing. Tests print the seed with their findings.
inline uint64_t Seed() {
  static const uint64_t seed = Given("TSUNAGU_SEED", std::random_device{}());
  return seed;
}

// Returns how often a test kills the process: TSUNAGU_KILLS.
inline int Kills() { return static_cast<int>(Given("TSUNAGU_KILLS", 20)); }

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_CHANCE_H_
