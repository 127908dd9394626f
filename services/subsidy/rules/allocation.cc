#include "services/subsidy/rules/allocation.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "services/subsidy/rules/rational.h"

namespace tsunagu::subsidy::rules {
namespace {

using v1::Allocation;
using v1::ProposeAllocationRequest;
using Wide = __int128;

std::string Text(int64_t yen) { return Rational(yen).ToText(); }

void Say(Allocation::Line& line, const std::string& ja, const std::string& en) {
  line.set_ja(ja);
  line.set_en(en);
}

void ByPriority(const std::vector<Wish>& wishes, int64_t units, int64_t unit, std::vector<Allocation::Line>& lines) {
  std::vector<size_t> order(wishes.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return wishes[a].priority != wishes[b].priority ? wishes[a].priority < wishes[b].priority
                                                    : wishes[a].name < wishes[b].name;
  });
  for (const size_t i : order) {
    const int64_t given = std::min(units, wishes[i].yen / unit);
    const std::string left = Text(units * unit);
    lines[i].set_yen(given * unit);
    Say(lines[i], absl::StrCat("優先順位", wishes[i].priority, "、残り", left, "円"),
        absl::StrCat("priority ", wishes[i].priority, ", ", left, " yen left"));
    units -= given;
  }
}

// Shares by weight. A wish whose share would exceed it gets the whole wish, and the others share the rest, until no
// share exceeds its wish. Then each share is rounded down to whole units, and the remaining units go one by one to the
// largest remainders.
class ByWeight {
 public:
  ByWeight(const std::vector<Wish>& wishes, std::vector<int64_t> weights, int64_t units, int64_t unit)
      : wishes_(wishes), weights_(std::move(weights)), left_(units), unit_(unit), open_(wishes.size()) {
    std::iota(open_.begin(), open_.end(), 0);
  }

  void Share(std::vector<Allocation::Line>& lines) {
    while (FillThoseWhoAskForLess(lines)) {
    }
    const int64_t units = left_, weight = Weight();
    if (weight == 0) return;
    std::sort(open_.begin(), open_.end(), [&](size_t a, size_t b) {
      const int64_t first = Rest(a, units, weight), second = Rest(b, units, weight);
      return first != second ? first > second : wishes_[a].name < wishes_[b].name;
    });
    for (const size_t i : open_) left_ -= static_cast<int64_t>(Wide(units) * weights_[i] / weight);
    for (const size_t i : open_) {
      const int64_t whole = static_cast<int64_t>(Wide(units) * weights_[i] / weight);
      const bool gets_one = left_ > 0;
      if (gets_one) --left_;
      lines[i].set_yen((whole + (gets_one ? 1 : 0)) * unit_);
      const std::string share = absl::StrCat(Text(units * unit_), " × ", Text(weights_[i]), " / ", Text(weight));
      Say(lines[i], absl::StrCat(share, gets_one ? "、端数を切上げ（最大剰余）" : "、端数を切捨て"),
          absl::StrCat(share, gets_one ? ", up: among the largest rests" : ", down"));
    }
  }

 private:
  int64_t Weight() const {
    int64_t sum = 0;
    for (const size_t i : open_) sum += weights_[i];
    return sum;
  }
  int64_t Rest(size_t i, int64_t units, int64_t weight) const {
    return static_cast<int64_t>(Wide(units) * weights_[i] % weight);
  }
  bool FillThoseWhoAskForLess(std::vector<Allocation::Line>& lines) {
    const int64_t units = left_, weight = Weight();
    const auto asks_for_less = [&](size_t i) {
      return weights_[i] == 0 || Wide(wishes_[i].yen / unit_) * weight <= Wide(units) * weights_[i];
    };
    const auto first = std::stable_partition(open_.begin(), open_.end(), [&](size_t i) { return !asks_for_less(i); });
    if (first == open_.end()) return false;
    for (auto i = first; i != open_.end(); ++i) {
      const int64_t given = weights_[*i] == 0 ? 0 : wishes_[*i].yen / unit_;
      lines[*i].set_yen(given * unit_);
      Say(lines[*i], "希望額の全額", "all that was asked for");
      if (weights_[*i] == 0) Say(lines[*i], "重みが0", "its weight is 0");
      left_ -= given;
    }
    open_.erase(first, open_.end());
    return true;
  }

  const std::vector<Wish>& wishes_;
  const std::vector<int64_t> weights_;
  int64_t left_;  // units
  const int64_t unit_;
  std::vector<size_t> open_;
};

}  // namespace

std::vector<Allocation::Line> Allocate(const std::vector<Wish>& wishes, int64_t budget, int64_t unit,
                                       ProposeAllocationRequest::Method method) {
  std::vector<Allocation::Line> lines(wishes.size());
  for (size_t i = 0; i < wishes.size(); ++i) {
    lines[i].set_application(wishes[i].name);
    lines[i].set_wanted_yen(wishes[i].yen);
  }
  const int64_t units = budget / unit;
  if (method == ProposeAllocationRequest::METHOD_PRIORITY) {
    ByPriority(wishes, units, unit, lines);
    return lines;
  }
  std::vector<int64_t> weights;
  for (const Wish& wish : wishes) {
    weights.push_back(method == ProposeAllocationRequest::METHOD_EQUAL_PER_CHILD ? wish.weight : wish.yen);
  }
  ByWeight(wishes, std::move(weights), units, unit).Share(lines);
  return lines;
}

}  // namespace tsunagu::subsidy::rules
