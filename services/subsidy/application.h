#ifndef TSUNAGU_SERVICES_SUBSIDY_APPLICATION_H_
#define TSUNAGU_SERVICES_SUBSIDY_APPLICATION_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Adds applications in their state as drafts. Later steps are documents below the application.
void AddApplications(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_APPLICATION_H_
