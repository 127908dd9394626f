#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_QUESTIONS_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_QUESTIONS_H_

namespace tsunagu {
class Service;
namespace peers {
class RegistryPlaces;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// Binds tsunagu.matching.v1.RoundComparisonService and RoundExplanationService. `names` outlives the service.
void BindRoundQuestions(Service& service, const peers::RegistryPlaces& names);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_QUESTIONS_H_
