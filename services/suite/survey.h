#ifndef TSUNAGU_SERVICES_SUITE_SURVEY_H_
#define TSUNAGU_SERVICES_SUITE_SURVEY_H_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/suite/client.h"
#include "tsunagu/registry/v1/survey_response.pb.h"

namespace CLI {
class App;
}

namespace tsunagu::suite {

// `tsunagu survey`: shows who has answered, writes and reads forms as files, writes all answers as one file, and
// compares them with last year's.
void AddSurvey(CLI::App& app, std::function<int()>& chosen);

// Each prints its result. `round` is its name or id.
absl::Status ShowSurvey(const Client& client, const std::string& round, std::ostream& told);
// Writes a file for each body: DIRECTORY/312011.xlsx. Errors: FILE_NOT_WRITABLE.
absl::Status WriteSurveyForms(const Client& client, const std::string& round, registry::v1::SurveyFile::Format format,
                              const std::string& directory, std::ostream& told);

struct SurveyAnswers {
  std::vector<std::string> files;
  std::string round;  // empty: the round that each file states
  std::string body;
  bool submit = false;
};
// Reads each file independently: a refused file does not prevent others from being read. Writes refusals to `errors`
// and returns their number.
absl::StatusOr<int> ReadSurveyForms(const Client& client, const SurveyAnswers& answers, std::ostream& told,
                                    std::ostream& errors);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_SURVEY_H_
