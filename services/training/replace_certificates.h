#ifndef TSUNAGU_SERVICES_TRAINING_REPLACE_CERTIFICATES_H_
#define TSUNAGU_SERVICES_TRAINING_REPLACE_CERTIFICATES_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// What becomes of all certificates of a course: issued anew where they would say something else today, or withdrawn.
void AddReplacing(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_REPLACE_CERTIFICATES_H_
