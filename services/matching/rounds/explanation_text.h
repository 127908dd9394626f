#ifndef TSUNAGU_SERVICES_MATCHING_EXPLANATION_TEXT_H_
#define TSUNAGU_SERVICES_MATCHING_EXPLANATION_TEXT_H_

#include <cstdint>
#include <string>

#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::matching {

// What the codes and numbers of an answer say, in Japanese and English. Nothing else goes into it. What a nurse is told
// of one opening names no care: it is that of few children. Where many facilities need it, `names_care`.
platform::v1::Label TextOf(const v1::Assignment& assignment, bool names_care);
platform::v1::Label TextOf(const v1::ExplainAssignmentResponse::Step& step);
platform::v1::Label TextOf(const v1::ExplainOpeningResponse& opening);
platform::v1::Label TextOf(const v1::ExplainAreaResponse::Shortage& shortage, bool names_care);
platform::v1::Label TextOf(const v1::ExplainAreaResponse& area);
// "鳥取市（312011）" of areas/312011; only the id where it has no other name.
platform::v1::Label NameOfPlace(const std::string& place, const std::string& display_name);
// Adds the places of caps that kept a nurse out of what comes before what she got.
void AddCaps(v1::ExplainAssignmentResponse& response);
// Adds after which event a text holds, if it is after one.
void AddAfterEvent(int32_t after_event, platform::v1::Label& text);
// Of a round that goes by prices.
platform::v1::Label TextByPrices(const v1::ExplainAssignmentResponse::Step& step);
platform::v1::Label TextByPrices(const v1::ExplainOpeningResponse& opening);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_EXPLANATION_TEXT_H_
