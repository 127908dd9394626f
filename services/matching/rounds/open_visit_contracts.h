#ifndef TSUNAGU_SERVICES_MATCHING_OPEN_VISIT_CONTRACTS_H_
#define TSUNAGU_SERVICES_MATCHING_OPEN_VISIT_CONTRACTS_H_

#include "common/rpc/bind.h"
#include "common/service/service.h"

namespace tsunagu::matching {

// Binds OpenVisitContracts.
void BindOpenVisitContracts(rpc::Binder& binder, Service& service);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_OPEN_VISIT_CONTRACTS_H_
