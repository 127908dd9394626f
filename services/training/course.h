#ifndef TSUNAGU_SERVICES_TRAINING_COURSE_H_
#define TSUNAGU_SERVICES_TRAINING_COURSE_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Adds curricula, courses and their sessions, and the selection of nominees.
void AddCourses(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_COURSE_H_
