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

// A body (団体) as it is on the day of a report: a prefecture or a municipality. A ward of a designated city is none.
struct Body {
  std::string name;  // areas/312011
  bool is_prefecture = false;
  std::set<v1::AreaRoleKind> roles;

  bool Is(v1::AreaRoleKind role) const { return roles.count(role) != 0; }
};

// Those that the report speaks of.
absl::Status ForEachBody(ReportRun& run, absl::FunctionRef<void(const Body&)> each);

// What a report calls the populations that every report has.
template <typename Population>
struct BodyPopulations {
  Population prefectures, designated_cities, municipalities;
};

// Those that the body belongs to. A designated city is a municipality too.
template <typename Population>
std::vector<Population> PopulationsOf(const Body& body, const BodyPopulations<Population>& populations) {
  if (body.is_prefecture) return {populations.prefectures};
  if (!body.Is(v1::AREA_ROLE_KIND_DESIGNATED_CITY)) return {populations.municipalities};
  return {populations.designated_cities, populations.municipalities};
}

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_BODIES_H_
