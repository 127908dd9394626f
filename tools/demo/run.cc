#include "tools/demo/run.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "services/suite/import.h"
#include "services/suite/operation.h"
#include "tools/demo/basis.h"
#include "tools/demo/invention.h"
#include "tools/demo/places.h"
#include "tsunagu/matching/v1/recommendation.pb.h"
#include "tsunagu/matching/v1/round_report.pb.h"

namespace tsunagu::demo {
namespace {

namespace matching_v1 = tsunagu::matching::v1;
namespace registry_v1 = tsunagu::registry::v1;
using suite::Client;

constexpr absl::string_view kAreas = "tsunagu.registry.v1.AreaService/GetArea";
constexpr absl::string_view kFacilities = "tsunagu.registry.v1.FacilityService/ListFacilities";
constexpr absl::string_view kOpenings = "tsunagu.matching.v1.OpeningService/ListOpenings";
constexpr absl::string_view kReports = "tsunagu.matching.v1.RoundReportService/";
constexpr absl::string_view kRounds = "tsunagu.matching.v1.RoundService/";
constexpr int kMostAsked = 20;  // openings for which candidates are requested

// Calls `each` with every page of a List method; `request` holds everything but the page.
template <typename Response, typename Request, typename Each>
absl::Status ListAll(const Client& client, absl::string_view method, Request request, Each each) {
  rpc::CallOptions options = client.once;
  options.retry_safe = true;
  request.set_page_size(1000);
  do {
    ASSIGN_OR_RETURN(Response response, client.peer->Unary<Response>(method, request, options));
    request.set_page_token(response.next_page_token());
    each(response);
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

class DemoRun {
 public:
  // Keeps references to the client and the stream, which must outlive this object.
  DemoRun(const Client& client, const DemoPlan& plan, std::ostream& out) : client_(client), plan_(plan), out_(out) {}

  absl::StatusOr<DemoReport> Run() {
    report_.plan = plan_;
    RETURN_IF_ERROR(ReadArea());
    if (plan_.openings) RETURN_IF_ERROR(Step("openings", [&] { return ImportOpenings(); }));
    if (plan_.nurses > 0) RETURN_IF_ERROR(Step("nurses", [&] { return ImportNurses(); }));
    RETURN_IF_ERROR(Step("solve", [&] { return Solve(); }));
    RETURN_IF_ERROR(Step("verify", [&] { return Verify(); }));
    RETURN_IF_ERROR(Step("read", [&] { return ReadOutcome(); }));
    return std::move(report_);
  }

 private:
  absl::Status Step(const std::string& name, const std::function<absl::Status()>& action) {
    const auto begin = std::chrono::steady_clock::now();
    RETURN_IF_ERROR(action());
    const auto passed = std::chrono::steady_clock::now() - begin;
    report_.millis.emplace_back(name, std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
    return absl::OkStatus();
  }

  absl::Status ReadArea() {
    if (plan_.area.empty()) return absl::OkStatus();
    registry_v1::GetAreaRequest request;
    request.set_name(plan_.area);
    ASSIGN_OR_RETURN(report_.area, client_.peer->Unary<registry_v1::Area>(kAreas, request, client_.once));
    return absl::OkStatus();
  }

  absl::Status Import(const std::string& service, const std::string& collection, suite::Input& file,
                      bool workbook = false) {
    suite::ImportOptions options;
    options.service = service;
    options.collection = collection;
    options.workbook = workbook;
    suite::Progress progress = suite::Progress::OnTerminal(client_.once.language);
    return suite::ImportRows(client_, options, file, out_, progress).status();
  }

  absl::Status ImportOpenings() {
    if (!plan_.openings_file.empty()) {
      ASSIGN_OR_RETURN(const auto file, suite::Input::Open(plan_.openings_file));
      return Import("matching", "openings", *file, absl::EndsWithIgnoreCase(plan_.openings_file, ".xlsx"));
    }
    RETURN_IF_ERROR(ReadFacilities());
    return Import("matching", "openings",
                  *suite::Input::Of(InventOpenings(PlacesOf(facilities_, plan_.area), plan_.seed)));
  }

  // Nurses live near any facility, and wish only for facilities that have openings.
  absl::Status ImportNurses() {
    RETURN_IF_ERROR(ReadFacilities());
    RETURN_IF_ERROR(ReadOpenings());
    std::unordered_set<std::string> wanting;
    for (const matching_v1::Opening& opening : openings_) wanting.insert(opening.facility());
    const std::vector<Place> homes = PlacesOf(facilities_, plan_.area);
    std::vector<Place> wishable;
    for (const Place& place : homes) {
      if (wanting.count(place.name) != 0) wishable.push_back(place);
    }
    return Import("registry", "nurses", *suite::Input::Of(InventNurses(homes, wishable, plan_.seed, plan_.nurses)));
  }

  // Reads the facilities of all prefectures: an opening of one area may be at a facility in another.
  absl::Status ReadFacilities() {
    if (!facilities_.empty()) return absl::OkStatus();
    return ListAll<registry_v1::ListFacilitiesResponse>(client_, kFacilities, registry_v1::ListFacilitiesRequest(),
                                                        [&](auto& page) {
                                                          for (auto& facility : *page.mutable_facilities())
                                                            facilities_.push_back(std::move(facility));
                                                        });
  }

  absl::Status ReadOpenings() {
    if (!openings_.empty()) return absl::OkStatus();
    matching_v1::ListOpeningsRequest request;
    request.set_filter(InPrefecture("area", plan_.area));
    return ListAll<matching_v1::ListOpeningsResponse>(client_, kOpenings, request, [&](auto& page) {
      for (auto& opening : *page.mutable_openings()) openings_.push_back(std::move(opening));
    });
  }

  absl::Status Solve() {
    rpc::Peer& peer = *client_.peer;
    matching_v1::CreateRoundRequest create;
    create.mutable_round()->set_display_name(absl::StrCat("tsunagu-demo ", plan_.seed));
    create.mutable_round()->set_area(plan_.area);
    create.mutable_round()->set_seed(plan_.seed);
    ASSIGN_OR_RETURN(const matching_v1::Round draft,
                     peer.Unary<matching_v1::Round>(absl::StrCat(kRounds, "CreateRound"), create, client_.once));
    matching_v1::SolveRoundRequest solve;
    solve.set_name(draft.name());
    ASSIGN_OR_RETURN(
        google::longrunning::Operation solving,
        peer.Unary<google::longrunning::Operation>(absl::StrCat(kRounds, "SolveRound"), solve, client_.once));
    return suite::Await(peer, std::move(solving), client_.once, report_.round);
  }

  absl::Status Verify() {
    matching_v1::VerifySolutionRequest request;
    request.set_name(report_.round.name());
    ASSIGN_OR_RETURN(report_.verdict, client_.peer->Unary<matching_v1::VerifySolutionResponse>(
                                          absl::StrCat(kRounds, "VerifySolution"), request, client_.once));
    return absl::OkStatus();
  }

  // An opening may have more posts than the round had to fill: some are already taken. The map has the number.
  absl::Status TakePostsOfRound() {
    matching_v1::GetRoundMapRequest request;
    request.set_name(report_.round.name());
    ASSIGN_OR_RETURN(const auto map,
                     client_.peer->Unary<matching_v1::GetRoundMapResponse>(
                         "tsunagu.matching.v1.RoundExplanationService/GetRoundMap", request, client_.once));
    google::protobuf::Struct geo_json;
    if (!google::protobuf::util::JsonStringToMessage(map.geo_json(), &geo_json).ok())
      return absl::InternalError("round map");
    std::unordered_map<std::string, int32_t> posts;
    for (const auto& feature : geo_json.fields().at("features").list_value().values()) {
      const auto& opening = feature.struct_value().fields().at("properties").struct_value().fields();
      posts[opening.at("opening").string_value()] = static_cast<int32_t>(opening.at("posts").number_value());
    }
    for (matching_v1::Opening& opening : openings_) opening.set_posts(posts[opening.name()]);
    return absl::OkStatus();
  }

  absl::Status ReadOutcome() {
    RETURN_IF_ERROR(ReadFacilities());
    RETURN_IF_ERROR(ReadOpenings());
    RETURN_IF_ERROR(TakePostsOfRound());
    std::vector<matching_v1::Assignment> assignments;
    matching_v1::ListAssignmentsRequest request;
    request.set_parent(report_.round.name());
    RETURN_IF_ERROR(ListAll<matching_v1::ListAssignmentsResponse>(client_, absl::StrCat(kRounds, "ListAssignments"),
                                                                  request, [&](auto& page) {
                                                                    for (auto& assignment : *page.mutable_assignments())
                                                                      assignments.push_back(std::move(assignment));
                                                                  }));
    std::vector<matching_v1::LeftOut> left_out;
    matching_v1::ListLeftOutRequest others;
    others.set_parent(report_.round.name());
    RETURN_IF_ERROR(ListAll<matching_v1::ListLeftOutResponse>(client_, absl::StrCat(kRounds, "ListLeftOut"), others,
                                                              [&](auto& page) {
                                                                for (auto& row : *page.mutable_left_out())
                                                                  left_out.push_back(std::move(row));
                                                              }));
    report_.outcome = CountOutcome(assignments, openings_, facilities_, left_out);
    return ReadReasons();
  }

  absl::Status ReadReasons() {
    rpc::Peer& peer = *client_.peer;
    matching_v1::ExplainAreaRequest area;
    area.set_name(report_.round.name());
    ASSIGN_OR_RETURN(report_.shortages,
                     peer.Unary<matching_v1::ExplainAreaResponse>(
                         "tsunagu.matching.v1.RoundExplanationService/ExplainArea", area, client_.once));
    matching_v1::GetFairnessReportRequest fairness;
    fairness.set_round(report_.round.name());
    ASSIGN_OR_RETURN(report_.fairness, peer.Unary<platform::v1::Report>(absl::StrCat(kReports, "GetFairnessReport"),
                                                                        fairness, client_.once));
    matching_v1::GetSupplyReportRequest supply;
    supply.set_round(report_.round.name());
    auto answer = peer.Unary<platform::v1::Report>(absl::StrCat(kReports, "GetSupplyReport"), supply, client_.once);
    if (ReasonOf(answer.status()) == "WHAT_IF_TOO_LARGE"_reason) return absl::OkStatus();
    RETURN_IF_ERROR(answer.status());
    report_.supply = *std::move(answer);
    return Recommend();
  }

  // Selects an opening for the recommendation: of those with the largest shortages the first for which somebody is
  // eligible, or else the first.
  absl::Status Recommend() {
    if (report_.shortages.shortages().empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const matching_v1::LegalBasis basis, BasisOfToday(client_, plan_.area));
    report_.basis = basis.name();
    if (report_.basis.empty()) return absl::OkStatus();
    matching_v1::RecommendNursesRequest request;
    request.set_operator_code(basis.operator_code());
    request.set_legal_basis(basis.name());
    request.set_seed(plan_.seed);
    request.set_page_size(5);
    const int most = std::min(report_.shortages.shortages_size(), kMostAsked);
    for (int i = 0; i < most && report_.recommendation.candidates().empty(); ++i) {
      const auto& shortage = report_.shortages.shortages(i);
      request.set_opening(shortage.opening());
      ASSIGN_OR_RETURN(auto told,
                       client_.peer->Unary<matching_v1::RecommendNursesResponse>(
                           "tsunagu.matching.v1.RecommendationService/RecommendNurses", request, client_.once));
      if (i > 0 && told.candidates().empty()) continue;
      report_.recommended_for = shortage.facility();
      report_.recommendation = std::move(told);
    }
    return absl::OkStatus();
  }

  const Client& client_;
  const DemoPlan& plan_;
  std::ostream& out_;
  DemoReport report_;
  std::vector<registry_v1::Facility> facilities_;
  std::vector<matching_v1::Opening> openings_;
};

}  // namespace

absl::StatusOr<DemoReport> Demonstrate(const suite::Client& client, const DemoPlan& plan, std::ostream& out) {
  return DemoRun(client, plan, out).Run();
}

}  // namespace tsunagu::demo
