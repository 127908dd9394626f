#ifndef TSUNAGU_SERVICES_REGISTRY_BODIES_H_
#define TSUNAGU_SERVICES_REGISTRY_BODIES_H_

#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/service/report_run.h"
#include "tsunagu/registry/v1/area_role.pb.h"

namespace tsunagu::registry {

// A body (団体) on the day of a report: a prefecture or a municipality. A ward of a designated city is not a body.
struct Body {
  std::string name;  // areas/312011
  bool is_prefecture = false;
  std::set<v1::AreaRoleKind> roles;

  bool Is(v1::AreaRoleKind role) const { return roles.count(role) != 0; }
};

// Calls `each` for every body of the report.
absl::Status ForEachBody(ReportRun& run, absl::FunctionRef<void(const Body&)> each);

// The names of the populations that every report has.
template <typename Population>
struct BodyPopulations {
  Population prefectures, designated_cities, municipalities;
};

// Returns the populations of the body. A designated city is also a municipality.
template <typename Population>
std::vector<Population> PopulationsOf(const Body& body, const BodyPopulations<Population>& populations) {
  if (body.is_prefecture) return {populations.prefectures};
  if (!body.Is(v1::AREA_ROLE_KIND_DESIGNATED_CITY)) return {populations.municipalities};
  return {populations.designated_cities, populations.municipalities};
}

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_BODIES_H_
