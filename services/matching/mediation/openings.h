#ifndef TSUNAGU_SERVICES_MATCHING_OPENINGS_H_
#define TSUNAGU_SERVICES_MATCHING_OPENINGS_H_

#include "common/rpc/peer_access.h"
#include "common/service/service.h"

namespace tsunagu::matching {

// Adds openings: their rules, and refusals. Call it after AddLegalBases.
void AddOpenings(Service& service, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_OPENINGS_H_
