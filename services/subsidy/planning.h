#ifndef TSUNAGU_SERVICES_SUBSIDY_PLANNING_H_
#define TSUNAGU_SERVICES_SUBSIDY_PLANNING_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Adds the allocation of an insufficient budget, and the comparison of decisions with another rule.
void AddPlanning(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PLANNING_H_
