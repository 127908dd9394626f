#include "services/registry/rules/area_role.h"

#include <algorithm>

#include "google/protobuf/descriptor.h"
#include "services/registry/rules/area.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::registry::rules {
namespace {

constexpr v1::AreaRoleKind kStatuses[] = {v1::AREA_ROLE_KIND_DESIGNATED_CITY, v1::AREA_ROLE_KIND_CORE_CITY,
                                          v1::AREA_ROLE_KIND_SPECIAL_CITY};

bool MayHave(v1::AreaKind kind, v1::AreaRoleKind role) {
  const bool is_city = kind == v1::AREA_KIND_CITY || kind == v1::AREA_KIND_DESIGNATED_CITY;
  switch (role) {
    case v1::AREA_ROLE_KIND_DESIGNATED_CITY:
    case v1::AREA_ROLE_KIND_CORE_CITY:
    case v1::AREA_ROLE_KIND_SPECIAL_CITY:
      return is_city;
    case v1::AREA_ROLE_KIND_CHILD_GUIDANCE_CITY:
      return is_city || kind == v1::AREA_KIND_SPECIAL_WARD;
    case v1::AREA_ROLE_KIND_DIRECT_ANSWERER:
    case v1::AREA_ROLE_KIND_OWN_TRAINING:
      return IsMunicipality(kind);
    default:
      return true;  // the contract reports it
  }
}

}  // namespace

void CheckAreaRole(const v1::AreaRole& role, const v1::Area& area, Faults& faults) {
  if (MayHave(area.kind(), role.role())) return;
  const auto& word = *v1::AreaRoleKind_descriptor()->FindValueByNumber(role.role());
  faults.Add("role", "ROLE_NOT_OF_SUCH_AREA"_reason,
             {{"area", area.name()}, {"role", word.name()}, {"role_ja", word.options().GetExtension(tsunagu::ja)}});
}

std::vector<v1::AreaRoleKind> StatusesBeside(v1::AreaRoleKind role) {
  std::vector<v1::AreaRoleKind> others(std::begin(kStatuses), std::end(kStatuses));
  const auto own = std::find(others.begin(), others.end(), role);
  if (own == others.end()) return {};
  others.erase(own);
  return others;
}

}  // namespace tsunagu::registry::rules
