#ifndef TSUNAGU_SERVICES_REGISTRY_PLACEMENTS_H_
#define TSUNAGU_SERVICES_REGISTRY_PLACEMENTS_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::registry {

// Adds coordinators, their placements, and the successions between them.
void AddPlacements(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_PLACEMENTS_H_
