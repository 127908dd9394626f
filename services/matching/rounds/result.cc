#include "services/matching/rounds/result.h"

#include <unordered_map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/entropy.h"
#include "common/base/status_macros.h"
#include "services/matching/rounds/objective.h"
#include "services/matching/rules/candidates.h"
#include "services/matching/rules/reason.h"
#include "services/matching/rules/rule_table.h"
#include "services/matching/rules/way.h"
#include "services/matching/snapshot/snapshot.h"

namespace tsunagu::matching {
namespace {

v1::UnmatchedReason ToProto(rules::UnmatchedReason reason) {
  switch (reason) {
    case rules::UnmatchedReason::kNoOpenings:
      return v1::UNMATCHED_REASON_NO_OPENINGS;
    case rules::UnmatchedReason::kNoEligibleOpening:
      return v1::UNMATCHED_REASON_NO_ELIGIBLE_OPENING;
    case rules::UnmatchedReason::kOutrankedEverywhere:
      return v1::UNMATCHED_REASON_OUTRANKED;
  }
  return v1::UNMATCHED_REASON_UNSPECIFIED;
}

void SayWhy(const rules::Explanation& why, v1::Assignment& row) {
  row.set_unmatched_reason(ToProto(why.reason));
  row.set_main_blocker(BlockerOf(why.main_blocker));
  row.set_blocked_opening_count(why.openings_blocked);
  row.set_considered_opening_count(why.openings_considered);
  row.set_extra_metres(why.extra_metres_to_nearest);
  row.set_extra_travel_minutes(why.extra_minutes_to_nearest);
  if (why.missing_skill >= 0) row.set_missing_skill(static_cast<registry::v1::Skill>(why.missing_skill));
  row.set_openings_by_skill_count(why.openings_opened_by_skill);
}

// Returns whether an opening has free posts from which only this blocker keeps her.
bool HasFreePost(const rules::Instance& instance, const std::vector<int32_t>& filled, int32_t nurse,
                 rules::Blocker blocker) {
  for (size_t i = 0; i < instance.openings.size(); ++i) {
    const rules::Opening& opening = instance.openings[i];
    if (filled[i] < opening.posts && FirstBlocker(instance.nurses[nurse], opening) == blocker) return true;
  }
  return false;
}

}  // namespace

v1::Blocker BlockerOf(rules::Blocker blocker) {
  switch (blocker) {
    case rules::Blocker::kLicence:
      return v1::BLOCKER_LICENCE;
    case rules::Blocker::kEmployer:
      return v1::BLOCKER_EMPLOYER_RULE;
    case rules::Blocker::kSkills:
      return v1::BLOCKER_SKILLS;
    case rules::Blocker::kHalfDays:
      return v1::BLOCKER_HALF_DAYS;
    case rules::Blocker::kHours:
      return v1::BLOCKER_HOURS;
    case rules::Blocker::kFewHours:
      return v1::BLOCKER_FEW_HOURS;
    case rules::Blocker::kStart:
      return v1::BLOCKER_START;
    case rules::Blocker::kExcluded:
      return v1::BLOCKER_EXCLUDED;
    case rules::Blocker::kDistance:
      return v1::BLOCKER_DISTANCE;
    case rules::Blocker::kTravelTime:
      return v1::BLOCKER_TRAVEL_TIME;
    case rules::Blocker::kNotListed:
      return v1::BLOCKER_NOT_LISTED;
    default:
      return v1::BLOCKER_UNSPECIFIED;
  }
}

std::vector<int32_t> FilledOf(const rules::Instance& instance, absl::Span<const int32_t> opening_of_nurse) {
  std::vector<int32_t> filled(instance.openings.size());
  for (const int32_t opening : opening_of_nurse) {
    if (opening >= 0) ++filled[opening];
  }
  return filled;
}

absl::StatusOr<Result> SolveSnapshot(const v1::Snapshot& snapshot, const v1::Round& round) {
  const rules::Instance instance = rules::ReadByTable(ToInstance(snapshot, round.seed()), round.rule_table_version());
  Result result;
  ASSIGN_OR_RETURN(Solved matching, SolveFor(round, snapshot, instance));
  result.certificate = std::move(matching.certificate);
  result.outcomes = std::move(matching.outcomes);
  result.nearness = matching.nearness;
  for (const rules::Opening& opening : instance.openings) result.posts += opening.posts;
  ResultRows rows(snapshot, round, instance, matching.opening_of_nurse);
  for (int32_t nurse = 0; nurse < static_cast<int32_t>(instance.nurses.size()); ++nurse) {
    result.assignments.push_back(rows.Of(nurse));
    result.matched += matching.opening_of_nurse[nurse] >= 0;
  }
  return result;
}

ResultRows::ResultRows(const v1::Snapshot& snapshot, const v1::Round& round, const rules::Instance& instance,
                       absl::Span<const int32_t> opening_of_nurse, bool after_events)
    : snapshot_(snapshot),
      round_(round),
      instance_(instance),
      opening_of_nurse_(opening_of_nurse),
      filled_(FilledOf(instance, opening_of_nurse)),
      candidates_(std::make_unique<rules::Candidates>(instance)) {
  if (after_events) admission_ = std::make_unique<rules::Admission>(instance, opening_of_nurse);
}
ResultRows::~ResultRows() = default;

// The rules give a reason from her eligibility alone; here it is corrected by the result.
v1::UnmatchedReason ResultRows::ReasonOf(int32_t nurse, v1::UnmatchedReason reason) const {
  const auto has_free_post = [&](rules::Blocker blocker) { return HasFreePost(instance_, filled_, nurse, blocker); };
  if (admission_ != nullptr && admission_->IsLeftOut(nurse)) return v1::UNMATCHED_REASON_HELD;
  if (!instance_.caps.empty() && has_free_post(rules::Blocker::kNone)) return v1::UNMATCHED_REASON_CAPPED;
  if (reason != v1::UNMATCHED_REASON_OUTRANKED) return reason;
  if (round_.objective() == v1::Round::OBJECTIVE_COVERAGE) return v1::UNMATCHED_REASON_FILLED;
  const bool cuts = instance_.nurses[nurse].cut != nullptr && has_free_post(rules::Blocker::kNotListed);
  return cuts ? v1::UNMATCHED_REASON_NOT_LISTED : reason;
}

v1::Assignment ResultRows::Of(int32_t nurse, bool says_why) {
  v1::Assignment row;
  row.set_nurse(instance_.nurses[nurse].name);
  const int32_t opening = opening_of_nurse_[nurse];
  if (opening < 0) {
    if (!says_why) return row;
    SayWhy(rules::Explain(instance_, nurse), row);
    row.set_unmatched_reason(ReasonOf(nurse, row.unmatched_reason()));
    return row;
  }
  row.set_opening(instance_.openings[opening].name);
  row.set_facility(snapshot_.openings(opening).facility());
  row.set_distance_metres(rules::WayMetres(instance_.nurses[nurse], instance_.openings[opening]));
  row.set_choice(candidates_->ChoiceOf(nurse, opening));
  return row;
}

v1::VerifySolutionResponse VerifyResult(const v1::Snapshot& snapshot, const v1::Round& round,
                                        const std::vector<v1::Assignment>& assignments,
                                        const v1::Certificate& certificate) {
  std::unordered_map<std::string, int32_t> openings;
  for (int32_t i = 0; i < snapshot.openings_size(); ++i) openings[snapshot.openings(i).name()] = i;
  std::vector<int32_t> opening_of_nurse;
  for (const v1::Assignment& row : assignments) {
    const auto found = openings.find(row.opening());
    const int32_t unknown = static_cast<int32_t>(openings.size());  // is refused
    opening_of_nurse.push_back(row.opening().empty() ? -1 : found == openings.end() ? unknown : found->second);
  }
  return VerifyFor(round.objective(), snapshot, ToInstance(snapshot, round.seed()), round.rule_table_version(),
                   opening_of_nurse, certificate);
}

std::string DigestOf(const v1::Round& round, const std::vector<v1::Assignment>& assignments,
                     const v1::Certificate& certificate) {
  std::string text = absl::StrCat("tsunagu.result.v1\n", round.snapshot_digest(), "\n", round.seed(), "\n",
                                  round.rule_table_version(), "\n");
  for (const v1::Assignment& row : assignments) absl::StrAppend(&text, row.nurse(), "\t", row.opening(), "\n");
  // The certificate is a part of the digest; a stable result has none.
  if (certificate.ByteSizeLong() > 0) {
    absl::StrAppend(&text, v1::Round::Objective_Name(round.objective()), "\n", certificate.SerializeAsString());
  }
  return absl::BytesToHexString(Sha256(text));
}

}  // namespace tsunagu::matching
