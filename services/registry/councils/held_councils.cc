#include "services/registry/councils/held_councils.h"

#include <map>

#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/fiscal_year.h"
#include "common/text/where.h"
#include "tsunagu/registry/v1/council.pb.h"
#include "tsunagu/registry/v1/meeting.pb.h"

namespace tsunagu::registry {

namespace {

// ISO dates sort in chronological order.
absl::Status ForEachCouncil(ReportRun& run, v1::CouncilStage stage, const std::string& first, const std::string& last,
                            absl::FunctionRef<void(HeldCouncil&)> each) {
  return run.ScanEver<v1::Council>(
      contract::Where("stage", stage),
      {"level", "sharing", "convener", "region", "areas", "family_members", "valid_from_date", "valid_to_date"},
      [&](const store::Cells& council) {
        HeldCouncil held;
        held.name = council.name();
        held.of_region = council.Text(0) == v1::CouncilLevel_Name(v1::COUNCIL_LEVEL_REGION);
        held.holders = {council.Text(held.of_region ? 3 : 2)};
        const bool is_joint = council.Text(1) == v1::CouncilSharing_Name(v1::COUNCIL_SHARING_JOINT);
        for (const absl::string_view area : absl::StrSplit(council.Text(4), ' ', absl::SkipEmpty())) {
          (is_joint && !held.of_region ? held.holders : held.covered).emplace_back(area);
        }
        held.has_families = !council.Text(5).empty() && council.Text(5) != "0";
        held.on_day = council.Text(6) <= last && (council.Text(7).empty() || first <= council.Text(7));
        each(held);
        return absl::OkStatus();
      });
}

}  // namespace

absl::Status ForEachHeldCouncil(ReportRun& run, absl::FunctionRef<void(const HeldCouncil&)> each) {
  const std::string today = jp::FormatIso(run.day());
  std::map<std::string, std::vector<std::string>> meetings;
  RETURN_IF_ERROR(run.Scan<v1::Meeting>(
      contract::Where::AtLeast("held_date", jp::FormatIso(jp::FiscalYear::Of(run.day()).first_day())) &&
          contract::Where::AtMost("held_date", today),
      {}, [&](const store::Cells& meeting) {
        meetings[std::string(contract::Schema::ParentOf(meeting.name()))].push_back(meeting.name());
        return absl::OkStatus();
      }));
  return ForEachCouncil(run, v1::COUNCIL_STAGE_ACTUAL, today, today, [&](HeldCouncil& held) {
    held.meetings = meetings[held.name];
    each(held);
  });
}

absl::Status ForEachPlannedCouncil(ReportRun& run, absl::FunctionRef<void(const HeldCouncil&)> each) {
  return ForEachCouncil(run, v1::COUNCIL_STAGE_PLANNED, jp::FormatIso(run.day()),
                        jp::FormatIso(jp::FiscalYear::Of(run.day()).last_day()), [&](HeldCouncil& planned) {
                          if (planned.on_day) each(planned);
                        });
}

}  // namespace tsunagu::registry
