#ifndef TSUNAGU_SERVICES_TRAINING_PRINT_CERTIFICATES_H_
#define TSUNAGU_SERVICES_TRAINING_PRINT_CERTIFICATES_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Adds certificates as PDF: a single one, and all of a course.
void AddPrinting(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_PRINT_CERTIFICATES_H_
