#ifndef TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATE_TEXT_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATE_TEXT_H_

#include <cstdint>
#include <vector>

#include "tsunagu/matching/v1/recommendation.pb.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::matching::rules {

using platform::v1::Label;

// Returns the texts that explain a candidate whose figures are filled: if nothing blocks the nurse, the reasons for the
// pair; else the changes that would make her eligible.
std::vector<Label> ReasonsOf(const v1::Candidate& candidate, const v1::SnapshotNurse& nurse,
                             const v1::SnapshotOpening& opening);

// "吸引の研修で、求人があと7件" / "with training in suction: 7 more openings". `of_nurses`: the count is of nurses, not
// of openings.
Label TextOf(registry::v1::Skill skill, int32_t count, bool of_nurses);

// "通勤時間があと10分延びると、求人があと4件" / "with 10 minutes more of travel: 4 more openings".
Label TextOf(const v1::CandidateCounts::WayCount& way, bool of_nurses);

// "2050-04-10からの就業先を承諾しています" / "has accepted a post from 2050-04-10 on".
Label TextOf(const v1::RecommendOpeningsResponse::Engagement& engagement);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_CANDIDATE_TEXT_H_
