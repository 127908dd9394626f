#include "services/matching/rounds/fairness.h"

namespace tsunagu::matching {

void Got::Add(int64_t choice, int64_t metres, int64_t count) {
  count_ += count;
  first_ += choice == 1 ? count : 0;
  third_ += choice <= 3 ? count : 0;
  choices_ += choice * count;
  metres_ += metres * count;
  kilometres_[(metres + 999) / 1000] += count;
}

std::optional<int64_t> Got::NineInTen(int64_t least) const {
  int64_t nearer = 0;
  for (const auto& [way, count] : kilometres_) {
    if (10 * (nearer + count) < 9 * count_) {
      nearer += count;
      continue;
    }
    if (count_ - nearer < least) return std::nullopt;
    return way;
  }
  return std::nullopt;
}

std::optional<int64_t> Got::Longest(int64_t least) const {
  int64_t as_far = 0;
  for (auto way = kilometres_.rbegin(); way != kilometres_.rend(); ++way) {
    as_far += way->second;
    if (as_far >= least) return way->first;
  }
  return std::nullopt;
}

void Fills::Add(const std::string& area, const Fill& fill) {
  for (Fill* sum : {&all_, area.empty() ? nullptr : &by_area_[area]}) {
    if (sum == nullptr) continue;
    sum->offered += fill.offered;
    sum->filled += fill.filled;
    sum->weight += fill.weight;
  }
}

}  // namespace tsunagu::matching
