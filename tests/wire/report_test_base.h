#ifndef TSUNAGU_TESTS_WIRE_REPORT_TEST_BASE_H_
#define TSUNAGU_TESTS_WIRE_REPORT_TEST_BASE_H_

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "tests/wire/day.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/report.pb.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"
#include "tsunagu/registry/v1/placement_report.pb.h"

namespace tsunagu::wire {

// Placements in the areas of most tests, and reports about them.
class ReportTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (!IsSkipped()) CreateAreas();
  }

  std::string CreateCoordinator(const std::string& area = "areas/312011") {
    registry_v1::CreateCoordinatorRequest request;
    request.mutable_coordinator()->set_display_name("見本 花子");
    request.mutable_coordinator()->set_home_area(area);
    return admin().Call<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", request)->name();
  }

  std::string Place(const std::string& person, const std::string& body, const std::string& from = "2040-04-01",
                    const std::string& to = "",
                    registry_v1::PlacementStage stage = registry_v1::PLACEMENT_STAGE_ACTUAL) {
    registry_v1::CreatePlacementRequest request;
    registry_v1::Placement& placement = *request.mutable_placement();
    placement.set_coordinator(person);
    placement.set_body(body);
    placement.set_stage(stage);
    *placement.mutable_valid_from_date() = Day(from);
    if (!to.empty()) *placement.mutable_valid_to_date() = Day(to);
    const auto created = admin().Call<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", request);
    EXPECT_EQ(Said(created), "OK");
    return created.ok() ? created->name() : "";
  }

  void Move(const std::string& placement, const std::string& body) {
    registry_v1::UpdatePlacementRequest request;
    request.mutable_placement()->set_name(placement);
    request.mutable_placement()->set_body(body);
    request.mutable_update_mask()->add_paths("body");
    EXPECT_EQ(Said(admin().Call<registry_v1::Placement>("registry.v1.PlacementService/UpdatePlacement", request)),
              "OK");
  }

  static registry_v1::GetPlacementReportRequest Asking(const std::string& day) {
    registry_v1::GetPlacementReportRequest request;
    *request.mutable_as_of_date() = Day(day);
    return request;
  }
  // Reports as of a second after the last write: the test clock stands still, but the journal gives its rows different
  // times.
  absl::StatusOr<platform_v1::Report> Report(const Caller& caller,
                                             const registry_v1::GetPlacementReportRequest& request) {
    clock().Advance(absl::Seconds(1));
    return caller.Call<platform_v1::Report>("registry.v1.PlacementReportService/GetPlacementReport", request);
  }

  // Returns "4 1 25 1 1.0 1.0": bodies, placing bodies, their share, persons, mean and median of a population, in a
  // group or in total.
  static std::string ValuesOf(const platform_v1::Report& report, const std::string& population,
                              const std::string& group = "") {
    std::string values;
    for (const platform_v1::Figure& figure : report.figures()) {
      if (figure.population() != population || figure.group() != group) continue;
      static const auto& measures = *new std::set<std::string>{"bodies",
                                                               "placing_bodies",
                                                               "placing_share",
                                                               "persons",
                                                               "persons_per_placing_body_mean",
                                                               "persons_per_placing_body_median"};
      if (measures.count(figure.measure()) == 0) continue;
      absl::StrAppend(&values, values.empty() ? "" : " ", figure.value().empty() ? "-" : figure.value());
    }
    return values;
  }
  // Returns "2 1": the numbers of joint and single bodies.
  static std::string TogetherOf(const platform_v1::Report& report, const std::string& population,
                                const std::string& group = "") {
    std::string values;
    for (const platform_v1::Figure& figure : report.figures()) {
      if (figure.population() != population || figure.group() != group || !IsAboutTogether(figure)) continue;
      absl::StrAppend(&values, values.empty() ? "" : " ", figure.value());
    }
    return values;
  }
  static bool IsAboutTogether(const platform_v1::Figure& figure) {
    return figure.measure() == "joint_bodies" || figure.measure() == "single_bodies";
  }

  absl::StatusOr<platform_v1::ListFigureRowsResponse> Rows(const Caller& caller, const platform_v1::Report& report,
                                                           const std::string& key, int page_size = 0,
                                                           const std::string& page_token = "") {
    platform_v1::ListFigureRowsRequest request;
    request.set_parent("services/registry");
    request.set_report_token(report.token());
    request.set_key(key);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    return caller.Call<platform_v1::ListFigureRowsResponse>("platform.v1.ReportService/ListFigureRows", request);
  }
  static std::vector<std::string> NamesOf(const absl::StatusOr<platform_v1::ListFigureRowsResponse>& rows) {
    std::vector<std::string> names;
    if (!rows.ok()) return {Said(rows)};
    for (const platform_v1::FigureRow& row : rows->rows()) names.push_back(row.resource_name());
    return names;
  }
};

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_REPORT_TEST_BASE_H_
