#include "services/registry/placement_report.h"

#include <map>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/service/tallies.h"
#include "common/text/where.h"
#include "services/registry/bodies.h"
#include "services/registry/joint_groups.h"
#include "services/registry/rules/joint_group.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/coordinator_training.pb.h"
#include "tsunagu/registry/v1/joint_group.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"
#include "tsunagu/registry/v1/region.pb.h"

namespace tsunagu::registry {
namespace {

constexpr BodyPopulations<v1::PlacementPopulation> kPopulations = {v1::PLACEMENT_POPULATION_PREFECTURES,
                                                                  v1::PLACEMENT_POPULATION_DESIGNATED_CITIES,
                                                                  v1::PLACEMENT_POPULATION_MUNICIPALITIES};

template <typename Body>
absl::StatusOr<std::string> DisplayNameOf(DueRun& run, const std::string& name) {
  ASSIGN_OR_RETURN(const Body body, run.records<Body>().Get(name));
  return body.display_name();
}

}  // namespace

absl::Status ReportPlacements(ReportRun& run, const v1::GetPlacementReportRequest& request) {
  if (request.group_by() == v1::PLACEMENT_GROUPING_PREFECTURES) {
    RETURN_IF_ERROR(run.GroupBy<v1::Area>(records::Where("kind", v1::AREA_KIND_PREFECTURE)));
  } else if (request.group_by() == v1::PLACEMENT_GROUPING_REGIONS) {
    RETURN_IF_ERROR(run.GroupBy<v1::Region>({}));
  }
  Tallies tallies(run, v1::PlacementPopulation_descriptor());
  RETURN_IF_ERROR(ForEachBody(run, [&](const Body& body) {
    for (const auto population : PopulationsOf(body, kPopulations)) tallies.AddPlace(population, body.name);
  }));
  // Whether somebody is trained counts for every body that places her, also where another may see more of her.
  absl::flat_hash_set<std::string> trained;
  RETURN_IF_ERROR(run.ScanAll<v1::CoordinatorTraining>(
      records::Where("revoked", false), {}, [&](const store::Cells& training) {
        trained.insert(std::string(records::Schema::ParentOf(training.name())));
        return absl::OkStatus();
      }));
  // So does which bodies place together.
  ASSIGN_OR_RETURN(const auto members, ReadJointMembers(run));
  RETURN_IF_ERROR(run.Scan<v1::Placement>(
      records::Where("stage", v1::PLACEMENT_STAGE_ACTUAL), {"body", "coordinator"}, [&](const store::Cells& placement) {
        TallyRow row{placement.name(), placement.Text(1), trained.contains(placement.Text(1))};
        row.shared = rules::IsJointGroup(placement.Text(0));
        for (const std::string& body : PlacingBodies(members, placement.Text(0))) tallies.Add(body, row);
        return absl::OkStatus();
      }));
  tallies.ForEach([&](const Slice& slice, const Tally& tally) {
    run.Add(slice, v1::PLACEMENT_MEASURE_BODIES, tally.Places());
    run.Add(slice, v1::PLACEMENT_MEASURE_PLACING_BODIES, tally.Occupied());
    run.Add(slice, v1::PLACEMENT_MEASURE_JOINT_BODIES, tally.OccupiedTogether());
    run.Add(slice, v1::PLACEMENT_MEASURE_SINGLE_BODIES, tally.OccupiedAlone());
    run.Add(slice, v1::PLACEMENT_MEASURE_PLACING_SHARE, tally.OccupiedShare());
    run.Add(slice, v1::PLACEMENT_MEASURE_PERSONS, tally.Things());
    run.Add(slice, v1::PLACEMENT_MEASURE_PERSONS_PER_PLACING_BODY_MEAN, tally.Mean());
    run.Add(slice, v1::PLACEMENT_MEASURE_PERSONS_PER_PLACING_BODY_MEDIAN, tally.Median());
    run.Add(slice, v1::PLACEMENT_MEASURE_TRAINED_PERSONS, tally.MarkedThings());
    run.Add(slice, v1::PLACEMENT_MEASURE_TRAINED_SHARE, tally.MarkedShare());
  });
  return absl::OkStatus();
}

absl::Status CollectEndingPlacements(DueRun& run) {
  const records::Where ends = records::Where::AtLeast("valid_to_date", jp::FormatIso(run.days().from)) &&
                              records::Where::AtMost("valid_to_date", jp::FormatIso(run.days().to));
  std::map<std::string, std::string> body_names;  // each is read once
  return run.records<v1::Placement>().ForEach(ends, [&](const v1::Placement& placement) -> absl::Status {
    std::string& body = body_names[placement.body()];
    if (body.empty()) {
      ASSIGN_OR_RETURN(body, rules::IsJointGroup(placement.body())
                                 ? DisplayNameOf<v1::JointGroup>(run, placement.body())
                                 : DisplayNameOf<v1::Area>(run, placement.body()));
    }
    run.Add({jp::DayOf(placement.valid_to_date()), placement.name(), "PLACEMENT_ENDS",
             absl::StrCat(body, "の配置が終了します。延長・後任を確認してください。"),
             absl::StrCat("The placement at ", body, " ends. Extend it, or see who follows.")});
    return absl::OkStatus();
  });
}

}  // namespace tsunagu::registry
