#ifndef TSUNAGU_SERVICES_MATCHING_EMPLOYMENT_RECORD_H_
#define TSUNAGU_SERVICES_MATCHING_EMPLOYMENT_RECORD_H_

#include "absl/status/status.h"
#include "tsunagu/matching/v1/proposal.pb.h"

namespace tsunagu {
class Service;
namespace store {
class Tx;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// Queues a message to the registry about the employment that resulted from `proposal`, which `tx` has written. Does
// nothing if the registry was not told of its start. There is one record for each proposal, however many messages
// follow one another. `ends_search`: the nurse looks for no more work.
absl::Status TellOfEmployment(Service& service, store::Tx& tx, const v1::Proposal& proposal, bool ends_search);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_EMPLOYMENT_RECORD_H_
