#ifndef TSUNAGU_SERVICES_TRAINING_ROSTER_H_
#define TSUNAGU_SERVICES_TRAINING_ROSTER_H_

namespace tsunagu {
class Service;
namespace peers {
class RegistryPlaces;
}
}  // namespace tsunagu

namespace tsunagu::training {

// Adds the roster of learners who completed a course. `places`, which must outlive the service, has the names of
// bodies.
void AddRoster(Service& service, const peers::RegistryPlaces& places);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_ROSTER_H_
