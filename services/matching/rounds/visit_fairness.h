#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_FAIRNESS_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_FAIRNESS_H_

namespace tsunagu {
class Service;
namespace peers {
class RegistryPlaces;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// Offers the report "visits-fairness". `names` must outlive the service.
void AddVisitFairness(Service& service, const peers::RegistryPlaces& names);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_FAIRNESS_H_
