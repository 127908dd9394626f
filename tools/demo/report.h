#ifndef TSUNAGU_TOOLS_DEMO_REPORT_H_
#define TSUNAGU_TOOLS_DEMO_REPORT_H_

#include <string>

#include "common/base/error.h"
#include "tools/demo/run.h"

namespace tsunagu::demo {

// Returns the report as text for a terminal. It shows a nurse's resource name and never the name of the person.
std::string ReportText(const DemoReport& report, Language language);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_REPORT_H_
