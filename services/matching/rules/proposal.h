#ifndef TSUNAGU_SERVICES_MATCHING_RULES_PROPOSAL_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_PROPOSAL_H_

#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "common/jp/period.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/matching/v1/proposal.pb.h"

namespace tsunagu::matching::rules {

// Starts a new proposal of an opening: copies the fields that it takes from the opening, and sets the nurse's consent
// as the step that is due. Adds OPENING_NOT_EMPLOYMENT, REPLY_BY_PAST.
void Propose(const v1::Opening& opening, jp::CivilDay today, v1::Proposal& proposal, Faults& faults);

// Each function applies a request to a proposal, as of today. If another step is due, or the day of this step is over,
// it adds that fault and changes nothing. All other faults are added together.
void Consent(const v1::ConsentProposalRequest& request, jp::CivilDay today, v1::Proposal& proposal, Faults& faults);
void Agree(const v1::AgreeProposalRequest& request, jp::CivilDay today, v1::Proposal& proposal, Faults& faults);
void Meet(const v1::RecordInterviewRequest& request, jp::CivilDay today, v1::Proposal& proposal, Faults& faults);
void Decide(const v1::DecideProposalRequest& request, jp::CivilDay today, v1::Proposal& proposal, Faults& faults);
void Accept(const v1::AcceptProposalRequest& request, jp::CivilDay today, v1::Proposal& proposal, Faults& faults);
void Start(const v1::StartProposalRequest& request, jp::CivilDay today, v1::Proposal& proposal, Faults& faults);
void Check(const v1::RecordRetentionRequest& request, jp::CivilDay today, v1::Proposal& proposal, Faults& faults);
void Leave(const v1::LeaveProposalRequest& request, jp::CivilDay today, v1::Proposal& proposal, Faults& faults);
void Stay(const v1::StayProposalRequest& request, jp::CivilDay today, v1::Proposal& proposal, Faults& faults);
void Withdraw(const v1::WithdrawProposalRequest& request, jp::CivilDay today, v1::Proposal& proposal, Faults& faults);

// Returns whether the proposal can still lead to an employment, apart from the expiry of its day.
bool IsUnderWay(const v1::Proposal& proposal);
// Returns whether the day of the step that is due is over.
bool IsExpired(const v1::Proposal& proposal, jp::CivilDay today);
// Returns whether the opening keeps its half-days for this proposal: from the nurse's consent until she has started, or
// the proposal has ended.
bool KeepsHalfDays(const v1::Proposal& proposal, jp::CivilDay today);
// Returns whether the opening keeps its kind and its facility for this proposal: as its half-days, and as long as she
// works there.
bool KeepsPlace(const v1::Proposal& proposal, jp::CivilDay today);
// Adds OPENING_CHANGED if the opening is of another kind, at another facility or in other half-days than the proposal
// says: nobody consents to what she was not told.
void CheckAsTold(const v1::Opening& opening, const v1::Proposal& proposal, Faults& faults);
// Returns whether the facility may learn the nurse's identity: from her consent until the proposal is withdrawn or has
// expired, or she is not hired.
bool MayBeKnown(const v1::Proposal& proposal, jp::CivilDay today);
// Returns whether the step requires an opening that is neither refused nor over: all steps before the offer, and the
// offer itself.
bool NeedsOpening(v1::Proposal::State state);

// Returns the days on which the proposal, as of today, holds a post of its opening: for an offer that has not expired,
// for an offer that she has accepted, and while she works there.
absl::optional<jp::Period> DaysHeld(const v1::Proposal& proposal, jp::CivilDay today);
// Returns the days on which the nurse is bound to the proposal: after she has accepted, and while she works there.
absl::optional<jp::Period> DaysPromised(const v1::Proposal& proposal);
// Returns the largest number of `periods` that contain the same day of `within`.
int MostAtOnce(const std::vector<jp::Period>& periods, const jp::Period& within);
// Returns whether both proposals may claim the nurse for the same half-day. True if one of them does not state its
// half-days.
bool MayCollide(const v1::Proposal& a, const v1::Proposal& b);

// The next retention check: months after the nurse's start, and the day. Nothing after the last check, and nothing
// after her last day.
struct DueCheck {
  int months;
  jp::CivilDay day;
};
absl::optional<DueCheck> NextCheck(const v1::Proposal& proposal);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_PROPOSAL_H_
