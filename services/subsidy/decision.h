#ifndef TSUNAGU_SERVICES_SUBSIDY_DECISION_H_
#define TSUNAGU_SERVICES_SUBSIDY_DECISION_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Adds the decisions of grantors.
void AddDecisions(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_DECISION_H_
