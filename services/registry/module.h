#ifndef TSUNAGU_SERVICES_REGISTRY_MODULE_H_
#define TSUNAGU_SERVICES_REGISTRY_MODULE_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::registry {

// Adds the registry's resources to `service` and binds their methods.
void Build(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_MODULE_H_
