#ifndef TSUNAGU_SERVICES_MATCHING_EXPLANATION_TEXT_H_
#define TSUNAGU_SERVICES_MATCHING_EXPLANATION_TEXT_H_

#include <cstdint>
#include <string>

#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::matching {

// The name of what keeps somebody away: 「通勤距離」, "the way to work".
platform::v1::Label NameOf(v1::Blocker blocker);
// Texts for the codes and numbers of an answer, in Japanese and English, made from nothing else. A text to a nurse
// about one opening names no care and no number of skills, since it is the care of few children. If many facilities
// need it, pass `names_care`.
platform::v1::Label TextOf(const v1::Assignment& assignment, bool names_care);
platform::v1::Label TextOf(const v1::ExplainAssignmentResponse::Step& step);
platform::v1::Label TextOf(const v1::ExplainOpeningResponse& opening);
platform::v1::Label TextOf(const v1::ExplainAreaResponse::Shortage& shortage, bool names_care);
platform::v1::Label TextOf(const v1::ExplainAreaResponse& area);
// "鳥取市（312011）" for areas/312011; only the id if it has no other name.
platform::v1::Label NameOfPlace(const std::string& place, const std::string& display_name);
// Adds the places of the caps that kept a nurse out of an opening that she prefers to what she got.
void AddCaps(v1::ExplainAssignmentResponse& response);
// Adds to a text the event after which it is valid, if there is one.
void AddAfterEvent(int32_t after_event, platform::v1::Label& text);
// For a round that is explained by prices.
platform::v1::Label TextByPrices(const v1::ExplainAssignmentResponse::Step& step);
platform::v1::Label TextByPrices(const v1::ExplainOpeningResponse& opening);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_EXPLANATION_TEXT_H_
