#include "services/suite/demo/run.h"

#include <chrono>
#include <unordered_set>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "services/suite/demo/invention.h"
#include "services/suite/demo/places.h"
#include "services/suite/operation.h"

namespace tsunagu::suite {
namespace {

namespace matching_v1 = tsunagu::matching::v1;
namespace registry_v1 = tsunagu::registry::v1;

constexpr absl::string_view kFacilities = "tsunagu.registry.v1.FacilityService/ListFacilities";
constexpr absl::string_view kOpenings = "tsunagu.matching.v1.OpeningService/ListOpenings";
constexpr absl::string_view kRounds = "tsunagu.matching.v1.RoundService/";

}  // namespace

absl::Status DemoRun::Run(DemoReport& report) {
  report.seed = plan_.seed;
  report.area = plan_.area;
  RETURN_IF_ERROR(ImportAll(report));
  RETURN_IF_ERROR(Step(report, "solve", [&] { return Solve(report); }));
  RETURN_IF_ERROR(Step(report, "verify", [&] { return Verify(report); }));
  return Step(report, "read", [&] { return ReadOutcome(report); });
}

absl::Status DemoRun::Step(DemoReport& report, const std::string& name,
                           const std::function<absl::Status()>& action) {
  tell_(name);
  const auto begin = std::chrono::steady_clock::now();
  const absl::Cleanup note = [&] {
    const auto passed = std::chrono::steady_clock::now() - begin;
    report.millis.emplace_back(name, std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
  };
  return action();
}

absl::Status DemoRun::ImportAll(DemoReport& report) {
  RETURN_IF_ERROR(ImportFile("registry", "areas", plan_.areas, report));
  RETURN_IF_ERROR(ImportFile("registry", "facilities", plan_.facilities, report));
  RETURN_IF_ERROR(ImportFile("matching", "openings", plan_.openings, report));
  if (plan_.openings.empty() && !plan_.facilities.empty()) {
    RETURN_IF_ERROR(Step(report, "openings", [&] { return InventOpeningRows(report); }));
  }
  if (plan_.nurses == 0) return absl::OkStatus();
  return Step(report, "nurses", [&] { return InventNurseRows(report); });
}

absl::Status DemoRun::ImportFile(const std::string& service, const std::string& collection, const std::string& path,
                                 DemoReport& report) {
  if (path.empty()) return absl::OkStatus();
  return Step(report, collection, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto file, Input::Open(path));
    ASSIGN_OR_RETURN(Imported imported, ImportCsv(client_, service, collection, *file));
    imported.source = path;
    report.imports.push_back(std::move(imported));
    return absl::OkStatus();
  });
}

absl::Status DemoRun::ImportInvented(const std::string& service, const std::string& collection,
                                     std::string csv, DemoReport& report) {
  const auto file = Input::Of(std::move(csv));
  ASSIGN_OR_RETURN(Imported imported, ImportCsv(client_, service, collection, *file));
  report.imports.push_back(std::move(imported));
  return absl::OkStatus();
}

absl::Status DemoRun::InventOpeningRows(DemoReport& report) {
  RETURN_IF_ERROR(ReadFacilities());
  const std::vector<Place> places = PlacesOf(facilities_, plan_.area);
  return ImportInvented("matching", "openings", InventOpenings(places, plan_.seed), report);
}

// Homes are near any facility, wishes go to those that look for somebody.
absl::Status DemoRun::InventNurseRows(DemoReport& report) {
  RETURN_IF_ERROR(ReadFacilities());
  RETURN_IF_ERROR(ReadOpenings());
  std::unordered_set<std::string> wanting;
  for (const matching_v1::Opening& opening : openings_) wanting.insert(opening.facility());
  const std::vector<Place> homes = PlacesOf(facilities_, plan_.area);
  std::vector<Place> wishable;
  for (const Place& place : homes) {
    if (wanting.count(place.name) != 0) wishable.push_back(place);
  }
  return ImportInvented("registry", "nurses", InventNurses(homes, wishable, plan_.seed, plan_.nurses), report);
}

// All of them: an opening of the area may be at a facility that stands elsewhere.
absl::Status DemoRun::ReadFacilities() {
  if (!facilities_.empty()) return absl::OkStatus();
  return ListAll<registry_v1::ListFacilitiesResponse>(
      client_, kFacilities, registry_v1::ListFacilitiesRequest(), [&](auto& page) {
        for (auto& facility : *page.mutable_facilities()) facilities_.push_back(std::move(facility));
      });
}

absl::Status DemoRun::ReadOpenings() {
  if (!openings_.empty()) return absl::OkStatus();
  matching_v1::ListOpeningsRequest request;
  request.set_filter(InPrefecture("area", plan_.area));
  return ListAll<matching_v1::ListOpeningsResponse>(client_, kOpenings, request, [&](auto& page) {
    for (auto& opening : *page.mutable_openings()) openings_.push_back(std::move(opening));
  });
}

absl::Status DemoRun::Solve(DemoReport& report) {
  rpc::Peer& peer = *client_.peer;
  matching_v1::CreateRoundRequest create;
  create.mutable_round()->set_display_name(absl::StrCat("tsunagu demo ", plan_.seed));
  create.mutable_round()->set_area(plan_.area);
  create.mutable_round()->set_seed(plan_.seed);
  ASSIGN_OR_RETURN(const matching_v1::Round draft,
                   peer.Unary<matching_v1::Round>(absl::StrCat(kRounds, "CreateRound"), create, client_.once));
  matching_v1::SolveRoundRequest solve;
  solve.set_name(draft.name());
  ASSIGN_OR_RETURN(
      google::longrunning::Operation solving,
      peer.Unary<google::longrunning::Operation>(absl::StrCat(kRounds, "SolveRound"), solve, client_.once));
  return Await(peer, std::move(solving), client_.once, report.round);
}

absl::Status DemoRun::Verify(DemoReport& report) {
  matching_v1::VerifySolutionRequest request;
  request.set_name(report.round.name());
  ASSIGN_OR_RETURN(report.verdict, client_.peer->Unary<matching_v1::VerifySolutionResponse>(
                                       absl::StrCat(kRounds, "VerifySolution"), request, client_.once));
  return absl::OkStatus();
}

absl::Status DemoRun::ReadOutcome(DemoReport& report) {
  RETURN_IF_ERROR(ReadFacilities());
  RETURN_IF_ERROR(ReadOpenings());
  std::vector<matching_v1::Assignment> assignments;
  matching_v1::ListAssignmentsRequest request;
  request.set_parent(report.round.name());
  RETURN_IF_ERROR(ListAll<matching_v1::ListAssignmentsResponse>(
      client_, absl::StrCat(kRounds, "ListAssignments"), request, [&](auto& page) {
        for (auto& assignment : *page.mutable_assignments()) assignments.push_back(std::move(assignment));
      }));
  report.outcome = CountOutcome(assignments, openings_, facilities_);
  return absl::OkStatus();
}

}  // namespace tsunagu::suite
