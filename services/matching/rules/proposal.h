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

// A new proposal of an opening: what it takes over from it, and that the nurse's consent is due. Adds
// OPENING_NOT_EMPLOYMENT, REPLY_BY_PAST.
void Propose(const v1::Opening& opening, jp::CivilDay today, v1::Proposal& proposal, Faults& faults);

// Each makes of a proposal what the request says of it, today. Where another step is due, or its day is over, they add
// why and change nothing; all other faults are added together.
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

// Whether it may still come to an employment, were its day not over.
bool IsUnderWay(const v1::Proposal& proposal);
// Whether the step that is due can be done no more.
bool IsExpired(const v1::Proposal& proposal, jp::CivilDay today);
// Whether anything is still asked or promised by it: a step that may be taken, a start to come, days of work.
bool GoesOn(const v1::Proposal& proposal, jp::CivilDay today);
// Whether the facility may know who she is: from her consent on, until it is withdrawn, has expired, or she was not
// taken.
bool MayBeKnown(const v1::Proposal& proposal, jp::CivilDay today);
// Steps that nobody takes once the opening is refused or over: all before the offer, and the offer itself.
bool NeedsOpening(v1::Proposal::State state);

// The days on which it holds a post of its opening, as it stands today: an offer that has not expired, what she has
// accepted, while she works there.
absl::optional<jp::Period> DaysHeld(const v1::Proposal& proposal, jp::CivilDay today);
// The days on which the nurse is promised to it: what she has accepted, while she works there.
absl::optional<jp::Period> DaysPromised(const v1::Proposal& proposal);
// Most of `periods` that hold on any one day of `within`.
int MostAtOnce(const std::vector<jp::Period>& periods, const jp::Period& within);
// Whether both may want her in the same half-day. Where one of them does not say its half-days, they may.
bool MayCollide(const v1::Proposal& a, const v1::Proposal& b);

// The next check whether she stays: months after her start, and the day. None after the last, and none behind her last
// day.
struct DueCheck {
  int months;
  jp::CivilDay day;
};
absl::optional<DueCheck> NextCheck(const v1::Proposal& proposal);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_PROPOSAL_H_
