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
  std::vector<std::string> holders;  // whose council it is: its region, or its convener and those who share it
  std::vector<std::string> covered;  // who is served by it besides
  bool has_families;
  bool on_day;                        // whether it exists on the day of the report, in fact or as planned
  std::vector<std::string> meetings;  // of the fiscal year of that day, up to the day
};

// Of every actual council that the report may speak of, whatever days it exists on.
absl::Status ForEachHeldCouncil(ReportRun& run, absl::FunctionRef<void(const HeldCouncil&)> each);

// Of every planned one that is to be there on the day of the report, or by the end of its fiscal year.
absl::Status ForEachPlannedCouncil(ReportRun& run, absl::FunctionRef<void(const HeldCouncil&)> each);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_HELD_COUNCILS_H_
