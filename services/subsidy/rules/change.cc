#include "services/subsidy/rules/change.h"

#include <algorithm>
#include <set>
#include <string>

namespace tsunagu::subsidy::rules {
namespace {

using v1::RuleSet;

// The amounts of one item before and after.
struct Pair {
  Rational before, after;
};

bool IsAtMost(const absl::optional<Rational>& a, const absl::optional<Rational>& b) {
  if (!a || !b) return false;
  const absl::optional<int> order = Compare(*a, *b);
  return order && *order <= 0;
}

absl::optional<Rational> Percent(const Rational& of, int percent) {
  const absl::optional<Rational> times = Multiply(of, Rational(percent));
  return times ? Divide(*times, Rational(100)) : absl::nullopt;
}

// Returns the increase; negative for a decrease.
absl::optional<Rational> Growth(const Pair& pair) { return Subtract(pair.after, pair.before); }
absl::optional<Rational> Shrinkage(const Pair& pair) { return Subtract(pair.before, pair.after); }

bool Grows(const Pair& pair) {
  const absl::optional<Rational> growth = Growth(pair);
  return growth && !growth->is_negative() && !growth->is_zero();
}

bool MovesWithin(const Pair& pair, int percent) {
  const absl::optional<Rational> limit = Percent(pair.before, percent);
  return IsAtMost(Growth(pair), limit) && IsAtMost(Shrinkage(pair), limit);
}

// Returns whether the shift from `giver` to `taker` is at most this percentage of each item's previous amount.
bool GivesWithin(const Pair& giver, const Pair& taker, int percent) {
  const absl::optional<Rational> gives = Shrinkage(giver), takes = Growth(taker);
  if (!gives || !takes) return false;
  const absl::optional<Rational>& moved = IsAtMost(gives, takes) ? gives : takes;
  return IsAtMost(moved, Percent(giver.before, percent)) && IsAtMost(moved, Percent(taker.before, percent));
}

}  // namespace

bool IsMinor(const RuleSet::MinorChange& rule, const Evaluation& decided, const Evaluation& changed) {
  std::map<std::string, Pair> pairs;
  const auto take = [&](const Evaluation& from, Rational Pair::*into) {
    for (const auto& [code, numbers] : from.items) {
      const auto found = numbers.find(rule.step());
      if (found != numbers.end()) pairs[code].*into = found->second;
    }
  };
  take(decided, &Pair::before);
  take(changed, &Pair::after);
  Pair whole;
  for (const auto& [code, pair] : pairs) {
    if (rule.base() != RuleSet::BASE_WHOLE && decided.items.count(code) == 0) return false;
    const absl::optional<Rational> before = Add(whole.before, pair.before), after = Add(whole.after, pair.after);
    if (!before || !after) return false;
    whole = {*before, *after};
  }
  switch (rule.base()) {
    case RuleSet::BASE_WHOLE:
      return MovesWithin(whole, rule.percent());
    case RuleSet::BASE_EACH_ITEM:
      return std::all_of(pairs.begin(), pairs.end(),
                         [&](const auto& one) { return MovesWithin(one.second, rule.percent()); });
    case RuleSet::BASE_SMALLER_ITEM:
      if (Grows(whole)) return false;
      for (const auto& [from, giver] : pairs) {
        for (const auto& [to, taker] : pairs) {
          const bool moves = Grows(taker) && Grows({giver.after, giver.before});
          if (moves && !GivesWithin(giver, taker, rule.percent())) return false;
        }
      }
      return true;
    default:
      return false;
  }
}

absl::optional<jp::CivilDay> ReportDueDay(const RuleSet::ReportDeadline& rule, jp::FiscalYear year,
                                          jp::CivilDay completed) {
  absl::optional<jp::CivilDay> due;
  if (rule.days() > 0) due = completed + rule.days() - (rule.first_day_counts() ? 1 : 0);
  if (rule.latest_month() > 0) {
    const bool is_in_next_year = rule.latest_month() <= 4;
    const absl::CivilMonth month((is_in_next_year ? year.last_day() : year.first_day()).year(), rule.latest_month());
    const jp::CivilDay last_of_month = jp::CivilDay(month + 1) - 1;
    const jp::CivilDay latest = std::min(jp::CivilDay(month) + std::max(rule.latest_day(), 1) - 1, last_of_month);
    due = due ? std::min(*due, latest) : latest;
  }
  return due;
}

}  // namespace tsunagu::subsidy::rules
