#include "services/matching/snapshot.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/entropy.h"
#include "common/base/status_macros.h"
#include "common/identity/places.h"
#include "common/jp/civil_day.h"
#include "common/jp/mesh.h"
#include "common/records/records.h"
#include "common/records/store.h"
#include "common/rpc/call.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "services/matching/facilities.h"
#include "services/matching/registry_copy.h"
#include "services/matching/rules/opening.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"
#include "tsunagu/registry/v1/nurse_training.pb.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

constexpr uint32_t kEveryLicence = ~0u;

// What a nurse says she can give, and what she has been trained in.
using Skills = std::map<std::string, std::set<int>>;  // by nurse

Skills SkillsOf(const RegistryCopy& copy) {
  Skills skills;
  for (const auto& [name, nurse] : copy.nurses()) skills[name] = {nurse.skills().begin(), nurse.skills().end()};
  for (const auto& [name, training] : copy.trainings()) {
    const auto nurse = skills.find(name.substr(0, name.find("/nurseTrainings/")));
    if (nurse != skills.end()) nurse->second.insert(training.skills().begin(), training.skills().end());
  }
  return skills;
}

void LeaveOut(const std::string& name, v1::LeftOutReason reason, const std::string& facility, v1::Snapshot& snapshot) {
  v1::LeftOut& row = *snapshot.add_left_out();
  row.set_name(name);
  row.set_reason(reason);
  row.set_facility(facility);
}

absl::Status AddNurses(const RegistryCopy& copy, const v1::Round& round, v1::Snapshot& snapshot) {
  const Skills skills = SkillsOf(copy);
  for (const auto& [name, nurse] : copy.nurses()) {
    if (!LiesIn(nurse.home_area(), round.area())) {  // she has none
      LeaveOut(name, v1::LEFT_OUT_REASON_HOME_AREA_UNKNOWN, "", snapshot);
      continue;
    }
    if (nurse.home_mesh().empty()) {  // masked: the caller may not see where she lives
      return Fail("PERMISSION_DENIED"_reason, {{"permission", "nurses.confidential"}});
    }
    v1::SnapshotNurse& row = *snapshot.add_nurses();
    row.set_name(name);
    row.set_etag(nurse.etag());
    row.set_licence(nurse.licence());
    for (const int skill : skills.at(name)) row.add_skills(static_cast<registry_v1::Skill>(skill));
    row.set_weekly_minutes(nurse.weekly_minutes());
    row.set_home_mesh(nurse.home_mesh());
    row.set_commute_limit_metres(nurse.commute_limit_metres());
    *row.mutable_wishes() = nurse.wishes();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::Opening>> ReadOpenings(Service& service, const rpc::Call& call, const v1::Round& round,
                                                      jp::CivilDay day) {
  std::vector<v1::Opening> openings;
  identity::Actor actor = ActorOf(call);
  actor.scope = call.principal.ScopeFor("openings.read");
  RETURN_IF_ERROR(service.store().Read(actor, call.deadline, [&](store::View& view) {
    records::Where wanted = records::Where::ActiveOn(day);
    if (!round.area().empty()) {
      const records::Where inside = IsPrefecture(round.area())
                                        ? records::Where::AtLeast("area", round.area().substr(0, 8)) &&
                                              records::Where::AtMost("area", round.area().substr(0, 8) + "9999")
                                        : records::Where("area", round.area());
      wanted = wanted && (inside || !records::Where::IsSet("area"));
    }
    return store::Records<v1::Opening>(view).ForEach(wanted, [&](v1::Opening& opening) {
      openings.push_back(std::move(opening));
      return absl::OkStatus();
    });
  }));
  return openings;
}

// Why an opening cannot take part; UNSPECIFIED where it can. `facility` is null where there is none.
v1::LeftOutReason WhyNot(const identity::Places& places, jp::CivilDay day, const v1::Opening& opening,
                         const registry_v1::Facility* facility) {
  if (opening.state() == v1::OPENING_STATE_REFUSED) return v1::LEFT_OUT_REASON_REFUSED;
  if (!rules::TakesPart(opening)) return v1::LEFT_OUT_REASON_NOT_AN_EMPLOYMENT;
  if (facility == nullptr) return v1::LEFT_OUT_REASON_FACILITY_NOT_FOUND;
  if (!StandsThere(opening, facility->area(), places, day)) {
    return v1::LEFT_OUT_REASON_FACILITY_ELSEWHERE;
  }
  const bool placed = facility->has_latitude_e6() && facility->has_longitude_e6();
  return placed ? v1::LEFT_OUT_REASON_UNSPECIFIED : v1::LEFT_OUT_REASON_FACILITY_WITHOUT_POSITION;
}

void AddOpening(const v1::Opening& opening, const registry_v1::Facility& facility, const std::string& area,
                v1::Snapshot& snapshot) {
  v1::SnapshotOpening& row = *snapshot.add_openings();
  row.set_name(opening.name());
  row.set_etag(opening.etag());
  row.set_facility(facility.name());
  row.set_facility_etag(facility.etag());
  row.set_latitude_e6(facility.latitude_e6());
  row.set_longitude_e6(facility.longitude_e6());
  row.set_posts(opening.posts());
  *row.mutable_licences() = opening.licences();
  row.set_named_licences_only(opening.named_licences_only());
  *row.mutable_required_skills() = opening.required_skills();
  row.set_weekly_minutes(opening.weekly_minutes());
  row.set_area(area);
}

// An opening without an area stands where its facility does.
void AddOpenings(const identity::Places& places, const RegistryCopy& copy, const v1::Round& round,
                 const std::vector<v1::Opening>& openings, v1::Snapshot& snapshot) {
  const jp::CivilDay day = jp::DayOf(round.as_of_date());
  for (const v1::Opening& opening : openings) {
    const auto found = copy.facilities().find(opening.facility());
    const registry_v1::Facility* facility = found == copy.facilities().end() ? nullptr : &found->second;
    const std::string& area = !opening.area().empty() || facility == nullptr ? opening.area() : facility->area();
    if (!area.empty() && !LiesIn(area, round.area())) continue;
    const v1::LeftOutReason reason = WhyNot(places, day, opening, facility);
    if (reason == v1::LEFT_OUT_REASON_UNSPECIFIED) {
      AddOpening(opening, *facility, area, snapshot);
      continue;
    }
    LeaveOut(opening.name(), reason, opening.facility(), snapshot);
  }
}

template <typename Rows>
void SortByName(Rows& rows) {
  std::sort(rows.pointer_begin(), rows.pointer_end(),
            [](const auto* a, const auto* b) { return a->name() < b->name(); });
}

template <typename Rows>
void FindRepeated(const Rows& rows, absl::string_view field, Faults& faults) {
  for (int i = 1; i < rows.size(); ++i) {
    if (rows.Get(i).name() == rows.Get(i - 1).name()) {
      faults.Add(field, "DUPLICATE_PARTICIPANT"_reason, {{"name", rows.Get(i).name()}});
    }
  }
}

// Who wishes for a facility wishes for each of its openings: a small snapshot may say a great deal.
absl::Status CheckSize(const v1::Snapshot& snapshot) {
  constexpr int64_t kMost = 20'000'000;  // some 200 MB while it is solved
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

uint64_t Bits(const google::protobuf::RepeatedField<int>& values) {
  uint64_t bits = 0;
  for (const int value : values) bits |= uint64_t{1} << (value & 63);
  return bits;
}

}  // namespace

absl::StatusOr<Taken> TakeSnapshot(Service& service, const PeerAccess& registry, const rpc::Call& call,
                                   const v1::Round& round) {
  if (registry.peer == nullptr) return Fail("NO_REGISTRY"_reason);
  rpc::CallOptions options = rpc::CallOptions::Onward(call, registry.api_key);
  options.retry_safe = true;
  if (options.purpose.empty()) options.purpose = "matching-round";
  const jp::CivilDay day = jp::DayOf(round.as_of_date());
  ASSIGN_OR_RETURN(const std::vector<v1::Opening> openings, ReadOpenings(service, call, round, day));
  RegistryCopy copy(registry, options, round.area(), day);
  RETURN_IF_ERROR(copy.Read());
  Taken taken;
  taken.registry_place = copy.place();
  AddOpenings(service.store().places(), copy, round, openings, taken.snapshot);
  RETURN_IF_ERROR(AddNurses(copy, round, taken.snapshot));
  return taken;
}

absl::Status Canonicalise(v1::Snapshot& snapshot) {
  SortByName(*snapshot.mutable_nurses());
  SortByName(*snapshot.mutable_openings());
  SortByName(*snapshot.mutable_left_out());
  Faults faults;
  FindRepeated(snapshot.nurses(), "snapshot.nurses", faults);
  FindRepeated(snapshot.openings(), "snapshot.openings", faults);
  FindRepeated(snapshot.left_out(), "snapshot.left_out", faults);
  RETURN_IF_ERROR(faults.ToStatus());
  return CheckSize(snapshot);
}

std::string DigestOf(const v1::Snapshot& snapshot) {
  // Without maps and unknown fields, protobuf's bytes are the same wherever they are made from the same fields.
  std::string bytes;
  snapshot.SerializeToString(&bytes);
  return absl::BytesToHexString(Sha256(bytes));
}

rules::Instance ToInstance(const v1::Snapshot& snapshot, int64_t seed) {
  rules::Instance instance;
  instance.seed = static_cast<uint64_t>(seed);
  std::unordered_map<std::string, std::vector<int32_t>> openings_of;
  for (const v1::SnapshotOpening& row : snapshot.openings()) {
    openings_of[row.facility()].push_back(static_cast<int32_t>(instance.openings.size()));
    rules::Opening opening;
    opening.name = row.name();
    opening.place = {row.latitude_e6(), row.longitude_e6()};
    opening.posts = row.posts();
    opening.licences = row.licences().empty() ? kEveryLicence : static_cast<uint32_t>(Bits(row.licences()));
    opening.named_licences_only = row.named_licences_only();
    opening.required_skills = Bits(row.required_skills());
    opening.weekly_minutes = row.weekly_minutes();
    instance.openings.push_back(std::move(opening));
  }
  for (const v1::SnapshotNurse& row : snapshot.nurses()) {
    rules::Nurse nurse;
    nurse.name = row.name();
    nurse.licences = uint32_t{1} << (row.licence() & 31);
    nurse.skills = Bits(row.skills());
    nurse.home = jp::MeshCentre(row.home_mesh()).value_or(jp::GeoPoint{});
    nurse.commute_limit_metres = row.commute_limit_metres();
    nurse.weekly_minutes = row.weekly_minutes();
    for (const std::string& facility : row.wishes()) {
      const auto found = openings_of.find(facility);
      if (found == openings_of.end()) continue;
      nurse.wishes.insert(nurse.wishes.end(), found->second.begin(), found->second.end());
    }
    instance.nurses.push_back(std::move(nurse));
  }
  for (const v1::SnapshotCap& row : snapshot.caps()) {
    instance.caps.push_back({row.limit(), {row.openings().begin(), row.openings().end()}});
  }
  return instance;
}

}  // namespace tsunagu::matching
