#ifndef TSUNAGU_TOOLS_DEMO_PROPOSAL_H_
#define TSUNAGU_TOOLS_DEMO_PROPOSAL_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/suite/client.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/registry/v1/nurse_employment.pb.h"

namespace tsunagu::demo {

// A proposal that led to an employment; without a name if no nurse can be proposed.
struct ProposalReport {
  matching::v1::Proposal proposal;
  std::string facility;                      // its display name
  registry::v1::NurseEmployment employment;  // what the registry was told; without a name if it was told nothing
  bool seeking = false;                      // whether she still looks for work, according to the registry
};

// Proposes the first opening of `prefecture` (areas/310000) to the last of the nurses recommended for it, under the
// first legal basis that is in force there today, and takes all steps until she has started today. Nurse and facility
// each act with a key that has a role and scope of its own. Continues a proposal that was begun before, and only reads
// one that is complete. Waits until the registry has the record. Errors: those of the server.
absl::StatusOr<ProposalReport> WalkProposal(const suite::Client& client, const std::string& prefecture);

// Returns the report as text for a terminal.
std::string ProposalText(const ProposalReport& report, Language language);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_PROPOSAL_H_
