#ifndef TSUNAGU_SERVICES_SUBSIDY_EXPLANATION_H_
#define TSUNAGU_SERVICES_SUBSIDY_EXPLANATION_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Adds the explanations of amounts.
void AddExplanation(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_EXPLANATION_H_
