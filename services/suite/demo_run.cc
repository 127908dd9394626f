#include "services/suite/demo_run.h"

#include <fstream>
#include <sstream>
#include <unordered_set>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/suite/demo_invention.h"
#include "services/suite/demo_places.h"

namespace tsunagu::suite {
namespace {

namespace matching_v1 = tsunagu::matching::v1;
namespace registry_v1 = tsunagu::registry::v1;

rpc::CallOptions Patient(rpc::CallOptions options, bool retry_safe) {
  options.timeout = absl::Minutes(10);
  options.retry_safe = retry_safe;
  return options;
}

}  // namespace

DemoRun::DemoRun(rpc::Peer& peer, rpc::CallOptions options, DemoPlan plan,
                 std::function<void(absl::string_view)> tell)
    : peer_(peer), changing_(Patient(options, false)), reading_(Patient(options, true)), plan_(std::move(plan)),
      tell_(std::move(tell)) {}

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
    std::ifstream file(path, std::ios::binary);
    if (!file) return absl::NotFoundError(path);
    ASSIGN_OR_RETURN(Imported imported, ImportCsv(peer_, changing_, service, collection, file));
    imported.source = path;
    report.imports.push_back(std::move(imported));
    return absl::OkStatus();
  });
}

absl::Status DemoRun::ImportInvented(const std::string& service, const std::string& collection,
                                     const std::string& csv, DemoReport& report) {
  std::istringstream file(csv);
  ASSIGN_OR_RETURN(Imported imported, ImportCsv(peer_, changing_, service, collection, file));
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
      peer_, reading_, "tsunagu.registry.v1.FacilityService/ListFacilities", registry_v1::ListFacilitiesRequest(),
      [&](auto& page) {
        for (auto& facility : *page.mutable_facilities()) facilities_.push_back(std::move(facility));
      });
}

absl::Status DemoRun::ReadOpenings() {
  if (!openings_.empty()) return absl::OkStatus();
  matching_v1::ListOpeningsRequest request;
  request.set_filter(InPrefecture("area", plan_.area));
  return ListAll<matching_v1::ListOpeningsResponse>(
      peer_, reading_, "tsunagu.matching.v1.OpeningService/ListOpenings", request, [&](auto& page) {
        for (auto& opening : *page.mutable_openings()) openings_.push_back(std::move(opening));
      });
}

absl::Status DemoRun::Solve(DemoReport& report) {
  matching_v1::CreateRoundRequest create;
  create.mutable_round()->set_display_name(absl::StrCat("tsunagu demo ", plan_.seed));
  create.mutable_round()->set_area(plan_.area);
  create.mutable_round()->set_seed(plan_.seed);
  ASSIGN_OR_RETURN(const auto draft, peer_.Unary<matching_v1::Round>("tsunagu.matching.v1.RoundService/CreateRound",
                                                                     create, changing_));
  matching_v1::SolveRoundRequest solve;
  solve.set_name(draft.name());
  ASSIGN_OR_RETURN(report.round, peer_.Unary<matching_v1::Round>("tsunagu.matching.v1.RoundService/SolveRound",
                                                                 solve, changing_));
  return absl::OkStatus();
}

absl::Status DemoRun::Verify(DemoReport& report) {
  matching_v1::VerifySolutionRequest request;
  request.set_name(report.round.name());
  ASSIGN_OR_RETURN(report.verdict, peer_.Unary<matching_v1::VerifySolutionResponse>(
                                       "tsunagu.matching.v1.RoundService/VerifySolution", request, reading_));
  return absl::OkStatus();
}

absl::Status DemoRun::ReadOutcome(DemoReport& report) {
  RETURN_IF_ERROR(ReadFacilities());
  RETURN_IF_ERROR(ReadOpenings());
  std::vector<matching_v1::Assignment> assignments;
  matching_v1::ListAssignmentsRequest request;
  request.set_parent(report.round.name());
  RETURN_IF_ERROR(ListAll<matching_v1::ListAssignmentsResponse>(
      peer_, reading_, "tsunagu.matching.v1.RoundService/ListAssignments", request, [&](auto& page) {
        for (auto& assignment : *page.mutable_assignments()) assignments.push_back(std::move(assignment));
      }));
  report.outcome = CountOutcome(assignments, openings_, facilities_);
  return absl::OkStatus();
}

}  // namespace tsunagu::suite
