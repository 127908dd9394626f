#ifndef TSUNAGU_SERVICES_TRAINING_ROSTER_H_
#define TSUNAGU_SERVICES_TRAINING_ROSTER_H_

namespace tsunagu {
class Service;
namespace peers {
class RegistryPlaces;
}
}  // namespace tsunagu

namespace tsunagu::training {

// The roster of those who completed. `places`, which outlives the service, tells what bodies are called.
void AddRoster(Service& service, const peers::RegistryPlaces& places);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_ROSTER_H_
