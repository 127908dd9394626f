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

// An application as a state machine: which document may come where, and what it does to the yen.

// Where an application stands. What is committed is always what it is granted and was not paid.
struct Standing {
  v1::Application::State state = v1::Application::STATE_DRAFT;
  int64_t granted = 0;
  int64_t committed = 0;
  int64_t paid = 0;

  // What was paid beyond what it is granted.
  int64_t owed() const { return paid > granted ? paid - granted : 0; }
};

// What a document makes of an application.
struct Step {
  Standing after;
  std::vector<Movement> movements;
};

// STEP_OUT_OF_ORDER where such a filing has no place; SOMETHING_PAID where it is taken back after a payment. `minor`:
// of a change, it needs no approval. `tax`: of a report of input tax, what has to be given back; YEN_ABOVE_RULE where
// that is more than it is granted.
absl::StatusOr<Step> File(const Standing& standing, v1::Filing::Kind kind, bool minor, int64_t tax);

// `yen`: of a grant, a change and a fixed amount: what it is granted from here on; of a cancellation what is taken
// away. `back_to`: of what is sent back; unspecified: to the applicant. `filed`: the kind of the filing that is decided
// about. STEP_OUT_OF_ORDER, CANNOT_GO_BACK, YEN_ABOVE_RULE for more than it is granted, NOTHING_TO_RETURN.
absl::StatusOr<Step> Decide(const Standing& standing, v1::Decision::Kind kind, int64_t yen,
                            v1::Application::State back_to, v1::Filing::Kind filed);

// STEP_OUT_OF_ORDER, COMMITMENT_EXCEEDED for more than is committed, NOTHING_TO_RETURN for more than is owed.
absl::StatusOr<Step> Pay(const Standing& standing, v1::Payment::Kind kind, int64_t yen);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_APPLICATION_H_
