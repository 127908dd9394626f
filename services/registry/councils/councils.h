#ifndef TSUNAGU_SERVICES_REGISTRY_COUNCILS_H_
#define TSUNAGU_SERVICES_REGISTRY_COUNCILS_H_

#include "common/service/service.h"

namespace tsunagu::registry {

// Adds councils, their meetings, local issues and targets of plans, with their rules, reports and due items.
void AddCouncils(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_COUNCILS_H_
