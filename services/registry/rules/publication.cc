#include "services/registry/rules/publication.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "services/registry/rules/suppression.h"

namespace tsunagu::registry::rules {
namespace {

using State = Figure::State;
using Terms = std::vector<Figure::Term>;
// The cells of the counts of a figure, regardless of the values.
using Outline = std::vector<std::pair<Cell, int>>;

// All figures of a day as one system of equations.
class Day {
 public:
  // Returns the figure of the system for a figure of a ledger.
  int Find(const PublicationLedger& ledger, const PublicationLedger::Figure& figure) {
    std::map<int, int> factors;
    for (const int count : figure.counts()) ++factors[CountOf(ledger.counts(count))];
    for (const int count : figure.less()) --factors[CountOf(ledger.counts(count))];
    Terms terms;
    for (const auto& [count, factor] : factors) {
      if (factor != 0) terms.push_back({count, factor});
    }
    const auto [found, is_new] = index_.emplace(terms, figures_.size());
    if (is_new) figures_.push_back({std::move(terms)});
    return static_cast<int>(found->second);
  }
  Figure& figure(int index) { return figures_[index]; }
  const std::vector<Figure>& figures() const { return figures_; }
  const std::vector<Count>& counts() const { return counts_; }

  Outline OutlineOf(int figure) const {
    Outline outline;
    for (const auto& [count, factor] : figures_[figure].terms) outline.emplace_back(counts_[count].cell, factor);
    std::sort(outline.begin(), outline.end());
    return outline;
  }
  int64_t ValueOf(int figure) const {
    int64_t value = 0;
    for (const auto& [count, factor] : figures_[figure].terms) value += factor * counts_[count].value;
    return value;
  }

 private:
  int CountOf(const PublicationLedger::Count& count) {
    const Cell cell = {Number(count.body()), Number(count.what()), Number(count.part())};
    const auto [found, is_new] = known_.emplace(std::pair(cell, count.value()), counts_.size());
    if (is_new) counts_.push_back({cell, count.value()});
    return static_cast<int>(found->second);
  }
  int Number(const std::string& name) { return names_.emplace(name, static_cast<int>(names_.size())).first->second; }

  std::map<std::string, int> names_;
  std::map<std::pair<Cell, int64_t>, size_t> known_;
  std::vector<Count> counts_;
  std::map<Terms, size_t> index_;
  std::vector<Figure> figures_;
};

}  // namespace

Judgement Judge(const std::vector<PublicationLedger>& earlier, const SmallFigures& small, PublicationLedger& draft) {
  Day day;
  std::set<Outline> withheld;
  for (const PublicationLedger& ledger : earlier) {
    for (const PublicationLedger::Figure& figure : ledger.figures()) {
      const int found = day.Find(ledger, figure);
      Figure& known = day.figure(found);
      known.state = figure.withheld() ? State::kWithheld : State::kTold;
      known.reach = std::max(known.reach, figure.reach());
      if (figure.withheld()) withheld.insert(day.OutlineOf(found));
    }
  }
  Judgement judgement;
  std::vector<int> drafted;
  for (const PublicationLedger::Figure& one : draft.figures()) {
    drafted.push_back(day.Find(draft, one));
    Figure& figure = day.figure(drafted.back());
    const int64_t value = day.ValueOf(drafted.back());
    const bool is_identity = one.less_size() > 0;
    const bool is_small = !is_identity && value < small.least && (value > 0 || small.zero_too);
    if (is_identity) {
      figure.state = State::kTold;
    } else if (figure.state == State::kTold) {
      judgement.told_already += is_small ? 1 : 0;
    } else if (is_small || withheld.count(day.OutlineOf(drafted.back())) > 0) {
      figure.state = State::kWithheld;
      if (is_small) figure.reach = std::max(figure.reach, small.least);
    }
  }
  const Suppression suppression = Suppress(day.counts(), day.figures());
  judgement.determined = static_cast<int>(suppression.determined.size());
  for (int i = 0; i < draft.figures_size(); ++i) {
    draft.mutable_figures(i)->set_withheld(suppression.withheld[drafted[i]]);
    draft.mutable_figures(i)->set_reach(day.figure(drafted[i]).reach);
  }
  return judgement;
}

int64_t ValueOf(const PublicationLedger& ledger, int figure) {
  int64_t value = 0;
  for (const int count : ledger.figures(figure).counts()) value += ledger.counts(count).value();
  for (const int count : ledger.figures(figure).less()) value -= ledger.counts(count).value();
  return value;
}

}  // namespace tsunagu::registry::rules
