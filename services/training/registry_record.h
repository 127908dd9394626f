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

// Returns the registry's record of the training for which `enrollment` was made. There is one record for each
// enrollment, regardless of how many certificates follow one another. Empty if the registry keeps none.
std::string RegistryRecordOf(const v1::Curriculum& curriculum, const v1::Learner& learner,
                             const std::string& enrollment);

// Queues a message to the registry about the present state of `certificate`, which `tx` has written; does nothing if it
// has no registry_record.
absl::Status TellRegistry(Service& service, store::Tx& tx, const CourseRule& rule, const v1::Certificate& certificate);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_REGISTRY_RECORD_H_
