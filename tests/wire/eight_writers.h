#ifndef TSUNAGU_TESTS_WIRE_EIGHT_WRITERS_H_
#define TSUNAGU_TESTS_WIRE_EIGHT_WRITERS_H_

#include <functional>
#include <latch>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {

// Lets eight writers begin at once. Returns each answer ("OK", or as in Said) with the number of writers who got it.
// Every resource with a rule over several rows has a test of this kind, for each method that writes it: see
// eight_writers_test.cc.
inline std::map<std::string, int> EightAtOnce(const std::function<std::string(int writer)>& write) {
  constexpr int kWriters = 8;
  std::latch begin(kWriters);
  std::vector<std::string> told(kWriters);
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < kWriters; ++i) {
      writers.emplace_back([&, i] {
        begin.arrive_and_wait();
        told[i] = write(i);
      });
    }
  }
  std::map<std::string, int> counts;
  for (const std::string& one : told) ++counts[one];
  return counts;
}

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_EIGHT_WRITERS_H_
