#ifndef TSUNAGU_SERVICES_SUBSIDY_APPLICATION_H_
#define TSUNAGU_SERVICES_SUBSIDY_APPLICATION_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Applications: what is written as a draft. What happens to one afterwards are documents below it.
void AddApplications(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_APPLICATION_H_
