#include "tests/wire/suppression_attack.h"

#include <cstdlib>
#include <iostream>
#include <numeric>
#include <utility>

namespace tsunagu::wire {
namespace {

// An exact fraction. Ends the program if a number becomes too large: then the tables are too large.
class Fraction {
 public:
  Fraction(int64_t whole = 0) : over_(whole) {}

  friend Fraction operator+(Fraction a, Fraction b) {
    return {Wide(a.over_) * b.under_ + Wide(b.over_) * a.under_, Wide(a.under_) * b.under_};
  }
  friend Fraction operator-(Fraction a, Fraction b) {
    return {Wide(a.over_) * b.under_ - Wide(b.over_) * a.under_, Wide(a.under_) * b.under_};
  }
  friend Fraction operator*(Fraction a, Fraction b) { return {Wide(a.over_) * b.over_, Wide(a.under_) * b.under_}; }
  friend Fraction operator/(Fraction a, Fraction b) { return {Wide(a.over_) * b.under_, Wide(a.under_) * b.over_}; }
  friend bool operator==(Fraction a, Fraction b) { return a.over_ == b.over_ && a.under_ == b.under_; }
  friend bool operator<(Fraction a, Fraction b) { return Wide(a.over_) * b.under_ < Wide(b.over_) * a.under_; }
  friend bool operator>(Fraction a, Fraction b) { return b < a; }

  bool is_zero() const { return over_ == 0; }
  bool is_whole() const { return under_ == 1; }
  int64_t floor() const { return over_ >= 0 ? over_ / under_ : -((-over_ + under_ - 1) / under_); }

 private:
  using Wide = __int128;

  Fraction(Wide over, Wide under) {
    if (under < 0) {
      over = -over;
      under = -under;
    }
    if (under != 1) {
      Wide a = over < 0 ? -over : over, b = under;
      while (b != 0) a = std::exchange(b, a % b);
      over /= a;
      under /= a;
    }
    over_ = static_cast<int64_t>(over);
    under_ = static_cast<int64_t>(under);
    if (over_ == over && under_ == under) return;
    std::cerr << "a fraction runs over" << std::endl;
    std::abort();
  }

  int64_t over_ = 0, under_ = 1;
};

}  // namespace

// Equations in non-negative variables, solved for some of them (the basis).
class Attacker::Tableau {
 public:
  Tableau(const std::vector<Equation>& equations, int variables) : width_(variables) {
    for (const Equation& equation : equations) {
      std::vector<Fraction> row(variables + 1);
      for (const auto& [variable, factor] : equation.terms) row[variable] = factor;
      row[variables] = equation.value;
      rows_.push_back(std::move(row));
    }
    Eliminate();
    FindStart();
  }

  bool has_solution() const { return has_solution_; }

  // The greatest value of the sum.
  Fraction Maximize(const std::map<int, int>& sum) {
    std::vector<Fraction> target(width_ + 1);
    for (const auto& [variable, factor] : sum) target[variable] = factor;
    for (size_t i = 0; i < rows_.size(); ++i) Subtract(target, rows_[i], basis_[i]);
    while (Step(target)) {
    }
    return Fraction(0) - target[width_];
  }

  std::vector<Fraction> Solution() const {
    std::vector<Fraction> solution(width_);
    for (size_t i = 0; i < rows_.size(); ++i) solution[basis_[i]] = rows_[i][width_];
    return solution;
  }

 private:
  static void Subtract(std::vector<Fraction>& from, const std::vector<Fraction>& row, int variable) {
    const Fraction times = from[variable];
    if (times.is_zero()) return;
    for (size_t i = 0; i < row.size(); ++i) {
      if (!row[i].is_zero()) from[i] = from[i] - times * row[i];
    }
  }

  void Pivot(size_t row, int variable) {
    const Fraction by = rows_[row][variable];
    for (Fraction& one : rows_[row]) {
      if (!one.is_zero()) one = one / by;
    }
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (i != row) Subtract(rows_[i], rows_[row], variable);
    }
    basis_[row] = variable;
  }

  // Removes linearly dependent rows.
  void Eliminate() {
    basis_.assign(rows_.size(), -1);
    size_t done = 0;
    for (int variable = 0; variable < width_ && done < rows_.size(); ++variable) {
      size_t row = done;
      while (row < rows_.size() && rows_[row][variable].is_zero()) ++row;
      if (row == rows_.size()) continue;
      std::swap(rows_[row], rows_[done]);
      Pivot(done++, variable);
    }
    for (size_t row = done; row < rows_.size(); ++row) has_solution_ = has_solution_ && rows_[row][width_].is_zero();
    rows_.resize(done);
    basis_.resize(done);
  }

  // Makes all variables of the basis non-negative, by an auxiliary variable for negative values, which must then be
  // eliminated.
  void FindStart() {
    size_t worst = rows_.size();
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i][width_] < 0 && (worst == rows_.size() || rows_[i][width_] < rows_[worst][width_])) worst = i;
    }
    if (!has_solution_ || worst == rows_.size()) return;
    const int help = width_++;
    for (auto& row : rows_) row.insert(row.end() - 1, Fraction(-1));
    Pivot(worst, help);
    has_solution_ = Maximize({{help, -1}}).is_zero();
    for (size_t i = 0; has_solution_ && i < rows_.size(); ++i) {
      if (basis_[i] != help) continue;
      for (int variable = 0; variable < help; ++variable) {
        if (rows_[i][variable].is_zero()) continue;
        Pivot(i, variable);
        break;
      }
    }
    for (auto& row : rows_) row.erase(row.end() - 2);
    --width_;
  }

  // One step that increases the target, by Bland's rule, which does not cycle.
  bool Step(std::vector<Fraction>& target) {
    int enters = 0;
    while (enters < width_ && !(target[enters] > 0)) ++enters;
    if (enters == width_) return false;
    size_t leaves = rows_.size();
    Fraction least;
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (!(rows_[i][enters] > 0)) continue;
      const Fraction most = rows_[i][width_] / rows_[i][enters];
      if (leaves < rows_.size() && (least < most || (most == least && basis_[leaves] < basis_[i]))) continue;
      leaves = i;
      least = most;
    }
    if (leaves == rows_.size()) std::abort();  // everything together has a limit
    Pivot(leaves, enters);
    Subtract(target, rows_[leaves], enters);
    return true;
  }

  int width_;
  std::vector<std::vector<Fraction>> rows_;
  std::vector<int> basis_;
  bool has_solution_ = true;
};

Attacker::Attacker() = default;
Attacker::~Attacker() = default;

std::map<int, int> Attacker::TermsOf(const Sum& sum) {
  std::map<int, int> terms;
  for (const auto& [name, sign] : sum) terms[Variable(name)] = sign;
  return terms;
}

void Attacker::Learn(const Sum& sum, int64_t value) { equations_.push_back({TermsOf(sum), value}); }

bool Attacker::ThinksPossible(const Sum& sum, int64_t least, int64_t most) {
  std::map<int, int> terms = TermsOf(sum);
  const int variables = static_cast<int>(names_.size());
  if (tableau_ == nullptr || (!points_.empty() && points_[0].size() < names_.size())) {
    Equation all{{}, kMost};  // with what is left over
    for (int i = 0; i <= variables; ++i) all.terms[i] = 1;
    std::vector<Equation> equations = equations_;
    equations.push_back(std::move(all));
    tableau_ = std::make_unique<Tableau>(equations, variables + 1);
    points_.clear();
  }
  if (!tableau_->has_solution()) return false;
  const auto fits = [&](const std::vector<int64_t>& point) {
    int64_t value = 0;
    for (const auto& [variable, sign] : terms) value += sign * point[variable];
    return least <= value && value <= most;
  };
  for (const auto& point : points_) {
    if (fits(point)) return true;
  }
  const auto keep = [&](const std::vector<Fraction>& solution) {
    std::vector<int64_t> point;
    for (int i = 0; i < variables; ++i) {
      if (!solution[i].is_whole()) return;
      point.push_back(solution[i].floor());
    }
    points_.push_back(std::move(point));
  };
  if (tableau_->Maximize(terms) < least) return false;
  keep(tableau_->Solution());
  std::map<int, int> less;
  for (const auto& [variable, sign] : terms) less[variable] = -sign;
  if (Fraction(0) - tableau_->Maximize(less) > most) return false;
  keep(tableau_->Solution());
  for (const auto& point : points_) {
    if (fits(point)) return true;
  }
  std::vector<Equation> equations = equations_;
  Equation low{terms, least}, high{terms, most}, all{{}, kMost};
  for (int i = 0; i < variables; ++i) all.terms[i] = 1;
  int next = variables;
  low.terms[next++] = -1;
  high.terms[next++] = 1;
  all.terms[next++] = 1;
  for (const Equation& one : {low, high, all}) equations.push_back(one);
  return IsPossible(equations, next, 0);
}

// Searches whole numbers: if a variable has a fractional value, it must be at most the integer below or at least the
// one above.
bool Attacker::IsPossible(const std::vector<Equation>& equations, int variables, int depth) {
  if (depth > 60) std::abort();  // make the tables smaller
  Tableau tableau(equations, variables);
  if (!tableau.has_solution()) return false;
  const std::vector<Fraction> solution = tableau.Solution();
  int parted = 0;
  while (parted < variables && solution[parted].is_whole()) ++parted;
  if (parted == variables) return true;
  const int64_t floor = solution[parted].floor();
  for (const auto& [value, sign] : {std::pair<int64_t, int>(floor, 1), {floor + 1, -1}}) {
    std::vector<Equation> narrowed = equations;
    narrowed.push_back({{{parted, 1}, {variables, sign}}, value});
    if (IsPossible(narrowed, variables + 1, depth + 1)) return true;
  }
  return false;
}

}  // namespace tsunagu::wire
