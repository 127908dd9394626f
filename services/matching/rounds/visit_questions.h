#ifndef TSUNAGU_SERVICES_MATCHING_VISIT_QUESTIONS_H_
#define TSUNAGU_SERVICES_MATCHING_VISIT_QUESTIONS_H_

#include "common/rpc/peer_access.h"

namespace tsunagu {
class Service;
}

namespace tsunagu::matching {

// Binds tsunagu.matching.v1.VisitComparisonService.
void BindVisitQuestions(Service& service, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISIT_QUESTIONS_H_
