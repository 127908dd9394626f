#ifndef TSUNAGU_SERVICES_REGISTRY_SURVEY_DIFFERENCE_H_
#define TSUNAGU_SERVICES_REGISTRY_SURVEY_DIFFERENCE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "tsunagu/registry/v1/survey_response.pb.h"

namespace tsunagu::store {
class View;
}

namespace tsunagu::registry {

// Returns how each answer differs from the other round, by the codes of the bodies, in the order of the newer form;
// items that only the older form has come last. Errors: SURVEY_ROUND_NOT_FOUND if a round is outside the view's scope.
absl::StatusOr<std::vector<v1::SurveyDifference>> DifferencesOf(store::View& view,
                                                                const v1::CompareSurveyRoundsRequest& request);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_SURVEY_DIFFERENCE_H_
