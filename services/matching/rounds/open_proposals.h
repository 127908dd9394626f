#ifndef TSUNAGU_SERVICES_MATCHING_OPEN_PROPOSALS_H_
#define TSUNAGU_SERVICES_MATCHING_OPEN_PROPOSALS_H_

#include "common/rpc/bind.h"
#include "common/service/service.h"

namespace tsunagu::matching {

// Proposes what published rounds came to.
void BindOpenProposals(rpc::Binder& binder, Service& service);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_OPEN_PROPOSALS_H_
