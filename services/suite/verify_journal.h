#ifndef TSUNAGU_SERVICES_SUITE_VERIFY_JOURNAL_H_
#define TSUNAGU_SERVICES_SUITE_VERIFY_JOURNAL_H_

#include <functional>
#include <string>

#include "common/records/verify_tables.h"

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// `tsunagu verify-journal`: returns 0 if nothing was changed by hand, 1 if something was or the journal cannot be read.
void AddVerifyJournal(CLI::App& app, std::function<int()>& chosen);

// "registry facilities/kita revision 2 (note): the row is not what the journal says".
std::string FindingLine(const std::string& label, const store::TableFinding& finding);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_VERIFY_JOURNAL_H_
