#ifndef TSUNAGU_SERVICES_TRAINING_REPLACE_CERTIFICATES_H_
#define TSUNAGU_SERVICES_TRAINING_REPLACE_CERTIFICATES_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Adds operations on all certificates of a course: reissue those whose content would be different today, or revoke
// them.
void AddReplacing(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_REPLACE_CERTIFICATES_H_
