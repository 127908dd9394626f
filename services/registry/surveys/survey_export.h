#ifndef TSUNAGU_SERVICES_REGISTRY_SURVEY_EXPORT_H_
#define TSUNAGU_SERVICES_REGISTRY_SURVEY_EXPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tsunagu/registry/v1/survey_form.pb.h"
#include "tsunagu/registry/v1/survey_round.pb.h"

namespace tsunagu::store {
class View;
}

namespace tsunagu::registry {

// All answers of a round, by the codes of the bodies. The source of each answer is in columns after the answers.
struct AnswerTable {
  v1::SurveyForm form;
  std::vector<std::vector<std::string>> rows;  // the first one is the heading
  absl::Time created;
};

// Returns the accepted answers if the round is locked or being locked; else all present answers.
absl::StatusOr<AnswerTable> AnswersOf(store::View& view, const v1::SurveyRound& round);

absl::StatusOr<std::string> WorkbookOf(const AnswerTable& table);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_SURVEY_EXPORT_H_
