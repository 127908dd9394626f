#include "services/matching/rounds/caps.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/jp/area_code.h"
#include "common/jp/civil_day.h"

namespace tsunagu::matching {
namespace {

// The limit of a floor without a cap: more nurses than there can be. A limit that can be reached would have a price of
// its own.
constexpr int32_t kNoLimit = 1'000'000;

bool IsFacility(const std::string& place) { return absl::StartsWith(place, "facilities/"); }

std::vector<int32_t> OpeningsIn(const identity::Places& places, jp::CivilDay day, const std::string& place,
                                const v1::Snapshot& snapshot) {
  const identity::Scope reach = identity::Scope::Of(places.ReachOf(place, day));
  std::vector<int32_t> openings;
  for (int32_t i = 0; i < snapshot.openings_size(); ++i) {
    const v1::SnapshotOpening& row = snapshot.openings(i);
    const bool inside =
        IsFacility(place) ? row.facility() == place : !row.area().empty() && reach.Meets(places.KeysOf(row.area()));
    if (inside) openings.push_back(i);
  }
  return openings;
}

// Returns whether two sorted, non-empty lists cross.
bool Cross(const google::protobuf::RepeatedField<int32_t>& wide,
           const google::protobuf::RepeatedField<int32_t>& narrow) {
  std::vector<int32_t> both;
  std::set_intersection(wide.begin(), wide.end(), narrow.begin(), narrow.end(), std::back_inserter(both));
  return !both.empty() && static_cast<int>(both.size()) != narrow.size();
}

// Adds the faults in a list of places, each of which may be named once.
template <typename Rows>
void CheckPlaces(const Rows& rows, const char* list, Faults& faults) {
  std::set<std::string> seen;
  for (int i = 0; i < rows.size(); ++i) {
    const std::string& place = rows[i].place();
    const std::string field = absl::StrCat(list, "[", i, "].place");
    if (place.empty()) continue;  // already reported
    absl::string_view id = place;
    if (absl::ConsumePrefix(&id, "areas/")) {
      faults.Add(field, jp::AreaCode::Parse(id).status());
    } else if (!absl::ConsumePrefix(&id, "facilities/") && !absl::ConsumePrefix(&id, "regions/")) {
      faults.Add(field, "CAP_PLACE_UNFIT"_reason);
    }
    if (!seen.insert(place).second) faults.Add(field, "CAP_REPEATED"_reason, {{"place", place}});
  }
}

// An input that the objective cannot use is refused, not ignored.
void CheckObjective(const v1::Round& round, Faults& faults) {
  const auto objective = round.objective();
  const bool floors = objective == v1::Round::OBJECTIVE_COVERAGE || objective == v1::Round::OBJECTIVE_BALANCED;
  const bool moves = objective == v1::Round::OBJECTIVE_MIN_DISRUPTION;
  if (round.floors_size() > 0 && !floors) faults.Add("floors", "FLOORS_NOT_OF_OBJECTIVE"_reason);
  if (round.weights_size() > 0 && objective != v1::Round::OBJECTIVE_COVERAGE) {
    faults.Add("weights", "WEIGHTS_NOT_OF_OBJECTIVE"_reason);
  }
  if (!round.present_round().empty() && !moves) faults.Add("present_round", "PRESENT_NOT_OF_OBJECTIVE"_reason);
}

void CheckFloorsBelowCaps(const v1::Round& round, Faults& faults) {
  for (int i = 0; i < round.floors_size(); ++i) {
    for (const v1::Round::Cap& cap : round.caps()) {
      if (cap.place() != round.floors(i).place() || round.floors(i).least() <= cap.limit()) continue;
      faults.Add(absl::StrCat("floors[", i, "].least"), "FLOOR_ABOVE_CAP"_reason,
                 {{"place", cap.place()}, {"max", absl::StrCat(cap.limit())}});
    }
  }
}

// Weights that name the fewest openings are written last.
void AddWeights(const identity::Places& places, const v1::Round& round, v1::Snapshot& snapshot) {
  struct Named {
    std::vector<int32_t> openings;
    std::string place;
    int32_t weight;
  };
  std::vector<Named> all;
  for (const v1::Round::Weight& one : round.weights()) {
    all.push_back(
        {OpeningsIn(places, jp::DayOf(round.as_of_date()), one.place(), snapshot), one.place(), one.weight()});
  }
  std::sort(all.begin(), all.end(), [](const Named& a, const Named& b) {
    return a.openings.size() != b.openings.size() ? a.openings.size() > b.openings.size() : a.place > b.place;
  });
  for (const Named& one : all) {
    for (const int32_t opening : one.openings) snapshot.mutable_openings(opening)->set_weight(one.weight);
  }
}

}  // namespace

void CheckCaps(const v1::Round& round, Faults& faults) {
  CheckPlaces(round.caps(), "caps", faults);
  CheckPlaces(round.floors(), "floors", faults);
  CheckPlaces(round.weights(), "weights", faults);
  CheckFloorsBelowCaps(round, faults);
  CheckObjective(round, faults);
}

absl::Status AddCaps(const identity::Places& places, const v1::Round& round, v1::Snapshot& snapshot) {
  auto& caps = *snapshot.mutable_caps();
  caps.Clear();
  std::map<std::string, v1::SnapshotCap*> rows;
  const auto row_of = [&](const std::string& place) {
    v1::SnapshotCap*& row = rows[place];
    if (row != nullptr) return row;
    row = caps.Add();
    row->set_place(place);
    const std::vector<int32_t> openings = OpeningsIn(places, jp::DayOf(round.as_of_date()), place, snapshot);
    row->mutable_openings()->Add(openings.begin(), openings.end());
    row->set_limit(kNoLimit);
    return row;
  };
  for (const v1::Round::Cap& cap : round.caps()) row_of(cap.place())->set_limit(cap.limit());
  for (const v1::Round::Floor& floor : round.floors()) row_of(floor.place())->set_least(floor.least());
  AddWeights(places, round, snapshot);
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

void CheckSentCaps(const v1::Round& round, const v1::Snapshot& sent, Faults& faults) {
  std::map<std::string, std::pair<int32_t, int32_t>> said;  // by place: limit and least
  for (const v1::Round::Cap& cap : round.caps()) said[cap.place()] = {cap.limit(), 0};
  for (const v1::Round::Floor& floor : round.floors()) {
    said.try_emplace(floor.place(), kNoLimit, 0).first->second.second = floor.least();
  }
  for (int i = 0; i < sent.caps_size(); ++i) {
    const v1::SnapshotCap& cap = sent.caps(i);
    const auto found = said.find(cap.place());
    if (found != said.end() && found->second == std::make_pair(cap.limit(), cap.least())) continue;
    faults.Add(absl::StrCat("snapshot.caps[", i, "]"), "SNAPSHOT_CAPS_DIFFER"_reason, {{"place", cap.place()}});
  }
}

std::vector<std::string> IdlePlaces(const identity::Places& places, const v1::Round& round,
                                    const v1::Snapshot& snapshot) {
  std::set<std::string> all;
  for (const auto& cap : round.caps()) all.insert(cap.place());
  for (const auto& floor : round.floors()) all.insert(floor.place());
  for (const auto& weight : round.weights()) all.insert(weight.place());
  std::vector<std::string> idle;
  for (const std::string& place : all) {
    if (OpeningsIn(places, jp::DayOf(round.as_of_date()), place, snapshot).empty()) idle.push_back(place);
  }
  return idle;
}

std::vector<std::string> CapsAround(const identity::Places& places, const v1::Round& round,
                                    const v1::Snapshot& snapshot, const v1::SnapshotOpening& opening) {
  v1::Snapshot alone;
  *alone.add_openings() = opening;
  std::vector<std::string> around;
  for (const v1::SnapshotCap& cap : snapshot.caps()) {
    if (!OpeningsIn(places, jp::DayOf(round.as_of_date()), cap.place(), alone).empty()) around.push_back(cap.place());
  }
  return around;
}

bool IsAmong(const CapPlaces& counting, const v1::SnapshotCap& cap) {
  return std::find(counting.begin(), counting.end(), cap.place()) != counting.end();
}

// Of any two caps the later one must still lie within the earlier, or they must have no opening in common.
absl::Status CheckCapsStayNested(const v1::Snapshot& snapshot, const std::string& opening, const CapPlaces& counting,
                                 absl::string_view field) {
  const auto& caps = snapshot.caps();
  for (int wide = 0; wide < caps.size(); ++wide) {
    for (int narrow = wide + 1; narrow < caps.size(); ++narrow) {
      if (!IsAmong(counting, caps[narrow]) || caps[narrow].openings().empty()) continue;
      const auto& within = caps[wide].openings();
      const bool inside = std::binary_search(within.begin(), within.end(), caps[narrow].openings(0));
      if (inside == IsAmong(counting, caps[wide])) continue;
      return FailAt(field, "EVENT_CAPS_CROSS"_reason,
                    {{"name", opening}, {"one", caps[wide].place()}, {"other", caps[narrow].place()}});
    }
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::matching
