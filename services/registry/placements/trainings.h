#ifndef TSUNAGU_SERVICES_REGISTRY_TRAININGS_H_
#define TSUNAGU_SERVICES_REGISTRY_TRAININGS_H_

namespace tsunagu {
class Service;
}

namespace tsunagu::registry {

// Trainings of nurses and of coordinators.
void AddTrainings(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_TRAININGS_H_
