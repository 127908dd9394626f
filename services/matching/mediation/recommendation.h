#ifndef TSUNAGU_SERVICES_MATCHING_RECOMMENDATION_H_
#define TSUNAGU_SERVICES_MATCHING_RECOMMENDATION_H_

#include "common/rpc/peer_access.h"

namespace tsunagu {
class Service;
}

namespace tsunagu::matching {

void BindRecommendations(Service& service, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_RECOMMENDATION_H_
