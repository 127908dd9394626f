#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_QUESTIONS_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_QUESTIONS_H_

namespace tsunagu {
class Service;
}

namespace tsunagu::matching {

// Binds tsunagu.matching.v1.RoundComparisonService and RoundExplanationService.
void BindRoundQuestions(Service& service);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_QUESTIONS_H_
