#ifndef TSUNAGU_TESTS_WIRE_SUPPRESSION_ATTACK_H_
#define TSUNAGU_TESTS_WIRE_SUPPRESSION_ATTACK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tsunagu::wire {

// A reader who knows how figures add up, knows some of them, and knows that every count is a whole number and not below
// 0. Shares no code with the suppression: it solves the equations by the simplex method in exact fractions, and
// searches whole numbers by branch and bound.
class Attacker {
 public:
  // A sum of counts by name, each with its factor.
  using Sum = std::map<std::string, int>;

  Attacker();
  ~Attacker();

  // Records that `sum` is `value`.
  void Learn(const Sum& sum, int64_t value);

  // Returns whether `sum` can be from `least` to `most` by what it knows. Learn must not be called afterwards.
  bool ThinksPossible(const Sum& sum, int64_t least, int64_t most);
  // Returns whether it follows that `sum` is exactly `value`.
  bool WorksOut(const Sum& sum, int64_t value) {
    return !ThinksPossible(sum, value + 1, kMost) && !ThinksPossible(sum, 0, value - 1);
  }

  static constexpr int64_t kMost = 100'000;  // an upper limit for the sum of all counts

 private:
  struct Equation {
    std::map<int, int> terms;  // by variable: its factor
    int64_t value;
  };
  class Tableau;

  int Variable(const std::string& name) { return names_.emplace(name, static_cast<int>(names_.size())).first->second; }
  std::map<int, int> TermsOf(const Sum& sum);
  bool IsPossible(const std::vector<Equation>& equations, int variables, int depth);

  std::map<std::string, int> names_;
  std::vector<Equation> equations_;
  std::unique_ptr<Tableau> tableau_;
  std::vector<std::vector<int64_t>> points_;  // known solutions in whole numbers
};

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_SUPPRESSION_ATTACK_H_
