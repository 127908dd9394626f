#ifndef TSUNAGU_SERVICES_REGISTRY_SURVEY_FILES_H_
#define TSUNAGU_SERVICES_REGISTRY_SURVEY_FILES_H_

#include "absl/status/status.h"
#include "tsunagu/registry/v1/survey_round.pb.h"

namespace tsunagu {
class Service;
namespace store {
class Tx;
}
}  // namespace tsunagu

namespace tsunagu::registry {

// Adds the export and import of forms as files; the export of all answers of a round; the comparison with another
// round.
void AddSurveyFiles(Service& service);

// Stores the files of all accepted answers with a round that is being locked, and their digests in the round, so that
// neither a later name of a body nor a later version of this program changes their bytes.
absl::Status KeepExport(store::Tx& tx, v1::SurveyRound& round);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_SURVEY_FILES_H_
