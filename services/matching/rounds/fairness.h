#ifndef TSUNAGU_SERVICES_MATCHING_FAIRNESS_H_
#define TSUNAGU_SERVICES_MATCHING_FAIRNESS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "common/service/report_run.h"

namespace tsunagu::matching {

// Which of their choices participants got, and how far away it is.
class Got {
 public:
  // So many of this choice, 1 the first.
  void Add(int64_t choice, int64_t metres, int64_t count = 1);

  int64_t count() const { return count_; }
  int64_t first() const { return first_; }
  int64_t third() const { return third_; }      // one of the first three
  int64_t choices() const { return choices_; }  // their sum
  int64_t metres() const { return metres_; }    // their sum
  // Kilometres, rounded up, within which nine in ten lie. None where fewer than `least` go as far: they would be known
  // by it.
  std::optional<int64_t> NineInTen(int64_t least) const;
  // The most kilometres, rounded up, that at least `least` go, or further. None of fewer.
  std::optional<int64_t> Longest(int64_t least) const;

 private:
  int64_t count_ = 0, first_ = 0, third_ = 0, choices_ = 0, metres_ = 0;
  std::map<int64_t, int64_t> kilometres_;  // how many go so far
};

// Under which measures of its contract a report tells that.
template <typename Measure>
struct GotMeasures {
  Measure first_share, third_share, choice_mean, way_mean, way_p90, way_longest;
};

// Adds it. `least`: those go as far as a way that is told.
template <typename Population, typename Measure>
void AddGot(ReportRun& run, Population population, const GotMeasures<Measure>& measures, const Got& got,
            int64_t least) {
  run.Add(population, measures.first_share, {got.first(), got.count()});
  run.Add(population, measures.third_share, {got.third(), got.count()});
  run.Add(population, measures.choice_mean, {got.choices(), got.count()});
  run.Add(population, measures.way_mean, {got.metres(), 1000 * got.count()});
  if (const auto way = got.NineInTen(least)) run.Add(population, measures.way_p90, {*way});
  if (const auto way = got.Longest(least)) run.Add(population, measures.way_longest, {*way});
}

// How much of what an area offers is filled.
struct Fill {
  int64_t offered = 0, filled = 0, weight = 0;
};
class Fills {
 public:
  // `area` may be empty: it counts in all together alone.
  void Add(const std::string& area, const Fill& fill);

  const Fill& all() const { return all_; }
  const std::map<std::string, Fill>& by_area() const { return by_area_; }

 private:
  Fill all_;
  std::map<std::string, Fill> by_area_;
};

// Under which measures of its contract a report tells that.
template <typename Measure>
struct FillMeasures {
  Measure number, filled, filled_share, filled_weight;
};

template <typename Measure>
void AddFill(ReportRun& run, const Slice& slice, const FillMeasures<Measure>& measures, const Fill& fill,
             bool has_weights) {
  run.Add(slice, measures.number, {fill.offered});
  run.Add(slice, measures.filled, {fill.filled});
  run.Add(slice, measures.filled_share, {fill.filled, fill.offered});
  if (has_weights) run.Add(slice, measures.filled_weight, {fill.weight});
}

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_FAIRNESS_H_
