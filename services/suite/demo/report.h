#ifndef TSUNAGU_SERVICES_SUITE_DEMO_REPORT_H_
#define TSUNAGU_SERVICES_SUITE_DEMO_REPORT_H_

#include <string>

#include "common/base/error.h"
#include "services/suite/demo/run.h"

namespace tsunagu::suite {

// The report for people. Nurses stand in it by resource name only.
std::string ReportText(const DemoReport& report, Language language);

// The same facts as one JSON object.
std::string ReportJson(const DemoReport& report);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_DEMO_REPORT_H_
