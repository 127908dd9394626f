#ifndef TSUNAGU_SERVICES_SUITE_EXPLAIN_H_
#define TSUNAGU_SERVICES_SUITE_EXPLAIN_H_

#include <functional>
#include <string>

#include "common/base/error.h"
#include "tsunagu/subsidy/v1/explanation.pb.h"

namespace CLI {
class App;
}

namespace tsunagu::suite {

// `tsunagu explain`: explains an amount line by line.
void AddExplain(CLI::App& app, std::function<int()>& chosen);

// Returns the text that the command prints.
std::string ExplanationText(const subsidy::v1::Explanation& explanation, Language language);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_EXPLAIN_H_
