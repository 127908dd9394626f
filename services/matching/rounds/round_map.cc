#include "services/matching/rounds/round_map.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "common/base/json_text.h"
#include "services/matching/rounds/result.h"
#include "services/matching/snapshot/visit_snapshot.h"

namespace tsunagu::matching {
namespace {

struct Fill {
  int32_t posts = 0;
  int32_t filled = 0;
};

// Millionths of a degree, for places in Japan: never negative.
std::string Degrees(int32_t e6) { return absl::StrFormat("%d.%06d", e6 / 1'000'000, e6 % 1'000'000); }

// Readers of GeoJSON ignore unknown members such as after_event (RFC 7946, 6.1).
std::string MapOf(const v1::Snapshot& snapshot, absl::Span<const Fill> fills, int32_t after_event) {
  std::string json = absl::StrCat("{\"type\":\"FeatureCollection\",\"after_event\":", after_event, ",\"features\":[");
  for (int i = 0; i < snapshot.openings_size(); ++i) {
    const v1::SnapshotOpening& row = snapshot.openings(i);
    const Fill& fill = fills[i];
    absl::StrAppend(
        &json, i == 0 ? "\n" : ",\n", "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[",
        Degrees(row.longitude_e6()), ",", Degrees(row.latitude_e6()),
        "]},\"properties\":{\"opening\":", JsonText(row.name()), ",\"facility\":", JsonText(row.facility()),
        ",\"posts\":", fill.posts, ",\"filled\":", fill.filled, ",\"short\":", fill.posts - fill.filled, "}}");
  }
  json += "\n]}\n";
  return json;
}

}  // namespace

std::string RoundMap(const SolvedRound& solved) {
  const std::vector<int32_t> filled = FilledOf(solved.instance, solved.opening_of_nurse);
  std::vector<Fill> fills;
  for (int i = 0; i < solved.snapshot.openings_size(); ++i)
    fills.push_back({solved.snapshot.openings(i).posts(), filled[i]});
  return MapOf(solved.snapshot, fills, solved.after_event);
}

std::string RoundMap(const SolvedVisits& solved) {
  std::vector<Fill> fills(solved.snapshot.openings_size());
  const std::vector<WantedVisit> wanted = WantedVisitsOf(solved.snapshot);
  for (size_t half_day = 0; half_day < wanted.size(); ++half_day) {
    const v1::VisitRow& row = solved.rows[half_day];
    fills[wanted[half_day].opening].posts += row.wanted_count();
    fills[wanted[half_day].opening].filled += row.wanted_count() - row.short_count();
  }
  return MapOf(solved.snapshot, fills, solved.after_event);
}

}  // namespace tsunagu::matching
