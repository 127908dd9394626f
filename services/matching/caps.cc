#include "services/matching/caps.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/jp/area_code.h"
#include "common/jp/civil_day.h"

namespace tsunagu::matching {
namespace {

bool IsFacility(const std::string& place) { return absl::StartsWith(place, "facilities/"); }

std::vector<int32_t> OpeningsIn(const identity::Places& places, jp::CivilDay day, const std::string& place,
                                const v1::Snapshot& snapshot) {
  const identity::Scope reach = identity::Scope::Of(places.ReachOf(place, day));
  std::vector<int32_t> openings;
  for (int32_t i = 0; i < snapshot.openings_size(); ++i) {
    const v1::SnapshotOpening& row = snapshot.openings(i);
    const bool inside = IsFacility(place) ? row.facility() == place
                                          : !row.area().empty() && reach.Meets(places.KeysOf(row.area()));
    if (inside) openings.push_back(i);
  }
  return openings;
}

// Of sorted ones, neither of which is empty.
bool Cross(const google::protobuf::RepeatedField<int32_t>& wide, const google::protobuf::RepeatedField<int32_t>& narrow) {
  std::vector<int32_t> both;
  std::set_intersection(wide.begin(), wide.end(), narrow.begin(), narrow.end(), std::back_inserter(both));
  return !both.empty() && static_cast<int>(both.size()) != narrow.size();
}

}  // namespace

void CheckCaps(const v1::Round& round, Faults& faults) {
  std::set<std::string> seen;
  for (int i = 0; i < round.caps_size(); ++i) {
    const std::string& place = round.caps(i).place();
    const std::string field = absl::StrCat("caps[", i, "].place");
    if (place.empty()) continue;  // said
    absl::string_view id = place;
    if (absl::ConsumePrefix(&id, "areas/")) {
      faults.Add(field, jp::AreaCode::Parse(id).status());
    } else if (!absl::ConsumePrefix(&id, "facilities/") && !absl::ConsumePrefix(&id, "regions/")) {
      faults.Add(field, "CAP_PLACE_UNFIT"_reason);
    }
    if (!seen.insert(place).second) faults.Add(field, "CAP_REPEATED"_reason, {{"place", place}});
  }
}

absl::Status AddCaps(const identity::Places& places, const v1::Round& round, v1::Snapshot& snapshot) {
  auto& caps = *snapshot.mutable_caps();
  caps.Clear();
  for (const v1::Round::Cap& cap : round.caps()) {
    v1::SnapshotCap& row = *caps.Add();
    row.set_place(cap.place());
    row.set_limit(cap.limit());
    const std::vector<int32_t> openings = OpeningsIn(places, jp::DayOf(round.as_of_date()), cap.place(), snapshot);
    row.mutable_openings()->Add(openings.begin(), openings.end());
  }
  std::stable_sort(caps.pointer_begin(), caps.pointer_end(), [](const v1::SnapshotCap* a, const v1::SnapshotCap* b) {
    if (a->openings_size() != b->openings_size()) return a->openings_size() > b->openings_size();
    return a->place() < b->place();
  });
  Faults faults;
  for (int wide = 0; wide < caps.size(); ++wide) {
    for (int narrow = wide + 1; narrow < caps.size(); ++narrow) {
      if (!Cross(caps.Get(wide).openings(), caps.Get(narrow).openings())) continue;
      faults.Add("caps", "CAPS_CROSS"_reason, {{"one", caps.Get(wide).place()}, {"other", caps.Get(narrow).place()}});
    }
  }
  return faults.ToStatus();
}

}  // namespace tsunagu::matching
