#include "services/matching/mediation/recommendation.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/strip.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/jp/area_code.h"
#include "common/jp/period.h"
#include "common/records/records.h"
#include "common/rpc/bind.h"
#include "common/rpc/call.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "services/matching/mediation/mediation.h"
#include "services/matching/rounds/candidate_lists.h"
#include "services/matching/rules/candidate_text.h"
#include "services/matching/rules/opening.h"
#include "services/matching/rules/proposal.h"
#include "services/matching/snapshot/commute.h"
#include "services/matching/snapshot/left_out.h"
#include "services/matching/snapshot/sent_rows.h"
#include "services/matching/snapshot/snapshot.h"
#include "services/matching/snapshot/snapshot_rows.h"
#include "services/matching/snapshot/within.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/matching/v1/recommendation.pb.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

constexpr char kEverywhere[] = "areas/-";

// Returns how many are listed of each kind.
template <typename Request>
size_t ListSize(const Request& request) {
  return request.page_size() <= 0 ? 20 : static_cast<size_t>(std::min(request.page_size(), 200));
}

// Returns the area to search: the requested one, else the prefecture of `home`; empty for everywhere.
absl::StatusOr<std::string> AreaToLookAt(const std::string& asked, const std::string& home) {
  if (asked == kEverywhere) return std::string();
  if (asked.empty()) return PrefectureOf(home);
  absl::string_view code = asked;
  if (!absl::ConsumePrefix(&code, "areas/") || !jp::AreaCode::Parse(code).ok()) {
    return FailAt("area", "MALFORMED_AREA_CODE"_reason);
  }
  return asked;
}

// Returns every fault of the rows that were sent.
absl::Status CheckSent(const v1::RecommendNursesRequest& request) {
  Faults faults;
  CheckSentRows(request.snapshot(), "snapshot", faults);
  return faults.ToStatus();
}
absl::Status CheckSent(const v1::RecommendOpeningsRequest& request) {
  Faults faults;
  CheckSentRows(request.snapshot(), "snapshot", faults);
  CheckSentPerson(request.person(), "person", faults);
  return faults.ToStatus();
}

// Calls in the name of the caller, with the caller's purpose.
rpc::CallOptions Onward(const rpc::Call& call, const PeerAccess& registry) {
  rpc::CallOptions options = rpc::CallOptions::Onward(call, registry.api_key);
  options.retry_safe = true;
  return options;
}

absl::Status CheckSeesHome(const registry_v1::Nurse& nurse) {
  if (!nurse.home_mesh().empty()) return absl::OkStatus();
  return Fail("PERMISSION_DENIED"_reason, {{"permission", "nurses.confidential"}});
}

// Leaves out nurses to whom a post is promised, and counts them.
absl::Status AddSeeking(const RegistryRows& rows, const Within& within, const Promises& promises,
                        v1::Snapshot& snapshot, int32_t& promised) {
  ByName<registry_v1::Nurse> nurses;
  ByName<registry_v1::NurseTraining> trainings;
  RETURN_IF_ERROR(rows.ReadSeeking(within, nurses));
  RETURN_IF_ERROR(rows.ReadTrainingsOf(nurses, trainings));
  const Skills skills = SkillsOf(nurses, trainings);
  for (const auto& [name, nurse] : nurses) {
    if (promises.nurses.count(name) > 0) {
      ++promised;
      continue;
    }
    RETURN_IF_ERROR(CheckSeesHome(nurse));
    *snapshot.add_nurses() = RowOf(nurse, skills.at(name));
  }
  return absl::OkStatus();
}

// Returns the facilities of the rows that were sent, with only their locations.
ByName<registry_v1::Facility> FacilitiesIn(const v1::Snapshot& snapshot) {
  ByName<registry_v1::Facility> facilities;
  for (const v1::SnapshotOpening& row : snapshot.openings()) {
    registry_v1::Facility& facility = facilities[row.facility()];
    facility.set_name(row.facility());
    facility.set_etag(row.facility_etag());
    facility.set_latitude_e6(row.latitude_e6());
    facility.set_longitude_e6(row.longitude_e6());
  }
  return facilities;
}

const registry_v1::Facility* Find(const ByName<registry_v1::Facility>& facilities, const std::string& name) {
  const auto found = facilities.find(name);
  return found == facilities.end() ? nullptr : &found->second;
}

// A caller who sees that a nurse could take a post sees her skills, wishes and location.
absl::Status Log(Service& service, const rpc::Call& call, const std::vector<std::string>& nurses) {
  return nurses.empty() ? absl::OkStatus() : service.LogAccess(call, nurses);
}

// Reads the opening with the posts that are promised to nobody.
absl::StatusOr<v1::Opening> ReadOpening(Service& service, const rpc::Call& call, const std::string& name,
                                        Promises& promises) {
  v1::Opening opening;
  identity::Actor actor = ActorOf(call);
  actor.scope = actor.scope.Intersection(call.principal.ScopeFor("openings.read"));
  RETURN_IF_ERROR(service.Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(opening, store::Records<v1::Opening>(view).Get(name));
    ASSIGN_OR_RETURN(promises, ReadPromises(view, service.Today()));
    TakeOff(promises, opening);
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(rules::CheckOpen(opening, service.Today()));
  return opening;
}

absl::Status CheckMatched(Service& service, const v1::Opening& opening, const registry_v1::Facility* facility) {
  const v1::LeftOutReason why = WhyNot(service.places(), service.Today(), opening, facility);
  if (why == v1::LEFT_OUT_REASON_UNSPECIFIED) return absl::OkStatus();
  const platform::v1::Label text = TextOf(why);
  return Fail("OPENING_NOT_MATCHED"_reason, {{"why", text.en()}, {"why_ja", text.ja()}});
}

absl::StatusOr<v1::RecommendNursesResponse> RecommendNurses(Service& service, const PeerAccess& registry,
                                                            const rpc::Call& call,
                                                            const v1::RecommendNursesRequest& request) {
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  RETURN_IF_ERROR(CheckSent(request));
  Promises promises;
  ASSIGN_OR_RETURN(const v1::Opening opening, ReadOpening(service, call, request.opening(), promises));
  v1::RecommendNursesResponse response;
  v1::Snapshot snapshot;
  ByName<registry_v1::Facility> facilities;
  if (request.has_snapshot()) {
    facilities = FacilitiesIn(request.snapshot());
    *snapshot.mutable_nurses() = request.snapshot().nurses();
    RETURN_IF_ERROR(Canonicalise(snapshot));
    RETURN_IF_ERROR(CheckMatched(service, opening, Find(facilities, opening.facility())));
  } else {
    if (registry.peer == nullptr) return Fail("NO_REGISTRY"_reason);
    const RegistryRows rows(registry, Onward(call, registry), service.Today());
    RETURN_IF_ERROR(rows.ReadFacilities("name = \"" + opening.facility() + "\"", facilities));
    const registry_v1::Facility* facility = Find(facilities, opening.facility());
    RETURN_IF_ERROR(CheckMatched(service, opening, facility));
    ASSIGN_OR_RETURN(const std::string area, AreaToLookAt(request.area(), AreaOf(opening, facility)));
    int32_t promised = 0;
    RETURN_IF_ERROR(AddSeeking(rows, Within(service.places(), area, rows.day()), promises, snapshot, promised));
    response.set_promised_count(promised);
  }
  const registry_v1::Facility& facility = facilities.at(opening.facility());
  *snapshot.add_openings() = RowOf(opening, facility);
  RETURN_IF_ERROR(AddCommute(service, call, service.Today(), snapshot));

  const NurseList list(snapshot, request.seed());
  Mediation mediation(service, call, request.operator_code(), request.legal_basis());
  const std::string& stands_in = AreaOf(opening, &facility);
  ASSIGN_OR_RETURN(const bool may, mediation.May(opening, stands_in));
  std::set<registry_v1::Licence> covered;
  if (may) {
    for (const auto& [licence, nurses] : list.WithinReachByLicence()) {
      ASSIGN_OR_RETURN(const bool covers, mediation.MayFor(licence, opening, stands_in, nurses));
      if (covers) covered.insert(licence);
    }
  }
  *response.mutable_counts() = list.Counts();
  mediation.TellWhyNot(*response.mutable_withheld());
  list.ListEligible(covered, ListSize(request), *response.mutable_candidates());
  list.ListNear(covered, ListSize(request), *response.mutable_near_misses());
  std::vector<std::string> named;
  for (const auto* rows : {&response.candidates(), &response.near_misses()}) {
    for (const v1::Candidate& row : *rows) named.push_back(row.nurse());
  }
  RETURN_IF_ERROR(Log(service, call, named));
  return response;
}

// A nurse, and her location as far as it is known.
struct Her {
  v1::SnapshotNurse row;
  std::string home_area;
};

absl::StatusOr<Her> ReadNurse(const PeerAccess& registry, const RegistryRows& rows, const std::string& name) {
  registry_v1::GetNurseRequest request;
  request.set_name(name);
  ByName<registry_v1::Nurse> nurses;
  ByName<registry_v1::NurseTraining> trainings;
  ASSIGN_OR_RETURN(nurses[name], registry.peer->Unary<registry_v1::Nurse>("tsunagu.registry.v1.NurseService/GetNurse",
                                                                          request, rows.options()));
  RETURN_IF_ERROR(CheckSeesHome(nurses[name]));
  RETURN_IF_ERROR(rows.ReadTrainings(name, trainings));
  return Her{RowOf(nurses[name], SkillsOf(nurses, trainings).at(name)), nurses[name].home_area()};
}

// Adds what she is bound to, today or later.
absl::Status AddEngagements(Service& service, const rpc::Call& call, const std::string& nurse,
                            v1::RecommendOpeningsResponse& response) {
  const jp::CivilDay today = service.Today();
  std::vector<jp::Period> periods;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    periods.clear();
    return store::Records<v1::Proposal>::All(view).ForEach(contract::Where("nurse", nurse),
                                                           [&](const v1::Proposal& proposal) {
                                                             const auto days = rules::DaysPromised(proposal);
                                                             if (days && days->to >= today) periods.push_back(*days);
                                                             return absl::OkStatus();
                                                           });
  }));
  std::sort(periods.begin(), periods.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  for (const jp::Period& days : periods) {
    auto& row = *response.add_engagements();
    *row.mutable_start_date() = jp::ToDate(days.from);
    if (days.to != jp::kLastDay) *row.mutable_leave_date() = jp::ToDate(days.to);
    *row.mutable_text() = rules::TextOf(row);
  }
  return absl::OkStatus();
}

absl::StatusOr<Her> SentNurse(const v1::Snapshot& snapshot, const std::string& name) {
  for (const v1::SnapshotNurse& row : snapshot.nurses()) {
    if (row.name() == name) return Her{row, ""};
  }
  return Fail("ROW_NOT_SENT"_reason, {{"name", name}});
}

absl::StatusOr<v1::RecommendOpeningsResponse> RecommendOpenings(Service& service, const PeerAccess& registry,
                                                                const rpc::Call& call,
                                                                const v1::RecommendOpeningsRequest& request) {
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  if (request.nurse().empty() != request.has_person()) return FailAt("nurse", "NURSE_OR_PERSON"_reason);
  RETURN_IF_ERROR(CheckSent(request));
  if (!request.has_snapshot() && registry.peer == nullptr) return Fail("NO_REGISTRY"_reason);
  const RegistryRows rows(registry, Onward(call, registry), service.Today());
  Her her = {request.person(), ""};
  if (!request.has_person()) {
    ASSIGN_OR_RETURN(her, request.has_snapshot() ? SentNurse(request.snapshot(), request.nurse())
                                                 : ReadNurse(registry, rows, request.nurse()));
  }
  ASSIGN_OR_RETURN(const std::string area, AreaToLookAt(request.area(), her.home_area));
  const Within within(service.places(), area, rows.day());
  ASSIGN_OR_RETURN(std::vector<v1::Opening> openings, ReadOpenings(service, call, within, rows.day()));
  ByName<registry_v1::Facility> facilities;
  if (request.has_snapshot()) {
    facilities = FacilitiesIn(request.snapshot());
  } else {
    RETURN_IF_ERROR(rows.ReadFacilities(within.Filter("area"), facilities));
  }

  v1::RecommendOpeningsResponse response;
  v1::Snapshot snapshot;
  *snapshot.add_nurses() = std::move(her.row);
  Mediation mediation(service, call, request.operator_code(), request.legal_basis());
  std::vector<bool> named;  // by row of the snapshot
  std::sort(openings.begin(), openings.end(), [](const auto& a, const auto& b) { return a.name() < b.name(); });
  for (const v1::Opening& opening : openings) {
    const registry_v1::Facility* facility = Find(facilities, opening.facility());
    const std::string& stands_in = AreaOf(opening, facility);
    if (!stands_in.empty() && !within.Has(stands_in)) continue;
    if (WhyNot(service.places(), service.Today(), opening, facility) != v1::LEFT_OUT_REASON_UNSPECIFIED) {
      response.set_left_out_count(response.left_out_count() + 1);
      continue;
    }
    *snapshot.add_openings() = RowOf(opening, *facility);
    ASSIGN_OR_RETURN(const bool may, mediation.MayFor(snapshot.nurses(0).licence(), opening, stands_in));
    named.push_back(may);
  }

  RETURN_IF_ERROR(AddCommute(service, call, service.Today(), snapshot));
  const OpeningList list(snapshot);
  *response.mutable_counts() = list.Counts();
  mediation.TellWhyNot(*response.mutable_withheld());
  list.ListEligible(named, ListSize(request), *response.mutable_candidates());
  list.ListNear(named, ListSize(request), *response.mutable_near_misses());
  if (request.has_person()) {
    for (v1::Candidate& row : *response.mutable_candidates()) row.clear_nurse();
    for (v1::Candidate& row : *response.mutable_near_misses()) row.clear_nurse();
    return response;
  }
  RETURN_IF_ERROR(AddEngagements(service, call, request.nurse(), response));
  RETURN_IF_ERROR(Log(service, call, {request.nurse()}));
  return response;
}

}  // namespace

void BindRecommendations(Service& service, PeerFinder find_peer) {
  rpc::Binder(service.module(), "tsunagu.matching.v1.RecommendationService")
      .Unary("RecommendNurses",
             [&service, find_peer](rpc::Call& call, const v1::RecommendNursesRequest& request) {
               return RecommendNurses(service, find_peer("registry"), call, request);
             })
      .Unary("RecommendOpenings", [&service, find_peer](rpc::Call& call, const v1::RecommendOpeningsRequest& request) {
        return RecommendOpenings(service, find_peer("registry"), call, request);
      });
}

}  // namespace tsunagu::matching
