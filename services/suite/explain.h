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

// `tsunagu explain`: why an amount is what it is, line by line.
void AddExplain(CLI::App& app, std::function<int()>& chosen);

// What it prints of an explanation.
std::string ExplanationText(const subsidy::v1::Explanation& explanation, Language language);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_EXPLAIN_H_
