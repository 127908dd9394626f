#ifndef TSUNAGU_SERVICES_TRAINING_REGISTRY_RECORD_H_
#define TSUNAGU_SERVICES_TRAINING_REGISTRY_RECORD_H_

#include <string>

#include "absl/status/status.h"
#include "services/training/evidence.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/learner.pb.h"

namespace tsunagu {
class Service;
namespace store {
class Tx;
}
}  // namespace tsunagu

namespace tsunagu::training {

// The record that the registry keeps of the training for which `enrollment` was made: one for each, whatever
// certificates follow one another. Empty where the registry keeps none.
std::string RegistryRecordOf(const v1::Curriculum& curriculum, const v1::Learner& learner,
                             const std::string& enrollment);

// Owes the registry what has become of `certificate`, which `tx` has written; nothing where it has no registry_record.
absl::Status TellRegistry(Service& service, store::Tx& tx, const CourseRule& rule, const v1::Certificate& certificate);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_REGISTRY_RECORD_H_
