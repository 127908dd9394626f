#include "services/registry/councils/council_report.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/fiscal_year.h"
#include "common/service/tallies.h"
#include "common/text/where.h"
#include "services/registry/areas/bodies.h"
#include "services/registry/councils/held_councils.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/council.pb.h"
#include "tsunagu/registry/v1/meeting.pb.h"
#include "tsunagu/registry/v1/region.pb.h"

namespace tsunagu::registry {
namespace {

constexpr BodyPopulations<v1::CouncilPopulation> kPopulations = {v1::COUNCIL_POPULATION_PREFECTURES,
                                                                 v1::COUNCIL_POPULATION_DESIGNATED_CITIES,
                                                                 v1::COUNCIL_POPULATION_MUNICIPALITIES};

// For each body: its councils, their meetings, other bodies' councils that serve it, planned ones, and bodies whose
// first council is planned.
struct CouncilTallies {
  explicit CouncilTallies(const ReportRun& run)
      : councils(run, v1::CouncilPopulation_descriptor()),
        meetings(run, v1::CouncilPopulation_descriptor()),
        covering(run, v1::CouncilPopulation_descriptor()),
        planned(run, v1::CouncilPopulation_descriptor()),
        first(run, v1::CouncilPopulation_descriptor()) {}

  void AddBody(v1::CouncilPopulation population, const std::string& body) {
    for (Tallies* tallies : {&councils, &meetings, &covering, &planned, &first}) tallies->AddPlace(population, body);
  }

  Tallies councils, meetings, covering, planned, first;
};

absl::Status AddBodies(ReportRun& run, CouncilTallies& tallies) {
  RETURN_IF_ERROR(ForEachBody(run, [&](const Body& body) {
    for (const auto population : PopulationsOf(body, kPopulations)) tallies.AddBody(population, body.name);
  }));
  return run.Scan<v1::Region>(contract::Where("kind", v1::REGION_KIND_DISABILITY_WELFARE), {},
                              [&](const store::Cells& region) {
                                tallies.AddBody(v1::COUNCIL_POPULATION_REGIONS, region.name());
                                return absl::OkStatus();
                              });
}

// Records which body holds which council, and which bodies are served by another body's council.
class Holding {
 public:
  explicit Holding(CouncilTallies& tallies) : tallies_(tallies) {}

  void Add(const HeldCouncil& council) {
    for (const std::string& body : council.holders) {
      tallies_.councils.Add(body, {council.name, council.name, council.has_families});
      holders_.insert(body);
    }
    for (const std::string& body : council.covered) covered_.emplace(body, council.name);
  }
  bool Holds(const std::string& body) const { return holders_.count(body) > 0; }
  // Call it after all councils have been added.
  void AddCovered() {
    for (const auto& [body, council] : covered_) {
      if (!Holds(body)) tallies_.covering.Add(body, {council, council});
    }
  }

 private:
  CouncilTallies& tallies_;
  std::set<std::string> holders_;
  std::set<std::pair<std::string, std::string>> covered_;  // body, council
};

absl::Status AddCouncils(ReportRun& run, v1::PlannedCouncils planned, CouncilTallies& tallies) {
  Holding holding(tallies);
  RETURN_IF_ERROR(ForEachHeldCouncil(run, [&](const HeldCouncil& council) {
    for (const std::string& body : council.holders) {
      for (const std::string& meeting : council.meetings) tallies.meetings.Add(body, {meeting, meeting});
    }
    if (council.on_day) holding.Add(council);
  }));
  if (planned == v1::PLANNED_COUNCILS_INCLUDED) {
    RETURN_IF_ERROR(ForEachPlannedCouncil(run, [&](const HeldCouncil& council) { holding.Add(council); }));
  } else if (planned == v1::PLANNED_COUNCILS_APART) {
    RETURN_IF_ERROR(ForEachPlannedCouncil(run, [&](const HeldCouncil& council) {
      for (const std::string& body : council.holders) {
        tallies.planned.Add(body, {council.name, council.name});
        if (!holding.Holds(body)) tallies.first.Add(body, {council.name, council.name});
      }
    }));
  }
  holding.AddCovered();
  return absl::OkStatus();
}

}  // namespace

absl::Status ReportCouncils(ReportRun& run, const v1::GetCouncilReportRequest& request) {
  if (request.group_by() == v1::COUNCIL_GROUPING_PREFECTURES) {
    RETURN_IF_ERROR(run.GroupBy<v1::Area>(contract::Where("kind", v1::AREA_KIND_PREFECTURE)));
  } else if (request.group_by() == v1::COUNCIL_GROUPING_REGIONS) {
    RETURN_IF_ERROR(run.GroupBy<v1::Region>({}));
  }
  CouncilTallies tallies(run);
  RETURN_IF_ERROR(AddBodies(run, tallies));
  RETURN_IF_ERROR(AddCouncils(run, request.planned(), tallies));
  tallies.councils.ForEach([&](const Slice& slice, const Tally& tally) {
    run.Add(slice, v1::COUNCIL_MEASURE_BODIES, tally.Places());
    run.Add(slice, v1::COUNCIL_MEASURE_COUNCIL_BODIES, tally.Occupied());
    run.Add(slice, v1::COUNCIL_MEASURE_COUNCIL_SHARE, tally.OccupiedShare());
    run.Add(slice, v1::COUNCIL_MEASURE_COUNCILS, tally.Things());
    run.Add(slice, v1::COUNCIL_MEASURE_FAMILY_COUNCILS, tally.MarkedThings());
  });
  tallies.meetings.ForEach(
      [&](const Slice& slice, const Tally& tally) { run.Add(slice, v1::COUNCIL_MEASURE_MEETINGS, tally.Things()); });
  tallies.covering.ForEach([&](const Slice& slice, const Tally& tally) {
    run.Add(slice, v1::COUNCIL_MEASURE_COVERED_BODIES, tally.Occupied());
  });
  if (request.planned() != v1::PLANNED_COUNCILS_APART) return absl::OkStatus();
  tallies.first.ForEach([&](const Slice& slice, const Tally& tally) {
    run.Add(slice, v1::COUNCIL_MEASURE_PLANNED_BODIES, tally.Occupied());
  });
  tallies.planned.ForEach([&](const Slice& slice, const Tally& tally) {
    run.Add(slice, v1::COUNCIL_MEASURE_PLANNED_COUNCILS, tally.Things());
  });
  return absl::OkStatus();
}

absl::Status CollectIdleCouncils(DueRun& run) {
  const jp::FiscalYear year = jp::FiscalYear::Of(run.days().from);
  std::set<std::string> meet;
  RETURN_IF_ERROR(
      run.records<v1::Meeting>().ForEach(contract::Where::AtLeast("held_date", jp::FormatIso(year.first_day())) &&
                                             contract::Where::AtMost("held_date", jp::FormatIso(year.last_day())),
                                         [&](const v1::Meeting& meeting) {
                                           meet.insert(std::string(contract::Schema::ParentOf(meeting.name())));
                                           return absl::OkStatus();
                                         }));
  return run.records<v1::Council>().ForEach(
      contract::Where("stage", v1::COUNCIL_STAGE_ACTUAL) && contract::Where::ActiveOn(run.days().from),
      [&](const v1::Council& council) {
        jp::CivilDay last = year.last_day();
        if (council.has_valid_to_date()) last = std::min(last, jp::DayOf(council.valid_to_date()));
        if (meet.count(council.name()) > 0 || last > run.days().to) return absl::OkStatus();
        run.Add({last, council.name(), "COUNCIL_HAS_NOT_MET",
                 absl::StrCat(council.display_name(), "は今年度まだ開催の記録がありません。開催日を入力してください。"),
                 absl::StrCat(council.display_name(), " has not met in this fiscal year. Enter its meeting.")});
        return absl::OkStatus();
      });
}

}  // namespace tsunagu::registry
