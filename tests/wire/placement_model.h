#ifndef TSUNAGU_TESTS_WIRE_PLACEMENT_MODEL_H_
#define TSUNAGU_TESTS_WIRE_PLACEMENT_MODEL_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"

namespace tsunagu::wire {

// An independent second implementation of the report of placements.
struct PlacementModel {
  struct Placed {
    std::string person, body;
    jp::CivilDay from, to;
    bool actual;
  };
  std::map<std::string, std::string> kind_of;
  std::vector<Placed> placed;
  struct Joined {
    std::string group, body;
    jp::CivilDay from, to;
  };
  std::vector<Joined> joined;

  bool Belongs(const std::string& body, const std::string& group, jp::CivilDay day) const {
    return std::any_of(joined.begin(), joined.end(), [&](const Joined& one) {
      return one.group == group && one.body == body && one.from <= day && day <= one.to;
    });
  }
  // Returns "2 1": of the bodies of these kinds, those that place only through groups, and those that place by
  // themselves.
  std::string Together(const std::set<std::string>& kinds, jp::CivilDay day) const {
    int joint = 0, single = 0;
    for (const auto& [body, kind] : kind_of) {
      if (kinds.count(kind) == 0) continue;
      bool alone = false, together = false;
      for (const Placed& one : placed) {
        if (!one.actual || day < one.from || one.to < day) continue;
        if (one.body == body) alone = true;
        if (Belongs(body, one.body, day)) together = true;
      }
      if (alone) ++single;
      if (together && !alone) ++joint;
    }
    return absl::StrCat(joint, " ", single);
  }

  static std::string Rounded(int64_t numerator, int64_t denominator, int decimals) {
    if (denominator == 0) return "-";
    int64_t scale = 1;
    for (int i = 0; i < decimals; ++i) scale *= 10;
    int64_t doubled = 2 * numerator * scale / denominator;  // half steps, truncated
    const int64_t steps = doubled / 2 + doubled % 2;
    return decimals == 0 ? absl::StrCat(steps) : absl::StrCat(steps / 10, ".", steps % 10);
  }

  // For the bodies of these kinds.
  std::string Values(
      const std::set<std::string>& kinds, jp::CivilDay day,
      const std::function<bool(const std::string& body)>& counts = [](const auto&) { return true; }) const {
    std::map<std::string, std::set<std::string>> at;
    int64_t bodies = 0;
    for (const auto& [body, kind] : kind_of) {
      if (kinds.count(kind) == 0 || !counts(body)) continue;
      ++bodies;
      for (const Placed& one : placed) {
        if ((one.body == body || Belongs(body, one.body, day)) && one.actual && one.from <= day && day <= one.to)
          at[body].insert(one.person);
      }
    }
    std::set<std::string> people;
    std::vector<int64_t> sizes;
    for (const auto& [body, persons] : at) {
      people.insert(persons.begin(), persons.end());
      sizes.push_back(static_cast<int64_t>(persons.size()));
    }
    std::sort(sizes.begin(), sizes.end());
    const int64_t placing = static_cast<int64_t>(sizes.size()), persons = static_cast<int64_t>(people.size());
    const std::string median = placing == 0 ? "-" : Rounded(sizes[(placing - 1) / 2] + sizes[placing / 2], 2, 1);
    return absl::StrCat(bodies, " ", placing, " ", Rounded(100 * placing, bodies, 0), " ", persons, " ",
                        Rounded(persons, placing, 1), " ", median);
  }
};

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_PLACEMENT_MODEL_H_
