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

// What the registry knows of a body on the day of a round.
struct BodyCounts {
  // Each of these people, and the placements in which she serves.
  using People = std::map<std::string, std::set<std::string>>;
  People actual, planned;
  std::set<std::string> trained;  // those of both whose training counts on the day
};

// Adds what is wrong with a form: an item twice, a sum of something that is no number, choices or checks that do not
// fit.
void CheckForm(const v1::SurveyForm& form, Faults& faults);

// Adds, at `field`, what is wrong with an answer: a value of another kind than the item's. A blank one is right.
void CheckValue(const v1::SurveyForm::Item& item, const std::string& value, const std::string& field, Faults& faults);

// Adds what is wrong with answers as they stand: an item that the form has not, one twice, a value of another kind.
void CheckAnswers(const v1::SurveyForm& form, const v1::SurveyResponse& response, Faults& faults);

// The cell of an item in a file, such as D9.
using CellOf = std::function<std::string(const v1::SurveyForm::Item&)>;

// Adds what stands in the way of handing them in: each item that has to be answered, each sum that does not add up,
// each check that does not hold. Of a file, faults are told at their cells, and name those of the other answers too.
void CheckComplete(const v1::SurveyForm& form, const v1::SurveyResponse& response, Faults& faults,
                   const CellOf& cell_of = nullptr);

// The form without whatever is asked of these items: what can be checked while their answers are unclear.
v1::SurveyForm Without(v1::SurveyForm form, const std::set<std::string>& items);

// How an answer is written for people: 有 for 1.
std::string Shown(const v1::SurveyForm::Item& item, const std::string& value);

// Puts the answers into the order of the form, one for each item, and says of each what was counted, from which rows,
// and where its value comes from. With `prefill`, an item that is not answered gets what was counted.
void Complete(const v1::SurveyForm& form, const BodyCounts& counts, bool prefill, v1::SurveyResponse& response);

// Whether a response may go from one state to the other; from UNSPECIFIED: may be made.
bool MayGo(v1::SurveyResponse::State from, v1::SurveyResponse::State to);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_SURVEY_H_
