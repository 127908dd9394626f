#ifndef TSUNAGU_SERVICES_MATCHING_NURSES_H_
#define TSUNAGU_SERVICES_MATCHING_NURSES_H_

#include "common/base/error.h"
#include "common/rpc/peer_access.h"
#include "common/service/resource.h"
#include "tsunagu/matching/v1/proposal.pb.h"

namespace tsunagu {
class Service;
}

namespace tsunagu::matching {

// Has the registry say of the nurse of each new proposal that she is there and fits its opening: REFERENCE_NOT_FOUND
// where whoever proposes cannot see her, NURSE_NOT_REGISTERED where her registration is over, what CheckFits says,
// NURSE_EXCLUDES_FACILITY where she would not work there and the caller reads that, NURSE_NOT_CHECKED where the
// registry does not answer. The proposal gets her licence. Without a registry, every nurse is taken.
Resource::AskOf<v1::Proposal> AskAboutNurses(Service& service, PeerFinder find_peer);

// The same of one new proposal.
absl::Status AskAboutNurse(Service& service, const PeerAccess& registry, rpc::Call& call, v1::Proposal& proposal,
                           Faults& faults);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_NURSES_H_
