#include "services/registry/rules/suppression.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace tsunagu::registry::rules {
namespace {

using State = Figure::State;

// For each dimension, the number of nearest partners with which an exchange of a count is tried before the cheapest one
// is taken.
constexpr std::array<size_t, 3> kPartners = {24, 8, 8};
// The number of counts of a figure from which moves may start.
constexpr int kStarts = 16;

// The number of steps of one search for a move that is not an exchange, and of all such searches: a publication blocks
// other writers meanwhile.
constexpr int kTries = 2000, kAllTries = 100'000;

// A move increases some counts and decreases others.
struct Move {
  std::vector<std::pair<int, int>> counts;  // the change of each count
  int64_t change = 0;                       // change of the figure that must move
  int64_t loss = 0;                         // the cost of the figures that must be withheld for it
  int64_t most = 0;                         // how often it can be made before a count becomes negative
};

class Search {
 public:
  Search(const std::vector<Count>& counts, const std::vector<Figure>& figures)
      : counts_(counts), figures_(figures), uses_(counts.size()), values_(figures.size()), net_(figures.size()) {
    std::vector<int> order(figures.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return figures[a].terms.size() < figures[b].terms.size(); });
    for (const int figure : order) {
      for (const auto& [count, factor] : figures[figure].terms) {
        uses_[count].push_back({figure, factor});
        values_[figure] += factor * counts[count].value;
      }
    }
    for (size_t i = 0; i < counts.size(); ++i) at_[counts[i].cell].push_back(static_cast<int>(i));
    for (const Figure& figure : figures) withheld_.push_back(figure.state == State::kWithheld);
    low_ = high_ = values_;
  }

  // Finds another possible value of a withheld figure, and withholds what that requires.
  void Protect(int figure) {
    const int64_t value = values_[figure], reach = figures_[figure].reach;
    if (reach > 0) {
      if (high_[figure] < reach) Go(figure, 1, reach);
      if (value > 0 && low_[figure] >= value) Go(figure, -1, value - 1);
    } else if (low_[figure] == high_[figure] && !Go(figure, 1, value + 1)) {
      Go(figure, -1, value - 1);
    }
  }

  bool IsSafe(int figure) const {
    const int64_t value = values_[figure], reach = figures_[figure].reach;
    if (low_[figure] == high_[figure]) return false;
    return reach == 0 || (high_[figure] >= reach && (value == 0 || low_[figure] < value));
  }
  const std::vector<bool>& withheld() const { return withheld_; }

 private:
  struct Use {
    int figure;
    int factor;
  };

  // Moves from the actual counts until `figure` has reached `goal`. Every intermediate state is another possible set of
  // counts.
  bool Go(int figure, int direction, int64_t goal) {
    point_.clear();
    std::vector<int64_t> values = values_;
    while ((goal - values[figure]) * direction > 0) {
      std::optional<Move> move = Cheapest(figure, direction);
      if (!move) move = Balance(figure, direction);
      if (!move) return false;
      const int64_t missing = (goal - values[figure]) * direction, step = move->change * direction;
      Make(*move, std::min(move->most, (missing + step - 1) / step), values);
    }
    return true;
  }

  void Make(const Move& move, int64_t times, std::vector<int64_t>& values) {
    for (const auto& [count, by] : move.counts)
      point_.insert({count, counts_[count].value}).first->second += by * times;
    for (const int figure : Net(move.counts)) {
      if (net_[figure] == 0) continue;
      values[figure] += net_[figure] * times;
      low_[figure] = std::min(low_[figure], values[figure]);
      high_[figure] = std::max(high_[figure], values[figure]);
      withheld_[figure] = true;
    }
    Forget();
  }

  std::optional<Move> Cheapest(int figure, int direction) {
    std::optional<Move> best;
    for (const auto& [count, factor] : StartsOf(figure)) {
      const Cell& cell = counts_[count].cell;
      const int sign = factor > 0 ? direction : -direction;
      const auto partners = PartnersOf(count, sign);
      for (const int body : partners[0]) {
        for (const int second : partners[1]) {
          for (const int third : partners[2]) {
            Consider(figure, direction, cell, {body, second, third}, sign, best);
          }
        }
      }
    }
    return best;
  }

  // Returns the counts with which a move of a figure may start: first the counts that can move in both directions.
  std::vector<Figure::Term> StartsOf(int figure) const {
    std::vector<Figure::Term> starts = figures_[figure].terms;
    std::stable_partition(starts.begin(), starts.end(), [&](const auto& term) { return At(term.count) > 0; });
    if (starts.size() > kStarts) starts.resize(kStarts);
    return starts;
  }

  // Returns, for each dimension, the count's own coordinate, for a move that does not use the dimension, and the
  // nearest other coordinates, which must have something to give if the count increases.
  std::array<std::vector<int>, 3> PartnersOf(int count, int sign) {
    const Cell& cell = counts_[count].cell;
    std::array<std::vector<int>, 3> partners;
    for (int way = 0; way < 3; ++way) partners[way].push_back(cell[way]);
    for (const Use& use : uses_[count]) {
      for (const auto& [other, unused] : figures_[use.figure].terms) {
        const Cell& there = counts_[other].cell;
        const auto [here, differs] = std::mismatch(cell.begin(), cell.end(), there.begin());
        if (here == cell.end() || !std::equal(here + 1, cell.end(), differs + 1)) continue;
        std::vector<int>& found = partners[here - cell.begin()];
        if (found.size() > kPartners[here - cell.begin()] || (sign > 0 && At(other) == 0)) continue;
        if (std::find(found.begin(), found.end(), *differs) == found.end()) found.push_back(*differs);
      }
    }
    return partners;
  }

  // Tries the exchange between `cell` and `partner`: of the counts at the corners of the box between them, each moves
  // in the opposite direction to its neighbours. Includes the counts at a corner of every publication.
  void Consider(int figure, int direction, const Cell& cell, const Cell& partner, int sign, std::optional<Move>& best) {
    std::vector<Cell> corners = {cell};
    std::vector<int> signs = {sign};
    for (int way = 0; way < 3; ++way) {
      if (partner[way] == cell[way]) continue;
      for (size_t i = 0, size = corners.size(); i < size; ++i) {
        corners.push_back(corners[i]);
        corners.back()[way] = partner[way];
        signs.push_back(-signs[i]);
      }
    }
    Move move;
    for (size_t i = 0; i < corners.size(); ++i) {
      const auto found = at_.find(corners[i]);
      if (found == at_.end()) return;
      for (const int count : found->second) move.counts.push_back({count, signs[i]});
    }
    if (!Complete(figure, direction, move)) return;
    if (!best || move.loss < best->loss || (move.loss == best->loss && move.most > best->most)) best = std::move(move);
  }

  // Computes the effects of a move; returns false if it is impossible: it changes a figure that is known (kTold), takes
  // more than there is, or does not move the figure in this direction.
  bool Complete(int figure, int direction, Move& move) {
    move.most = INT64_MAX;
    for (const auto& [count, by] : move.counts) {
      if (by < 0) move.most = std::min(move.most, At(count) / -by);
    }
    if (move.most == 0) return false;
    bool fits = true;
    for (const int touched : Net(move.counts)) {
      if (net_[touched] == 0) continue;
      fits = fits && figures_[touched].state != State::kTold;
      if (!withheld_[touched]) move.loss += std::max<int64_t>(values_[touched], 0) + 1;
    }
    move.change = net_[figure];
    Forget();
    return fits && move.change * direction > 0;
  }

  // Finds any move that changes no known figure (kTold): one count moves, then others one by one, each to compensate
  // for the smallest figure that has changed; the path with the least remaining change is followed first.
  std::optional<Move> Balance(int figure, int direction) {
    using Moved = std::map<int, int>;
    std::set<std::pair<int64_t, Moved>> open;
    std::set<Moved> seen;
    for (const auto& [count, factor] : StartsOf(figure)) {
      const int by = factor > 0 ? direction : -direction;
      if (At(count) + by >= 0) open.emplace(0, Moved{{count, by}});
    }
    for (int tries = 0; tries < kTries && tries_left_ > 0 && !open.empty(); ++tries, --tries_left_) {
      const Moved moved = open.extract(open.begin()).value().second;
      Move move{{moved.begin(), moved.end()}};
      int upset = -1;
      for (const int touched : Net(move.counts)) {
        if (net_[touched] == 0 || figures_[touched].state != State::kTold) continue;
        if (upset < 0 || figures_[touched].terms.size() < figures_[upset].terms.size()) upset = touched;
      }
      const int sign = upset < 0 || net_[upset] < 0 ? 1 : -1;
      Forget();
      if (upset < 0) {
        if (Complete(figure, direction, move)) return move;
        continue;
      }
      for (const auto& [count, factor] : figures_[upset].terms) {
        Moved next = moved;
        const int by = next[count] += factor > 0 ? sign : -sign;
        if (At(count) + by < 0) continue;
        if (by == 0) next.erase(count);
        if (!seen.insert(next).second) continue;
        open.emplace(UpsetBy({next.begin(), next.end()}) + static_cast<int64_t>(next.size()), std::move(next));
      }
    }
    return std::nullopt;
  }

  // Returns the total change of known figures (kTold).
  int64_t UpsetBy(const std::vector<std::pair<int, int>>& counts) {
    int64_t sum = 0;
    for (const int touched : Net(counts)) {
      if (figures_[touched].state == State::kTold) sum += std::abs(net_[touched]);
    }
    Forget();
    return sum;
  }

  // Returns the figures that a move affects; net_ has the change of each, until Forget.
  const std::vector<int>& Net(const std::vector<std::pair<int, int>>& counts) {
    for (const auto& [count, by] : counts) {
      for (const Use& use : uses_[count]) {
        touched_.push_back(use.figure);
        net_[use.figure] += by * use.factor;
      }
    }
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    return touched_;
  }
  void Forget() {
    for (const int figure : touched_) net_[figure] = 0;
    touched_.clear();
  }

  // Returns a count after the moves so far.
  int64_t At(int count) const {
    const auto moved = point_.find(count);
    return moved == point_.end() ? counts_[count].value : moved->second;
  }

  const std::vector<Count>& counts_;
  const std::vector<Figure>& figures_;
  std::map<Cell, std::vector<int>> at_;
  std::vector<std::vector<Use>> uses_;        // by count, the smallest figures first
  std::vector<int64_t> values_, low_, high_;  // by figure: its value, and the range of values found
  std::vector<bool> withheld_;
  std::map<int, int64_t> point_;
  std::vector<int64_t> net_;
  std::vector<int> touched_;
  int tries_left_ = kAllTries;
};

}  // namespace

Suppression Suppress(const std::vector<Count>& counts, const std::vector<Figure>& figures) {
  Search search(counts, figures);
  for (size_t i = 0; i < figures.size(); ++i) {
    if (figures[i].state == State::kWithheld) search.Protect(static_cast<int>(i));
  }
  Suppression done;
  done.withheld = search.withheld();
  for (size_t i = 0; i < figures.size(); ++i) {
    if (done.withheld[i] && !search.IsSafe(static_cast<int>(i))) done.determined.push_back(static_cast<int>(i));
  }
  return done;
}

}  // namespace tsunagu::registry::rules
