#ifndef TSUNAGU_TOOLS_DEMO_PROPOSAL_H_
#define TSUNAGU_TOOLS_DEMO_PROPOSAL_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/suite/client.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/registry/v1/nurse_employment.pb.h"

namespace tsunagu::demo {

// A proposal that has come to work; without a name where nobody can be proposed.
struct ProposalReport {
  matching::v1::Proposal proposal;
  std::string facility;                      // its display name
  registry::v1::NurseEmployment employment;  // what the registry was told; without a name where nobody told it
  bool seeking = false;                      // whether she still looks for work, by the registry
};

// Proposes the first opening of `prefecture` (areas/310000) to the last of the nurses who are recommended for it, by
// the first legal basis that holds there today, and has everybody do their part until she has started today: nurse and
// facility each by a key with a role and scope of their own. What was begun before goes on, and what has come to work
// is only read. Waits until the registry knows. Errors are those of the server.
absl::StatusOr<ProposalReport> WalkProposal(const suite::Client& client, const std::string& prefecture);

// The report as text for a terminal.
std::string ProposalText(const ProposalReport& report, Language language);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_PROPOSAL_H_
