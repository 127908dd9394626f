#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_APPLICATION_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_APPLICATION_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "services/subsidy/rules/ledger.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"

namespace tsunagu::subsidy::rules {

// An application as a state machine: which document is permitted in which state, and its effect on the yen.

// The state of an application. The committed amount is always what is granted and not yet paid.
struct Standing {
  v1::Application::State state = v1::Application::STATE_DRAFT;
  int64_t granted = 0;
  int64_t committed = 0;
  int64_t paid = 0;

  // Returns the amount that was paid beyond what is granted.
  int64_t owed() const { return paid > granted ? paid - granted : 0; }
};

// The effect of a document on an application.
struct Step {
  Standing after;
  std::vector<Movement> movements;
};

// Errors: STEP_OUT_OF_ORDER if such a filing is not permitted in this state; SOMETHING_PAID if the application is
// withdrawn after a payment; YEN_ABOVE_RULE if `tax` is more than what is granted. `minor`: the change needs no
// approval. `tax`: for a report of input tax, the amount to be returned.
absl::StatusOr<Step> File(const Standing& standing, v1::Filing::Kind kind, bool minor, int64_t tax);

// `yen`: for a grant, a change and a fixed amount, the total that is granted from now on; for a cancellation, the
// reduction. `back_to`: the state to which an application is sent back; unspecified: to the applicant. `filed`: the
// kind of the filing that is decided. Errors: STEP_OUT_OF_ORDER, CANNOT_GO_BACK, NOTHING_TO_RETURN; YEN_ABOVE_RULE for
// more than is granted.
absl::StatusOr<Step> Decide(const Standing& standing, v1::Decision::Kind kind, int64_t yen,
                            v1::Application::State back_to, v1::Filing::Kind filed);

// Errors: STEP_OUT_OF_ORDER; COMMITMENT_EXCEEDED for more than is committed; NOTHING_TO_RETURN for more than is owed.
absl::StatusOr<Step> Pay(const Standing& standing, v1::Payment::Kind kind, int64_t yen);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_APPLICATION_H_
