#ifndef TSUNAGU_SERVICES_REGISTRY_HELD_COUNCILS_H_
#define TSUNAGU_SERVICES_REGISTRY_HELD_COUNCILS_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/service/report_run.h"

namespace tsunagu::registry {

// A council as reports count it.
struct HeldCouncil {
  std::string name;
  bool of_region;                    // at the level of regions
  std::vector<std::string> holders;  // bodies that hold the council: its region, or its convener and those who share it
  std::vector<std::string> covered;  // other bodies that the council serves
  bool has_families;
  bool on_day;                        // it exists on the day of the report, in fact or as planned
  std::vector<std::string> meetings;  // of the fiscal year of that day, up to the day
};

// Calls `each` for every actual council that the report may include, on whatever days it exists.
absl::Status ForEachHeldCouncil(ReportRun& run, absl::FunctionRef<void(const HeldCouncil&)> each);

// Calls `each` for every planned council that is to exist on the day of the report, or by the end of its fiscal year.
absl::Status ForEachPlannedCouncil(ReportRun& run, absl::FunctionRef<void(const HeldCouncil&)> each);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_HELD_COUNCILS_H_
