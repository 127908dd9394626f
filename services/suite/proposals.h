#ifndef TSUNAGU_SERVICES_SUITE_PROPOSALS_H_
#define TSUNAGU_SERVICES_SUITE_PROPOSALS_H_

#include <functional>
#include <map>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "services/suite/client.h"

namespace CLI {
class App;
}

namespace tsunagu::suite {

struct ProposalFilter {
  std::string opening, nurse, round;  // filters; empty: any
  bool over = false;                  // also list proposals that failed, or whose nurse has left
};

// Lists open proposals, ordered by the day by which they continue or expire.
absl::Status ListProposals(const Client& client, const ProposalFilter& filter, std::ostream& told);

// Takes one step of a proposal: consent, agree, meet, hire, refuse, accept, start, retain, leave, stay, withdraw.
// `said` has the fields of the request. This function or the server reports missing and superfluous fields.
absl::Status TakeStep(const Client& client, const std::string& step, const std::string& proposal,
                      const std::map<std::string, std::string>& said, std::ostream& told);

// `tsunagu proposals`.
void AddProposals(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_PROPOSALS_H_
