#include "services/registry/rules/council.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/jp/area_code.h"
#include "common/jp/period.h"

namespace tsunagu::registry::rules {
namespace {

// A day that the contract refuses counts as missing.
jp::CivilDay DayOr(const google::type::Date& date, jp::CivilDay otherwise) {
  return jp::CheckDate(date).ok() ? jp::DayOf(date) : otherwise;
}

jp::Period DaysOf(const v1::Council& council) {
  return {DayOr(council.valid_from_date(), jp::kFirstDay), DayOr(council.valid_to_date(), jp::kLastDay)};
}

void CheckLevel(const v1::Council& council, Faults& faults) {
  const bool of_region = council.level() == v1::COUNCIL_LEVEL_REGION;
  if (of_region && council.region().empty()) faults.Add("region", "REGION_NOT_SAID"_reason);
  if (!of_region && !council.region().empty()) faults.Add("region", "REGION_UNWANTED"_reason);
  const auto code = jp::AreaCode::Parse(absl::StripPrefix(council.convener(), "areas/"));
  if (of_region || council.level() == v1::COUNCIL_LEVEL_UNSPECIFIED || !code.ok()) return;
  if (code->IsPrefecture() == (council.level() == v1::COUNCIL_LEVEL_PREFECTURE)) return;
  faults.Add("level", "LEVEL_UNLIKE_CONVENER"_reason, {{"convener", council.convener()}});
}

// The day must be present if and only if the state requires it.
void CheckStateDay(bool wanted, bool is_there, const char* field, Faults& faults) {
  if (wanted && !is_there) faults.Add(field, "ISSUE_DATE_MISSING"_reason);
  if (!wanted && is_there) faults.Add(field, "ISSUE_DATE_UNWANTED"_reason);
}

void CheckOrder(const google::type::Date& earlier, const google::type::Date& later, const char* field, Faults& faults) {
  const jp::CivilDay first = DayOr(earlier, jp::kFirstDay);
  if (DayOr(later, jp::kLastDay) >= first) return;
  faults.Add(field, "ISSUE_DATES_DISORDERED"_reason, {{"earlier", jp::FormatIso(first)}});
}

// programmes/x or budgetLines/x; only the subsidy service can check that the record exists.
bool NamesFunding(const std::string& name) {
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, "programmes/") && !absl::ConsumePrefix(&id, "budgetLines/")) return false;
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
  });
}

}  // namespace

void CheckBody(const v1::Area& area, const std::string& field, Faults& faults) {
  if (area.kind() == v1::AREA_KIND_WARD) faults.Add(field, "WARD_IS_NO_BODY"_reason, {{"area", area.name()}});
  if (area.kind() == v1::AREA_KIND_NO_BODY) faults.Add(field, "CODE_WITHOUT_BODY"_reason, {{"area", area.name()}});
}

void CheckCouncil(const v1::Council& council, Faults& faults) {
  CheckLevel(council, faults);
  std::set<std::string> bodies = {council.convener()};
  for (int i = 0; i < council.areas_size(); ++i) {
    if (bodies.insert(council.areas(i)).second) continue;
    faults.Add(absl::StrCat("areas[", i, "]"), "AREA_SERVED_TWICE"_reason, {{"area", council.areas(i)}});
  }
  if (council.sharing() == v1::COUNCIL_SHARING_JOINT && bodies.size() < 2) {
    faults.Add("areas", "JOINT_COUNCIL_ALONE"_reason);
  }
}

bool CouldMeet(const v1::Council& council, jp::CivilDay day) {
  return council.stage() == v1::COUNCIL_STAGE_ACTUAL && DaysOf(council).Contains(day);
}

void CheckMeeting(const v1::Meeting& meeting, const v1::Council& council, jp::CivilDay today, Faults& faults) {
  if (council.stage() == v1::COUNCIL_STAGE_PLANNED) faults.Add("held_date", "MEETING_OF_PLANNED"_reason);
  if (!jp::CheckDate(meeting.held_date()).ok()) return;
  const jp::CivilDay day = jp::DayOf(meeting.held_date());
  const jp::Period days = DaysOf(council);
  if (!days.Contains(day)) {
    faults.Add("held_date", "MEETING_OUTSIDE_COUNCIL"_reason,
               {{"from", jp::FormatIso(days.from)}, {"to", jp::FormatIso(days.to)}});
  }
  if (!meeting.decisions().empty() && day > today) faults.Add("decisions", "DECISIONS_AHEAD"_reason);
}

void CheckLocalIssue(const v1::LocalIssue& issue, Faults& faults) {
  if (!issue.meeting().empty() && !absl::StartsWith(issue.meeting(), absl::StrCat(issue.council(), "/meetings/"))) {
    faults.Add("meeting", "MEETING_OF_ANOTHER_COUNCIL"_reason, {{"meeting", issue.meeting()}});
  }
  const bool is_done = issue.state() == v1::ISSUE_STATE_DONE;
  const bool has_measure = issue.state() == v1::ISSUE_STATE_DECIDED || is_done;
  if (has_measure && issue.measure().empty()) faults.Add("measure", "MEASURE_NOT_SAID"_reason);
  if (issue.state() != v1::ISSUE_STATE_UNSPECIFIED) {
    CheckStateDay(issue.state() != v1::ISSUE_STATE_OPEN, issue.has_decided_date(), "decided_date", faults);
    CheckStateDay(is_done, issue.has_done_date(), "done_date", faults);
  }
  CheckOrder(issue.raised_date(), issue.decided_date(), "decided_date", faults);
  CheckOrder(issue.decided_date(), issue.done_date(), "done_date", faults);
  if (!issue.funded_by().empty() && !NamesFunding(issue.funded_by())) {
    faults.Add("funded_by", "FUNDING_NOT_NAMED"_reason);
  }
}

}  // namespace tsunagu::registry::rules
