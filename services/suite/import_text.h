#ifndef TSUNAGU_SERVICES_SUITE_IMPORT_TEXT_H_
#define TSUNAGU_SERVICES_SUITE_IMPORT_TEXT_H_

#include <string>

#include "common/base/error.h"
#include "nlohmann/json.hpp"
#include "tsunagu/platform/v1/transfer.pb.h"

namespace tsunagu::suite {

// The output lines of `tsunagu import`, with line ends; import.h shows their form.
std::string RowLines(const platform::v1::RowOutcome& row, Language language);
std::string WarningLine(const platform::v1::RowOutcome::RowFault& warning, Language language);
std::string MissingLine(const platform::v1::MissingRecord& missing, Language language);
// `full`: the file was a whole list.
std::string SummaryLine(const std::string& collection, const platform::v1::ImportSummary& summary, bool full,
                        Language language);

nlohmann::ordered_json RowJson(const platform::v1::RowOutcome& row);
nlohmann::ordered_json SummaryJson(const platform::v1::ImportSummary& summary);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_IMPORT_TEXT_H_
