#ifndef TSUNAGU_SERVICES_SUBSIDY_PLANNING_H_
#define TSUNAGU_SERVICES_SUBSIDY_PLANNING_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// How a budget that is too small is shared, and what decisions would have been under another rule.
void AddPlanning(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PLANNING_H_
