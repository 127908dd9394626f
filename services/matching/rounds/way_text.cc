#include "services/matching/rounds/way_text.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/jp/civil_day.h"
#include "services/matching/rules/distance.h"
#include "services/matching/rules/way.h"
#include "services/matching/snapshot/ways.h"

namespace tsunagu::matching {
namespace {

// 3,249 m is 3.2 km.
std::string Kilometres(int64_t metres) {
  const int64_t tenths = (metres + 50) / 100;
  return absl::StrCat(tenths / 10, ".", tenths % 10, " km");
}

void SetText(v1::Way& way) {
  const std::string straight = Kilometres(way.straight_metres());
  std::string ja = absl::StrCat("直線距離 ", straight), en = absl::StrCat(straight, " in a straight line");
  const bool is_dated = way.has_valid_from_date();
  const std::string since = is_dated ? jp::FormatIso(jp::DayOf(way.valid_from_date())) : way.commute_rule();
  if (!way.commute_rule().empty()) {
    const int32_t factor = way.road_factor_permille();
    const std::string times = absl::StrFormat("%d.%03d", factor / 1000, factor % 1000);
    const std::string metres = Kilometres(way.metres());
    absl::StrAppend(&ja, " × ", times, " = ", metres, "（", since, is_dated ? "からの基準）" : " の基準）");
    absl::StrAppend(&en, " × ", times, " = ", metres, " (rule of ", since, ")");
  }
  if (way.minutes() > 0) {
    const std::string table =
        absl::StrCat(way.minutes(), "分（", since, is_dated ? "からの通勤時間表）" : " の通勤時間表）");
    const std::string of = absl::StrCat(way.minutes(), " minutes (table of ", since, ")");
    ja = way.by_minutes() ? absl::StrCat(table, "、", ja) : absl::StrCat(ja, "、", table);
    en = way.by_minutes() ? absl::StrCat(of, "; ", en) : absl::StrCat(en, "; ", of);
  }
  way.mutable_text()->set_ja(std::move(ja));
  way.mutable_text()->set_en(std::move(en));
}

}  // namespace

v1::Way WayOf(const v1::Snapshot& snapshot, const rules::Nurse& nurse, const rules::Opening& opening,
              const v1::SnapshotOpening& row) {
  v1::Way way;
  way.set_straight_metres(rules::DistanceMetres(nurse.home, opening.place));
  way.set_metres(rules::WayMetres(nurse, opening));
  way.set_road_factor_permille(opening.road_factor_permille);
  way.set_minutes(rules::WayMinutes(nurse, opening));
  way.set_by_minutes(rules::GoesByMinutes(nurse, opening));
  if (const v1::SnapshotCommuteRule* rule = RuleOf(snapshot.commute_rules(), row.area()); rule != nullptr) {
    way.set_commute_rule(rule->name());
    if (rule->has_valid_from_date()) *way.mutable_valid_from_date() = rule->valid_from_date();
  }
  SetText(way);
  return way;
}

}  // namespace tsunagu::matching
