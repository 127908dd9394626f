#ifndef TSUNAGU_SERVICES_MATCHING_SUPPLY_REPORT_H_
#define TSUNAGU_SERVICES_MATCHING_SUPPLY_REPORT_H_

namespace tsunagu {
class Service;
namespace peers {
class RegistryPlaces;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// Offers the report "supply". `names` must outlive the service.
void AddSupplyReport(Service& service, const peers::RegistryPlaces& names);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_SUPPLY_REPORT_H_
