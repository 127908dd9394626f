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

// Owes the registry the employment that `proposal`, which `tx` has written, came to; nothing where the registry was not
// told of its start. One record for each proposal, whatever is told after one another. `ends_search`: she looks for no
// more work.
absl::Status TellOfEmployment(Service& service, store::Tx& tx, const v1::Proposal& proposal, bool ends_search);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_EMPLOYMENT_RECORD_H_
