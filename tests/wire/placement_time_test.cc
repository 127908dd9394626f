// A report of placements always gives the same figures for the same known time, whatever is merged, corrected or erased
// later.
#include "absl/strings/str_cat.h"
#include "common/text/json.h"
#include "tests/wire/report_test_base.h"
#include "tsunagu/platform/v1/erasure.pb.h"
#include "tsunagu/registry/v1/area_change.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr char kDay[] = "2019-08-01";

class PlacementTimeTest : public ReportTest {
 protected:
  static registry_v1::GetPlacementReportRequest OfTheDay() {
    registry_v1::GetPlacementReportRequest request = Asking(kDay);
    request.set_planned(registry_v1::PLANNED_PLACEMENTS_INCLUDED);
    request.set_group_by(registry_v1::PLACEMENT_GROUPING_PREFECTURES);
    return request;
  }
  static std::string BytesOf(const platform_v1::Report& report) { return *contract::MessageToJson(report, false); }

  void EndOn(const std::string& placement, const std::string& day) {
    registry_v1::UpdatePlacementRequest request;
    request.mutable_placement()->set_name(placement);
    *request.mutable_placement()->mutable_valid_to_date() = Day(day);
    request.mutable_update_mask()->add_paths("valid_to_date");
    ASSERT_EQ(Said(admin().Call<registry_v1::Placement>("registry.v1.PlacementService/UpdatePlacement", request)),
              "OK");
  }
  void Merge(const std::string& from, const std::string& into, const std::string& day) {
    registry_v1::CreateAreaChangeRequest request;
    registry_v1::AreaChange& change = *request.mutable_area_change();
    change.set_kind(registry_v1::AREA_CHANGE_KIND_ABSORPTION);
    *change.mutable_effective_date() = Day(day);
    for (const std::string& area : {from, into}) {
      change.add_from_areas(area);
      change.add_from_names("見本");
    }
    change.add_to_areas(into);
    change.add_to_names("見本");
    ASSERT_EQ(Said(admin().Call<registry_v1::AreaChange>("registry.v1.AreaChangeService/CreateAreaChange", request)),
              "OK");
  }
  void Erase(const std::string& person) {
    platform_v1::EraseDataSubjectRequest request;
    request.set_parent("services/registry");
    request.set_subject(person);
    ASSERT_EQ(Said(admin().For("erasure").Call<platform_v1::EraseDataSubjectResponse>(
                  "platform.v1.ErasureService/EraseDataSubject", request)),
              "OK");
  }
};
WIRE_TEST_ON_BOTH(PlacementTimeTest);

TEST_P(PlacementTimeTest, SurvivesMergersCorrectionsAndErasures) {
  const std::string one = CreateCoordinator(), two = CreateCoordinator(), three = CreateCoordinator();
  const std::string of_one = Place(one, "areas/312011", "2018-04-01");
  const std::string of_two = Place(two, "areas/313025", "2018-04-01");
  const std::string of_three = Place(three, "areas/322016", "2019-10-01", "", registry_v1::PLACEMENT_STAGE_PLANNED);
  const auto then = Report(admin(), OfTheDay());
  ASSERT_EQ(Said(then), "OK");
  EXPECT_EQ(ValuesOf(*then, "municipalities"), "3 3 100 3 1.0 1.0");
  clock().Advance(absl::Hours(1));

  // The town merges into the city, where its coordinator had left before; hers in the city had never begun; and the
  // third is erased.
  EndOn(of_two, "2019-06-30");
  Merge("areas/313025", "areas/312011", "2024-01-01");
  registry_v1::UpdatePlacementRequest late;
  late.mutable_placement()->set_name(of_one);
  *late.mutable_placement()->mutable_valid_from_date() = Day("2019-09-01");
  late.mutable_update_mask()->add_paths("valid_from_date");
  ASSERT_EQ(Said(admin().Call<registry_v1::Placement>("registry.v1.PlacementService/UpdatePlacement", late)), "OK");
  Erase(three);

  auto again = OfTheDay();
  *again.mutable_as_known_at() = then->known_time();
  const auto as_known = Report(admin(), again);
  ASSERT_EQ(Said(as_known), "OK");
  EXPECT_EQ(BytesOf(*as_known), BytesOf(*then));
  EXPECT_THAT(NamesOf(Rows(admin(), *then, "municipalities/persons")), UnorderedElementsAre(of_one, of_two, of_three));

  const auto now = Report(admin(), OfTheDay());
  ASSERT_EQ(Said(now), "OK");
  EXPECT_EQ(ValuesOf(*now, "municipalities"), "3 1 33 1 1.0 1.0") << "corrected: the plan alone was true";
  EXPECT_THAT(NamesOf(Rows(admin(), *now, "municipalities/persons")), ElementsAre(of_three));
  EXPECT_EQ(ValuesOf(*Report(admin(), Asking("2024-01-01")), "municipalities"), "2 1 50 1 1.0 1.0")
      << "after the merger";

  // She is always counted, although nobody can identify her any more.
  const auto rows = Rows(admin(), *then, "municipalities/persons");
  ASSERT_EQ(Said(rows), "OK");
  for (const platform_v1::FigureRow& row : rows->rows()) {
    EXPECT_EQ(row.erased(), row.resource_name() == of_three) << row.counted_as();
  }
  const auto bodies = Rows(admin(), *then, "municipalities/bodies");
  ASSERT_EQ(Said(bodies), "OK");
  for (const platform_v1::FigureRow& row : bodies->rows()) {
    EXPECT_FALSE(row.erased()) << row.resource_name();
  }
}

}  // namespace
}  // namespace tsunagu::wire
