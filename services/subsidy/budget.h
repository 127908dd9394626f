#ifndef TSUNAGU_SERVICES_SUBSIDY_BUDGET_H_
#define TSUNAGU_SERVICES_SUBSIDY_BUDGET_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Budget lines, what changes them, and their postings.
void AddBudget(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_BUDGET_H_
