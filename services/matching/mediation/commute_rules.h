#ifndef TSUNAGU_SERVICES_MATCHING_COMMUTE_RULES_H_
#define TSUNAGU_SERVICES_MATCHING_COMMUTE_RULES_H_

namespace tsunagu {
class Service;
}

namespace tsunagu::matching {

// Commute rules with their travel times.
void AddCommuteRules(Service& service);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_COMMUTE_RULES_H_
