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
  std::string opening, nurse, round;  // of these; empty: of any
  bool over = false;                  // also those that came to nothing, or whose nurse has left
};

// What is on its way, with the day by which it goes on or expires; by that day.
absl::Status ListProposals(const Client& client, const ProposalFilter& filter, std::ostream& told);

// One step of a proposal: consent, agree, meet, hire, refuse, accept, start, retain, leave, stay, withdraw. `said` has
// what the step needs to be told, by field of its request; what is missing or does not belong there, the server or this
// says.
absl::Status TakeStep(const Client& client, const std::string& step, const std::string& proposal,
                      const std::map<std::string, std::string>& said, std::ostream& told);

// `tsunagu proposals`.
void AddProposals(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_PROPOSALS_H_
