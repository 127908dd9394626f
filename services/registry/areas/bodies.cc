#include "services/registry/areas/bodies.h"

#include <map>

#include "common/base/status_macros.h"
#include "services/registry/rules/area.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu::registry {

absl::Status ForEachBody(ReportRun& run, absl::FunctionRef<void(const Body&)> each) {
  // The roles of a body count in every report, even if the caller may not see them.
  std::map<std::string, std::set<v1::AreaRoleKind>> roles;
  RETURN_IF_ERROR(run.ScanAll<v1::AreaRole>({}, {"area", "role"}, [&](const store::Cells& role) -> absl::Status {
    v1::AreaRoleKind kind = v1::AREA_ROLE_KIND_UNSPECIFIED;
    if (!v1::AreaRoleKind_Parse(role.Text(1), &kind)) return absl::DataLossError("area role");
    roles[role.Text(0)].insert(kind);
    return absl::OkStatus();
  }));
  return run.Scan<v1::Area>({}, {"kind"}, [&](const store::Cells& area) {
    v1::AreaKind kind = v1::AREA_KIND_UNSPECIFIED;
    v1::AreaKind_Parse(area.Text(0), &kind);
    Body body{area.name(), kind == v1::AREA_KIND_PREFECTURE, {}};
    if (!body.is_prefecture && !rules::IsMunicipality(kind)) return absl::OkStatus();
    const auto found = roles.find(body.name);
    if (found != roles.end()) body.roles = found->second;
    each(body);
    return absl::OkStatus();
  });
}

}  // namespace tsunagu::registry
