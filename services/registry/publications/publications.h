#ifndef TSUNAGU_SERVICES_REGISTRY_PUBLICATIONS_H_
#define TSUNAGU_SERVICES_REGISTRY_PUBLICATIONS_H_

namespace tsunagu {
class Service;
}

namespace tsunagu::registry {

// Publications, their files, and their withdrawal.
void AddPublications(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_PUBLICATIONS_H_
