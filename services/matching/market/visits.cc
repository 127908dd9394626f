#include "services/matching/market/visits.h"

#include <algorithm>
#include <utility>

#include "services/matching/market/capped_posts.h"
#include "services/matching/market/deferred_acceptance.h"

namespace tsunagu::matching::market {
namespace {

// Each visit is a nurse with a lot of its own for Seats, so that one supply may have many openings: the visits of the
// supply that was drawn first come first, in the order of its list.
class Proposing {
 public:
  // Keeps references to both, which must outlive this object.
  Proposing(const VisitMarket& market, const Caps& caps)
      : market_(market),
        seats_(static_cast<int32_t>(market.visits.size()), market.posts, caps),
        left_(market.limits),
        lot_of_first_(market.limits.size()),
        visit_of_lot_(market.visits.size()),
        supply_of_(market.visits.size()) {
    DrawLots();
    QueueBySlot();
  }

  std::vector<bool> Run() && {
    std::vector<int32_t> waiting, next;
    for (int32_t supply = 0; supply < market_.supply_count(); ++supply) Propose(supply, next);
    while (!next.empty()) {
      std::swap(waiting, next);
      next.clear();
      for (const int32_t supply : waiting) Propose(supply, next);
    }
    const Solution solution = seats_.Result();
    std::vector<bool> made(market_.visits.size());
    for (size_t lot = 0; lot < made.size(); ++lot) made[visit_of_lot_[lot]] = solution.assigned[lot] >= 0;
    return made;
  }

 private:
  void DrawLots() {
    std::vector<int32_t> supply_of_lot(market_.limits.size());
    for (int32_t supply = 0; supply < market_.supply_count(); ++supply) supply_of_lot[market_.lots[supply]] = supply;
    uint32_t lot = 0;
    for (const int32_t supply : supply_of_lot) {
      lot_of_first_[supply] = lot;
      for (size_t visit = market_.begin[supply]; visit < market_.begin[supply + 1]; ++visit) {
        supply_of_[visit] = supply;
        visit_of_lot_[lot++] = static_cast<int32_t>(visit);
      }
    }
  }

  // Queues the visits of each half-day of a supply, in the order of its list.
  void QueueBySlot() {
    queue_.resize(market_.visits.size());
    ends_.resize(market_.limits.size());
    heads_.resize(market_.limits.size());
    for (int32_t supply = 0; supply < market_.supply_count(); ++supply) {
      std::array<uint32_t, kSlots> count{};
      for (size_t i = market_.begin[supply]; i < market_.begin[supply + 1]; ++i) ++count[SlotOf(i)];
      auto at = static_cast<uint32_t>(market_.begin[supply]);
      for (int32_t slot = 0; slot < kSlots; ++slot) {
        heads_[supply][slot] = at;
        ends_[supply][slot] = at;
        at += count[slot];
      }
      for (size_t i = market_.begin[supply]; i < market_.begin[supply + 1]; ++i) {
        queue_[ends_[supply][SlotOf(i)]++] = static_cast<uint32_t>(i);
      }
    }
  }

  int32_t SlotOf(size_t visit) const { return market_.slots[market_.visits[visit].opening]; }

  // Returns the first visit that it has not proposed and has room for. With nested limits, that is what it would choose
  // in addition to what it has, whatever was sent away before. -1: nothing.
  int64_t Next(int32_t supply) {
    const VisitLimits& left = left_[supply];
    if (left.all <= 0) return -1;
    int32_t best = -1;
    for (int32_t slot = 0; slot < kSlots; ++slot) {
      if (heads_[supply][slot] == ends_[supply][slot] || left.at_once[slot] <= 0) continue;
      if (left.weekly[slot / kSlotsOfWeek] <= 0) continue;
      if (best < 0 || queue_[heads_[supply][slot]] < queue_[heads_[supply][best]]) best = slot;
    }
    return best < 0 ? -1 : static_cast<int64_t>(queue_[heads_[supply][best]++]);
  }

  void Use(size_t visit, int32_t change) {
    VisitLimits& left = left_[supply_of_[visit]];
    const int32_t slot = SlotOf(visit);
    left.at_once[slot] -= change;
    left.weekly[slot / kSlotsOfWeek] -= change;
    left.all -= change;
  }

  void Propose(int32_t supply, std::vector<int32_t>& next) {
    for (int64_t found = Next(supply); found >= 0; found = Next(supply)) {
      const auto at = static_cast<size_t>(found);
      const Visit& visit = market_.visits[at];
      const uint32_t lot = lot_of_first_[supply] + static_cast<uint32_t>(at - market_.begin[supply]);
      const uint64_t key = uint64_t{visit.merit} << 32 | lot;
      const uint64_t sent_away = seats_.Propose(visit.opening, key);
      if (sent_away == key) continue;
      Use(at, 1);
      if (sent_away == kNobody) continue;
      const auto gone = static_cast<size_t>(visit_of_lot_[NurseOf(sent_away)]);
      Use(gone, -1);
      next.push_back(supply_of_[gone]);
    }
  }

  const VisitMarket& market_;
  CappedPosts seats_;
  std::vector<VisitLimits> left_;       // by supply: what it can still do in addition
  std::vector<uint32_t> lot_of_first_;  // by supply: the lot of its first visit
  std::vector<int32_t> visit_of_lot_;
  std::vector<int32_t> supply_of_;  // by visit
  std::vector<uint32_t> queue_;     // visits by supply, half-day and opening in its list
  std::vector<std::array<uint32_t, kSlots>> heads_,
      ends_;  // by supply and half-day: the part of the queue that is not proposed yet
};

}  // namespace

std::vector<bool> Solve(const VisitMarket& market, const Caps& caps) {
  if (market.visits.empty()) return {};
  Caps around = caps;
  if (around.set_of_opening.empty()) around.set_of_opening.assign(market.posts.size(), -1);
  return Proposing(market, around).Run();
}

}  // namespace tsunagu::matching::market
