#ifndef TSUNAGU_SERVICES_TRAINING_ENROLLMENT_H_
#define TSUNAGU_SERVICES_TRAINING_ENROLLMENT_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Adds learners, their enrollments, and their progress.
void AddEnrollments(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_ENROLLMENT_H_
