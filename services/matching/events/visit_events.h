#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_EVENTS_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_EVENTS_H_

#include "common/rpc/peer_access.h"

namespace tsunagu {
class Service;
struct Resource;
}  // namespace tsunagu

namespace tsunagu::matching {

// Binds tsunagu.matching.v1.VisitEventService.
void BindVisitEvents(Service& service, Resource& rounds, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_EVENTS_H_
