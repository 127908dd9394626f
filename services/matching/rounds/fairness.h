#ifndef TSUNAGU_SERVICES_MATCHING_FAIRNESS_H_
#define TSUNAGU_SERVICES_MATCHING_FAIRNESS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "common/service/report_run.h"

namespace tsunagu::matching {

// Counts which of their choices participants got, and the distances to them.
class Got {
 public:
  // Adds `count` participants who got this choice; 1 is the first.
  void Add(int64_t choice, int64_t metres, int64_t count = 1);

  int64_t count() const { return count_; }
  int64_t first() const { return first_; }
  int64_t third() const { return third_; }      // those who got one of their first three choices
  int64_t choices() const { return choices_; }  // sum of choice numbers
  int64_t metres() const { return metres_; }    // sum of distances
  // Returns the distance in kilometres, rounded up, within which nine in ten participants are. Returns nothing if fewer
  // than `least` participants are that far away, since it would identify them.
  std::optional<int64_t> NineInTen(int64_t least) const;
  // Returns the largest distance in kilometres, rounded up, such that at least `least` participants are that far away
  // or farther. Returns nothing for fewer participants.
  std::optional<int64_t> Longest(int64_t least) const;

 private:
  int64_t count_ = 0, first_ = 0, third_ = 0, choices_ = 0, metres_ = 0;
  std::map<int64_t, int64_t> kilometres_;  // by distance: the number of participants
};

// The measures of the report's contract for a Got.
template <typename Measure>
struct GotMeasures {
  Measure first_share, third_share, choice_mean, way_mean, way_p90, way_longest;
};

// Adds the measures of `got`. A distance is reported only if at least `least` participants are that far away.
template <typename Population, typename Measure>
void AddGot(ReportRun& run, Population population, const GotMeasures<Measure>& measures, const Got& got,
            Counted mean_way, int64_t least) {
  run.Add(population, measures.first_share, {got.first(), got.count()});
  run.Add(population, measures.third_share, {got.third(), got.count()});
  run.Add(population, measures.choice_mean, {got.choices(), got.count()});
  run.Add(population, measures.way_mean, std::move(mean_way));
  if (const auto way = got.NineInTen(least)) run.Add(population, measures.way_p90, {*way});
  if (const auto way = got.Longest(least)) run.Add(population, measures.way_longest, {*way});
}

// How much of the offers of an area is filled.
struct Fill {
  int64_t offered = 0, filled = 0, weight = 0;
};
class Fills {
 public:
  // If `area` is empty, `fill` counts in the total only.
  void Add(const std::string& area, const Fill& fill);

  const Fill& all() const { return all_; }
  const std::map<std::string, Fill>& by_area() const { return by_area_; }

 private:
  Fill all_;
  std::map<std::string, Fill> by_area_;
};

// The measures of the report's contract for a Fill.
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
