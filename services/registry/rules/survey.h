#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_SURVEY_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_SURVEY_H_

#include <functional>
#include <map>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "common/base/error.h"
#include "tsunagu/registry/v1/survey_form.pb.h"
#include "tsunagu/registry/v1/survey_response.pb.h"

namespace tsunagu::registry::rules {

// The registry's counts for a body on the day of a round.
struct BodyCounts {
  // By person: the placements in which she serves.
  using People = std::map<std::string, std::set<std::string>>;
  People actual, planned;
  std::set<std::string> trained;  // the people of both whose training counts on the day
};

// Adds the faults in a form: a repeated item, a sum of an item that is not a number, choices or checks that do not
// match.
void CheckForm(const v1::SurveyForm& form, Faults& faults);

// Adds, at `field`, a fault if an answer has another kind of value than the item. A blank answer is valid.
void CheckValue(const v1::SurveyForm::Item& item, const std::string& value, const std::string& field, Faults& faults);

// Adds the faults in the present answers: an item that is not in the form, a repeated item, a value of another kind.
void CheckAnswers(const v1::SurveyForm& form, const v1::SurveyResponse& response, Faults& faults);

// The cell of an item in a file, such as D9.
using CellOf = std::function<std::string(const v1::SurveyForm::Item&)>;

// Adds the faults that prevent the answers from being submitted: each missing required item, each sum that does not add
// up, each check that fails. For a file, faults are reported at their cells and also name the cells of the other
// answers.
void CheckComplete(const v1::SurveyForm& form, const v1::SurveyResponse& response, Faults& faults,
                   const CellOf& cell_of = nullptr);

// Returns the form without everything that concerns these items: the part that can be checked while their answers are
// unclear.
v1::SurveyForm Without(v1::SurveyForm form, const std::set<std::string>& items);

// Returns an answer as it is shown to people: 有 for 1.
std::string Shown(const v1::SurveyForm::Item& item, const std::string& value);

// Sorts the answers in the order of the form, one for each item, and adds to each the count, the rows it was counted
// from, and the source of its value. With `prefill`, an unanswered item gets the count.
void Complete(const v1::SurveyForm& form, const BodyCounts& counts, bool prefill, v1::SurveyResponse& response);

// Returns whether a response may change from one state to the other; from UNSPECIFIED: whether it may be created.
bool MayGo(v1::SurveyResponse::State from, v1::SurveyResponse::State to);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_SURVEY_H_
