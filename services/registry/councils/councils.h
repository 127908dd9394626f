#ifndef TSUNAGU_SERVICES_REGISTRY_COUNCILS_H_
#define TSUNAGU_SERVICES_REGISTRY_COUNCILS_H_

#include "common/service/service.h"

namespace tsunagu::registry {

// Councils, their meetings, local issues and targets of plans: their rules, their reports, and what of them is due.
void AddCouncils(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_COUNCILS_H_
