#include "services/matching/snapshot/snapshot.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/jp/mesh.h"
#include "services/matching/snapshot/ways.h"

namespace tsunagu::matching {
namespace {

constexpr uint32_t kEveryLicence = ~0u;

template <typename Rows>
void SortByName(Rows& rows) {
  std::sort(rows.pointer_begin(), rows.pointer_end(),
            [](const auto* a, const auto* b) { return a->name() < b->name(); });
}

void AddRepeated(absl::string_view field, const std::string& name, Faults& faults) {
  faults.Add(field, "DUPLICATE_PARTICIPANT"_reason, {{"name", name}});
}

template <typename Rows>
void FindRepeated(const Rows& rows, absl::string_view field, Faults& faults) {
  for (int i = 1; i < rows.size(); ++i) {
    if (rows.Get(i).name() == rows.Get(i - 1).name()) AddRepeated(field, rows.Get(i).name(), faults);
  }
}

// A wish for a facility is a wish for each of its openings: a small snapshot may expand to very many wishes.
absl::Status CheckSize(const v1::Snapshot& snapshot) {
  constexpr int64_t kMost = 20'000'000;  // about 200 MB while it is solved
  std::unordered_map<std::string, int64_t> openings_of;
  for (const v1::SnapshotOpening& opening : snapshot.openings()) ++openings_of[opening.facility()];
  int64_t wishes = 0;
  for (const v1::SnapshotNurse& nurse : snapshot.nurses()) {
    for (const std::string& facility : nurse.wishes()) {
      const auto found = openings_of.find(facility);
      if (found != openings_of.end()) wishes += found->second;
    }
  }
  if (wishes <= kMost) return absl::OkStatus();
  return Fail("ROUND_TOO_LARGE"_reason, {{"count", absl::StrCat(wishes)}, {"max", absl::StrCat(kMost)}});
}

rules::HalfDays HalfDaysOf(const google::protobuf::RepeatedField<int>& school,
                           const google::protobuf::RepeatedField<int>& holidays) {
  return {static_cast<uint32_t>(Bits(school)), static_cast<uint32_t>(Bits(holidays))};
}

// Does not set the facility.
rules::Opening ToRules(const v1::SnapshotOpening& row) {
  rules::Opening opening;
  opening.name = row.name();
  opening.place = {row.latitude_e6(), row.longitude_e6()};
  opening.posts = row.posts();
  opening.licences = row.licences().empty() ? kEveryLicence : static_cast<uint32_t>(Bits(row.licences()));
  opening.named_licences_only = row.named_licences_only();
  opening.required_skills = Bits(row.required_skills());
  opening.weekly_minutes = row.weekly_minutes();
  if (row.max_weekly_minutes() > 0) opening.max_weekly_minutes = row.max_weekly_minutes();
  opening.half_days = HalfDaysOf(row.school_half_days(), row.holiday_half_days());
  if (row.has_start_date()) opening.start = jp::DayOf(row.start_date());
  if (row.weight() > 0) opening.weight = row.weight();
  return opening;
}

// Does not set her facilities.
rules::Nurse ToRules(const v1::SnapshotNurse& row) {
  rules::Nurse nurse;
  nurse.name = row.name();
  nurse.licences = uint32_t{1} << (row.licence() & 31);
  nurse.skills = Bits(row.skills());
  nurse.home = jp::MeshCentre(row.home_mesh()).value_or(jp::GeoPoint{});
  nurse.commute_limit_metres = row.commute_limit_metres();
  nurse.commute_limit_minutes = row.commute_limit_minutes();
  nurse.weekly_minutes = row.weekly_minutes();
  nurse.min_weekly_minutes = row.min_weekly_minutes();
  nurse.half_days = HalfDaysOf(row.school_half_days(), row.holiday_half_days());
  if (row.has_available_from_date()) nurse.available_from = jp::DayOf(row.available_from_date());
  return nurse;
}

using FacilityNumbers = std::unordered_map<std::string, int32_t>;

// Returns the numbers of those facilities that have an opening.
std::vector<int32_t> NumbersOf(const google::protobuf::RepeatedPtrField<std::string>& names,
                               const FacilityNumbers& numbers) {
  std::vector<int32_t> known;
  for (const std::string& name : names) {
    const auto found = numbers.find(name);
    if (found != numbers.end()) known.push_back(found->second);
  }
  return known;
}

}  // namespace

uint64_t Bits(const google::protobuf::RepeatedField<int>& values) {
  uint64_t bits = 0;
  for (const int value : values) bits |= uint64_t{1} << (value & 63);
  return bits;
}

absl::Status Canonicalise(v1::Snapshot& snapshot) {
  snapshot.DiscardUnknownFields();  // from a newer contract: no rule uses them, and not all of them would be stored
  snapshot.clear_after_event();
  SortByName(*snapshot.mutable_nurses());
  SortByName(*snapshot.mutable_openings());
  SortByName(*snapshot.mutable_left_out());
  SortWays(snapshot);
  Faults faults;
  FindRepeated(snapshot.nurses(), "snapshot.nurses", faults);
  FindRepeated(snapshot.openings(), "snapshot.openings", faults);
  FindRepeated(snapshot.left_out(), "snapshot.left_out", faults);
  CheckWays(snapshot, faults);
  RETURN_IF_ERROR(faults.ToStatus());
  return CheckSize(snapshot);
}

std::string DigestOf(const v1::Snapshot& snapshot) {
  // Without maps and unknown fields, the same fields always give the same protobuf bytes.
  std::string bytes;
  snapshot.SerializeToString(&bytes);
  return absl::BytesToHexString(Sha256(bytes));
}

rules::Instance ToInstance(const v1::Snapshot& snapshot, int64_t seed) {
  rules::Instance instance;
  instance.seed = static_cast<uint64_t>(seed);
  FacilityNumbers facilities;
  std::unordered_map<int32_t, std::vector<int32_t>> openings_of;
  for (const v1::SnapshotOpening& row : snapshot.openings()) {
    rules::Opening& opening = instance.openings.emplace_back(ToRules(row));
    opening.facility = facilities.emplace(row.facility(), static_cast<int32_t>(facilities.size())).first->second;
    openings_of[opening.facility].push_back(static_cast<int32_t>(instance.openings.size()) - 1);
  }
  for (const v1::SnapshotNurse& row : snapshot.nurses()) {
    rules::Nurse& nurse = instance.nurses.emplace_back(ToRules(row));
    nurse.unwanted = NumbersOf(row.unwanted_facilities(), facilities);
    std::sort(nurse.unwanted.begin(), nurse.unwanted.end());
    for (const int32_t facility : NumbersOf(row.wishes(), facilities)) {
      const std::vector<int32_t>& openings = openings_of[facility];
      nurse.wishes.insert(nurse.wishes.end(), openings.begin(), openings.end());
    }
  }
  AddWays(snapshot, instance);
  for (const v1::SnapshotCap& row : snapshot.caps()) {
    instance.caps.push_back({row.limit(), {row.openings().begin(), row.openings().end()}, row.least()});
  }
  return instance;
}

}  // namespace tsunagu::matching
