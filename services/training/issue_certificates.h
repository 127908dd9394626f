#ifndef TSUNAGU_SERVICES_TRAINING_ISSUE_CERTIFICATES_H_
#define TSUNAGU_SERVICES_TRAINING_ISSUE_CERTIFICATES_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Adds issuing certificates to everybody who has completed a course.
void AddIssuing(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_ISSUE_CERTIFICATES_H_
