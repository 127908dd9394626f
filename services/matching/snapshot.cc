#include "services/matching/snapshot.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/entropy.h"
#include "common/base/status_macros.h"
#include "common/jp/mesh.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

constexpr uint32_t kEveryLicence = ~0u;

bool IsPrefecture(const std::string& area) { return area.size() == 12 && area.substr(8, 3) == "000"; }

// Rows whose `field` lies in the round's area: a prefecture with all in it, or one area.
std::string InArea(absl::string_view field, const std::string& area) {
  if (area.empty()) return "";
  if (IsPrefecture(area)) {
    const std::string prefecture = area.substr(0, 8);
    return absl::StrCat(field, " >= \"", prefecture, "\" AND ", field, " <= \"", prefecture, "9999\"");
  }
  return absl::StrCat(field, " = \"", area, "\"");
}

// Every page of a List method of the registry.
template <typename Request, typename Response, typename Each>
absl::Status ReadAll(const PeerAccess& registry, const rpc::CallOptions& options, absl::string_view method,
                     std::string filter, Each each) {
  Request request;
  request.set_page_size(1000);
  request.set_filter(std::move(filter));
  do {
    ASSIGN_OR_RETURN(const Response response, registry.peer->Unary<Response>(method, request, options));
    RETURN_IF_ERROR(each(response));
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status AddNurses(const PeerAccess& registry, const rpc::CallOptions& options, const v1::Round& round,
                       v1::Snapshot& snapshot) {
  const std::string in_area = InArea("home_area", round.area());
  return ReadAll<registry_v1::ListNursesRequest, registry_v1::ListNursesResponse>(
      registry, options, "tsunagu.registry.v1.NurseService/ListNurses",
      absl::StrCat("seeking = true", in_area.empty() ? "" : " AND ", in_area),
      [&](const registry_v1::ListNursesResponse& page) -> absl::Status {
        for (const registry_v1::Nurse& nurse : page.nurses()) {
          if (nurse.home_mesh().empty()) {  // masked: the caller may not see where she lives
            return Fail(reason::REASON_PERMISSION_DENIED, {{"permission", "nurses.confidential"}});
          }
          v1::SnapshotNurse& row = *snapshot.add_nurses();
          row.set_name(nurse.name());
          row.set_etag(nurse.etag());
          row.set_licence(nurse.licence());
          *row.mutable_skills() = nurse.skills();
          row.set_weekly_minutes(nurse.weekly_minutes());
          row.set_home_mesh(nurse.home_mesh());
          row.set_commute_limit_metres(nurse.commute_limit_metres());
          *row.mutable_wishes() = nurse.wishes();
        }
        return absl::OkStatus();
      });
}

absl::StatusOr<std::vector<v1::Opening>> ReadOpenings(Service& service, const rpc::Call& call,
                                                      const v1::Round& round) {
  std::vector<v1::Opening> openings;
  store::Actor actor = ActorOf(call);
  actor.scope = call.principal.ScopeFor("openings.read");
  RETURN_IF_ERROR(service.store().Read(actor, call.deadline, [&](store::View& view) {
    store::Table::Query query;
    query.limit = 1'000'000;
    if (!round.area().empty()) {
      const bool prefecture = IsPrefecture(round.area());
      query.where = prefecture ? "t.`area` >= ? AND t.`area` <= ?" : "t.`area` = ?";
      query.parameters.AddText(prefecture ? round.area().substr(0, 8) : round.area());
      if (prefecture) query.parameters.AddText(round.area().substr(0, 8) + "9999");
    }
    return service.Find("openings")->table->List(view, std::move(query), [&](store::Record record) {
      openings.push_back(std::move(static_cast<v1::Opening&>(*record)));
      return absl::OkStatus();
    });
  }));
  return openings;
}

absl::Status AddOpenings(const PeerAccess& registry, const rpc::CallOptions& options,
                         const std::vector<v1::Opening>& openings, v1::Snapshot& snapshot) {
  std::unordered_map<std::string, std::vector<const v1::Opening*>> by_facility;
  for (const v1::Opening& opening : openings) by_facility[opening.facility()].push_back(&opening);
  return ReadAll<registry_v1::ListFacilitiesRequest, registry_v1::ListFacilitiesResponse>(
      registry, options, "tsunagu.registry.v1.FacilityService/ListFacilities", "",
      [&](const registry_v1::ListFacilitiesResponse& page) {
        for (const registry_v1::Facility& facility : page.facilities()) {
          const auto found = by_facility.find(facility.name());
          if (found == by_facility.end() || !facility.has_latitude_e6() || !facility.has_longitude_e6()) continue;
          for (const v1::Opening* opening : found->second) {
            v1::SnapshotOpening& row = *snapshot.add_openings();
            row.set_name(opening->name());
            row.set_etag(opening->etag());
            row.set_facility(facility.name());
            row.set_facility_etag(facility.etag());
            row.set_latitude_e6(facility.latitude_e6());
            row.set_longitude_e6(facility.longitude_e6());
            row.set_posts(opening->posts());
            *row.mutable_licences() = opening->licences();
            *row.mutable_required_skills() = opening->required_skills();
            row.set_weekly_minutes(opening->weekly_minutes());
          }
        }
        return absl::OkStatus();
      });
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
      faults.Add(field, reason::REASON_DUPLICATE_PARTICIPANT, {{"name", rows.Get(i).name()}});
    }
  }
}

uint64_t Bits(const google::protobuf::RepeatedField<int>& values) {
  uint64_t bits = 0;
  for (const int value : values) bits |= uint64_t{1} << (value & 63);
  return bits;
}

}  // namespace

absl::StatusOr<v1::Snapshot> TakeSnapshot(Service& service, const PeerAccess& registry, const rpc::Call& call,
                                          const v1::Round& round) {
  if (registry.peer == nullptr) return Fail(reason::REASON_NO_REGISTRY);
  rpc::CallOptions options = rpc::CallOptions::Onward(call, service.store().clock().Now(), registry.api_key);
  options.retry_safe = true;
  if (options.purpose.empty()) options.purpose = "matching-round";
  v1::Snapshot snapshot;
  ASSIGN_OR_RETURN(const std::vector<v1::Opening> openings, ReadOpenings(service, call, round));
  RETURN_IF_ERROR(AddOpenings(registry, options, openings, snapshot));
  RETURN_IF_ERROR(AddNurses(registry, options, round, snapshot));
  return snapshot;
}

absl::Status Canonicalise(v1::Snapshot& snapshot) {
  SortByName(*snapshot.mutable_nurses());
  SortByName(*snapshot.mutable_openings());
  Faults faults;
  FindRepeated(snapshot.nurses(), "snapshot.nurses", faults);
  FindRepeated(snapshot.openings(), "snapshot.openings", faults);
  return faults.ToStatus();
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
  return instance;
}

}  // namespace tsunagu::matching
