#include "services/matching/rounds/round_map.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/json_text.h"
#include "services/matching/rounds/result.h"

namespace tsunagu::matching {
namespace {

// Millionths of a degree, of places in Japan: never negative.
std::string Degrees(int32_t e6) { return absl::StrFormat("%d.%06d", e6 / 1'000'000, e6 % 1'000'000); }

}  // namespace

std::string RoundMap(const SolvedRound& solved) {
  const std::vector<int32_t> filled = FilledOf(solved.instance, solved.opening_of_nurse);
  std::string json = "{\"type\":\"FeatureCollection\",\"features\":[";
  for (int i = 0; i < solved.snapshot.openings_size(); ++i) {
    const v1::SnapshotOpening& row = solved.snapshot.openings(i);
    absl::StrAppend(&json, i == 0 ? "\n" : ",\n", "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[",
                    Degrees(row.longitude_e6()), ",", Degrees(row.latitude_e6()), "]},\"properties\":{\"opening\":",
                    JsonText(row.name()), ",\"facility\":", JsonText(row.facility()), ",\"posts\":", row.posts(),
                    ",\"filled\":", filled[i], ",\"short\":", row.posts() - filled[i], "}}");
  }
  json += "\n]}\n";
  return json;
}

}  // namespace tsunagu::matching
