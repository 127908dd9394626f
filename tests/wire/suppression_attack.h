#ifndef TSUNAGU_TESTS_WIRE_SUPPRESSION_ATTACK_H_
#define TSUNAGU_TESTS_WIRE_SUPPRESSION_ATTACK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tsunagu::wire {

// Somebody who knows how figures add up, some of them, and that nothing is counted below 0 or in parts. She shares no
// code with what withholds figures: she solves the equations by the simplex method in exact fractions, and looks for
// whole numbers by branch and bound.
class Attacker {
 public:
  // What is counted in whole, by whatever name, and with which sign.
  using Sum = std::map<std::string, int>;

  Attacker();
  ~Attacker();

  // She reads that `sum` is `value`.
  void Learn(const Sum& sum, int64_t value);

  // Whether what she knows leaves it possible that `sum` is from `least` to `most`. Learns nothing more afterwards.
  bool ThinksPossible(const Sum& sum, int64_t least, int64_t most);
  // Whether she knows that `sum` is `value`, and no other number.
  bool WorksOut(const Sum& sum, int64_t value) {
    return !ThinksPossible(sum, value + 1, kMost) && !ThinksPossible(sum, 0, value - 1);
  }

  static constexpr int64_t kMost = 100'000;  // more there is not of everything together

 private:
  struct Equation {
    std::map<int, int> terms;  // variable, factor
    int64_t value;
  };
  class Tableau;

  int Variable(const std::string& name) { return names_.emplace(name, static_cast<int>(names_.size())).first->second; }
  std::map<int, int> TermsOf(const Sum& sum);
  bool IsPossible(const std::vector<Equation>& equations, int variables, int depth);

  std::map<std::string, int> names_;
  std::vector<Equation> equations_;
  std::unique_ptr<Tableau> tableau_;
  std::vector<std::vector<int64_t>> points_;  // whole numbers that fit, as far as she has come across them
};

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_SUPPRESSION_ATTACK_H_
