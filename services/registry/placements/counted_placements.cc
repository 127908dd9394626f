#include "services/registry/placements/counted_placements.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/fiscal_year.h"
#include "common/text/where.h"
#include "services/registry/rules/joint_group.h"
#include "services/registry/rules/prefecture.h"
#include "tsunagu/registry/v1/coordinator_training.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::registry {
namespace {

using contract::Where;

absl::StatusOr<absl::flat_hash_set<std::string>> ReadTrained(ReportRun& run) {
  absl::flat_hash_set<std::string> trained;
  RETURN_IF_ERROR(run.ScanAll<v1::CoordinatorTraining>(Where("revoked", false), {}, [&](const store::Cells& training) {
    trained.insert(std::string(contract::Schema::ParentOf(training.name())));
    return absl::OkStatus();
  }));
  return trained;
}

}  // namespace

absl::StatusOr<CountedPlacements> CountedPlacements::Read(ReportRun& run, v1::PlannedPlacements planned) {
  CountedPlacements counted(planned);
  // Trained persons count for every body that places them, even if the caller may not see the training; so do the
  // members of joint groups.
  ASSIGN_OR_RETURN(counted.trained_, ReadTrained(run));
  ASSIGN_OR_RETURN(counted.members_, ReadJointMembers(run));
  RETURN_IF_ERROR(counted.ForEach(
      run, false, {"body", "coordinator", "fte_hundredths", "territory", "valid_from_date"},
      [&](const store::Cells& placement, bool is_planned) { return counted.Add(run, placement, is_planned); }));
  // Municipalities that placements outside the caller's scope serve count as well.
  if (!run.is_narrowed()) return counted;
  RETURN_IF_ERROR(counted.ForEach(run, true, {"territory"}, [&](const store::Cells& placement, bool is_planned) {
    if (!is_planned || planned == v1::PLANNED_PLACEMENTS_INCLUDED) counted.Serve(placement.Text(0));
    return absl::OkStatus();
  }));
  return counted;
}

absl::Status CountedPlacements::ForEach(ReportRun& run, bool whole, std::vector<absl::string_view> fields,
                                        Take take) const {
  const auto actual = [&](const store::Cells& placement) { return take(placement, false); };
  const auto planned = [&](const store::Cells& placement) { return take(placement, true); };
  const Where is_actual("stage", v1::PLACEMENT_STAGE_ACTUAL);
  RETURN_IF_ERROR(whole ? run.ScanAll<v1::Placement>(is_actual, fields, actual)
                        : run.Scan<v1::Placement>(is_actual, fields, actual));
  if (planned_ != v1::PLANNED_PLACEMENTS_INCLUDED && planned_ != v1::PLANNED_PLACEMENTS_APART) return absl::OkStatus();
  const jp::Period to_come = {run.day(), jp::FiscalYear::Of(run.day()).last_day()};
  const Where is_planned = Where("stage", v1::PLACEMENT_STAGE_PLANNED) && Where::Overlapping(to_come);
  return whole ? run.ScanAllEver<v1::Placement>(is_planned, fields, planned)
               : run.ScanEver<v1::Placement>(is_planned, fields, planned);
}

absl::Status CountedPlacements::Add(ReportRun& run, const store::Cells& placement, bool is_planned) {
  const std::string& body = placement.Text(0);
  jp::CivilDay day = run.day();
  if (is_planned) {
    ASSIGN_OR_RETURN(const jp::CivilDay first, jp::ParseDay(placement.Text(4)));
    day = std::max(day, first);
  }
  Placement counted{PlacingBodies(members_, body, day),
                    {placement.name(), placement.Text(1), trained_.contains(placement.Text(1)),
                     rules::IsJointGroup(body), is_planned && planned_ == v1::PLANNED_PLACEMENTS_APART}};
  if (!absl::SimpleAtoi(placement.Text(2), &counted.row.weight)) return absl::DataLossError("working time");
  if (!counted.row.later) {
    placing_.insert(counted.bodies.begin(), counted.bodies.end());
    Serve(placement.Text(3));
  }
  all_.push_back(std::move(counted));
  return absl::OkStatus();
}

void CountedPlacements::Serve(const std::string& territory) {
  for (const absl::string_view area : absl::StrSplit(territory, ' ', absl::SkipEmpty())) served_.emplace(area);
}

bool CountedPlacements::Covers(absl::string_view municipality) const {
  if (placing_.contains(municipality)) return false;
  return served_.contains(municipality) || served_.contains(rules::PrefectureOf(municipality));
}

}  // namespace tsunagu::registry
