#ifndef TSUNAGU_SERVICES_REGISTRY_PLACEMENTS_H_
#define TSUNAGU_SERVICES_REGISTRY_PLACEMENTS_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::registry {

// Coordinators, where they are placed, and who follows whom.
void AddPlacements(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_PLACEMENTS_H_
