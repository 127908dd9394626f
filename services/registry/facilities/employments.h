#ifndef TSUNAGU_SERVICES_REGISTRY_EMPLOYMENTS_H_
#define TSUNAGU_SERVICES_REGISTRY_EMPLOYMENTS_H_

#include "common/service/service.h"

namespace tsunagu::registry {

// Adds the employments of nurses. Call it after nurses and facilities are added.
void AddEmployments(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_EMPLOYMENTS_H_
