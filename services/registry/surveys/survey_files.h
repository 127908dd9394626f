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

// Forms as files, out and in; all answers of a round as one file; what changed since another round.
void AddSurveyFiles(Service& service);

// Keeps the files of all accepted answers with a round that is being locked, and their digests in it: later neither a
// new name of a body nor a new version of this program makes other bytes of them.
absl::Status KeepExport(store::Tx& tx, v1::SurveyRound& round);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_SURVEY_FILES_H_
