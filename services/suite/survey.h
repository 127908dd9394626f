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

// `tsunagu survey`: who has answered, forms as files, out and in, all answers as one file, and what became of them
// since last year.
void AddSurvey(CLI::App& app, std::function<int()>& chosen);

// Each tells what came of it. `round` is its name or id.
absl::Status ShowSurvey(const Client& client, const std::string& round, std::ostream& told);
// A file for each body: DIRECTORY/312011.xlsx. FILE_NOT_WRITABLE.
absl::Status WriteSurveyForms(const Client& client, const std::string& round, registry::v1::SurveyFile::Format format,
                              const std::string& directory, std::ostream& told);

struct SurveyAnswers {
  std::vector<std::string> files;
  std::string round;  // empty: as each file says
  std::string body;
  bool submit = false;
};
// Each file by itself: one that is refused keeps no other from being taken. Refusals go to `errors`; how many there
// were.
absl::StatusOr<int> ReadSurveyForms(const Client& client, const SurveyAnswers& answers, std::ostream& told,
                                    std::ostream& errors);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_SURVEY_H_
