#include "services/registry/placements/placement_report.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/jp/fiscal_year.h"
#include "common/service/tallies.h"
#include "common/text/where.h"
#include "services/registry/areas/bodies.h"
#include "services/registry/placements/counted_placements.h"
#include "services/registry/rules/joint_group.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/joint_group.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"
#include "tsunagu/registry/v1/region.pb.h"

namespace tsunagu::registry {
namespace {

std::vector<v1::PlacementPopulation> PopulationsOf(const Body& body) {
  const bool is_designated = body.Is(v1::AREA_ROLE_KIND_DESIGNATED_CITY);
  std::vector<v1::PlacementPopulation> populations = {v1::PLACEMENT_POPULATION_WHOLE_PREFECTURE};
  if (!is_designated && !body.Is(v1::AREA_ROLE_KIND_CORE_CITY)) {
    populations.push_back(v1::PLACEMENT_POPULATION_PREFECTURE_OWN);
  }
  if (body.is_prefecture) {
    populations.push_back(v1::PLACEMENT_POPULATION_PREFECTURES);
    return populations;
  }
  populations.push_back(v1::PLACEMENT_POPULATION_MUNICIPALITIES);
  populations.push_back(is_designated ? v1::PLACEMENT_POPULATION_DESIGNATED_CITIES
                                      : v1::PLACEMENT_POPULATION_OTHER_MUNICIPALITIES);
  return populations;
}

// Computes the figures of one slice of the table.
class Figures {
 public:
  Figures(ReportRun& run, std::vector<platform::v1::Label> notes) : run_(run), notes_(std::move(notes)) {}

  void Add(const Slice& slice, const Tally& tally) const {
    run_.Add(slice, v1::PLACEMENT_MEASURE_BODIES, tally.Places());
    Say(slice, v1::PLACEMENT_MEASURE_PLACING_BODIES, tally.Occupied());
    Say(slice, v1::PLACEMENT_MEASURE_JOINT_BODIES, tally.OccupiedTogether());
    Say(slice, v1::PLACEMENT_MEASURE_SINGLE_BODIES, tally.OccupiedAlone());
    Say(slice, v1::PLACEMENT_MEASURE_COVERED_BODIES, tally.MarkedPlaces());
    Say(slice, v1::PLACEMENT_MEASURE_PLACING_SHARE, tally.OccupiedShare());
    Say(slice, v1::PLACEMENT_MEASURE_PERSONS, tally.Things());
    Say(slice, v1::PLACEMENT_MEASURE_PERSONS_PER_PLACING_BODY_MEAN, tally.Mean());
    Say(slice, v1::PLACEMENT_MEASURE_PERSONS_PER_PLACING_BODY_MEDIAN, tally.Median());
    Say(slice, v1::PLACEMENT_MEASURE_PERSONS_PER_BODY_MEAN, tally.MeanOfAll());
    Counted fte = tally.Weight();
    fte.denominator = 100;
    Say(slice, v1::PLACEMENT_MEASURE_FTE, std::move(fte));
    Say(slice, v1::PLACEMENT_MEASURE_TRAINED_PERSONS, tally.MarkedThings());
    Say(slice, v1::PLACEMENT_MEASURE_TRAINED_SHARE, tally.MarkedShare());
  }

 private:
  void Say(const Slice& slice, v1::PlacementMeasure measure, Counted counted) const {
    counted.notes = notes_;
    run_.Add(slice, measure, std::move(counted));
  }

  ReportRun& run_;
  const std::vector<platform::v1::Label> notes_;
};

// Returns notes for figures that include planned placements.
std::vector<platform::v1::Label> NotesOn(jp::CivilDay day) {
  const std::string last = jp::FormatIso(jp::FiscalYear::Of(day).last_day());
  return {LabelOf(absl::StrCat(last, "までの配置予定を含む。"), absl::StrCat("With what is planned by ", last, "."))};
}

template <typename Body>
absl::StatusOr<std::string> DisplayNameOf(DueRun& run, const std::string& name) {
  ASSIGN_OR_RETURN(const Body body, run.records<Body>().Get(name));
  return body.display_name();
}

}  // namespace

absl::Status ReportPlacements(ReportRun& run, const v1::GetPlacementReportRequest& request) {
  if (request.group_by() == v1::PLACEMENT_GROUPING_PREFECTURES) {
    RETURN_IF_ERROR(run.GroupBy<v1::Area>(contract::Where("kind", v1::AREA_KIND_PREFECTURE)));
  } else if (request.group_by() == v1::PLACEMENT_GROUPING_REGIONS) {
    RETURN_IF_ERROR(run.GroupBy<v1::Region>({}));
  }
  ASSIGN_OR_RETURN(const CountedPlacements placements, CountedPlacements::Read(run, request.planned()));
  Tallies tallies(run, v1::PlacementPopulation_descriptor());
  RETURN_IF_ERROR(ForEachBody(run, [&](const Body& body) {
    const bool is_covered = !body.is_prefecture && placements.Covers(body.name);
    for (const auto population : PopulationsOf(body)) tallies.AddPlace(population, body.name, is_covered);
  }));
  for (const CountedPlacements::Placement& placement : placements.all()) {
    for (const std::string& body : placement.bodies) tallies.Add(body, placement.row);
  }
  const bool with_planned = request.planned() == v1::PLANNED_PLACEMENTS_INCLUDED;
  const Figures figures(run, with_planned ? NotesOn(run.day()) : std::vector<platform::v1::Label>());
  tallies.ForEach([&](const Slice& slice, const Tally& tally) {
    if (request.planned() == v1::PLANNED_PLACEMENTS_APART) {
      run.Add(slice, v1::PLACEMENT_MEASURE_PLANNED_BODIES, tally.LaterOccupied());
      run.Add(slice, v1::PLACEMENT_MEASURE_PLANNED_PERSONS, tally.LaterThings());
    }
    figures.Add(slice, tally);
  });
  return absl::OkStatus();
}

absl::Status CollectEndingPlacements(DueRun& run) {
  const contract::Where ends = contract::Where::AtLeast("valid_to_date", jp::FormatIso(run.days().from)) &&
                               contract::Where::AtMost("valid_to_date", jp::FormatIso(run.days().to));
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
