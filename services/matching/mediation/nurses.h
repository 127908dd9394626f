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

// Asks the registry whether the nurse of each new proposal exists and fits its opening. Errors: REFERENCE_NOT_FOUND if
// the caller cannot see her; NURSE_NOT_REGISTERED if her registration is over; those of CheckFits;
// NURSE_EXCLUDES_FACILITY if she refuses to work there and the caller may read that; NURSE_NOT_CHECKED if the registry
// does not answer. The proposal gets her licence. Without a registry, every nurse is accepted.
Resource::AskOf<v1::Proposal> AskAboutNurses(Service& service, PeerFinder find_peer);

// As AskAboutNurses, for one new proposal.
absl::Status AskAboutNurse(Service& service, const PeerAccess& registry, rpc::Call& call, v1::Proposal& proposal,
                           Faults& faults);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_NURSES_H_
