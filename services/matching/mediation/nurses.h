#ifndef TSUNAGU_SERVICES_MATCHING_NURSES_H_
#define TSUNAGU_SERVICES_MATCHING_NURSES_H_

#include "common/rpc/peer_access.h"
#include "common/service/resource.h"
#include "tsunagu/matching/v1/proposal.pb.h"

namespace tsunagu {
class Service;
}

namespace tsunagu::matching {

// Has the registry say of the nurse of each new proposal that she is there: REFERENCE_NOT_FOUND where whoever proposes
// cannot see her, NURSE_NOT_REGISTERED where her registration is over, NURSE_NOT_CHECKED where the registry does not
// answer. Without a registry, every nurse is taken.
Resource::AskOf<v1::Proposal> AskAboutNurses(Service& service, PeerFinder find_peer);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_NURSES_H_
