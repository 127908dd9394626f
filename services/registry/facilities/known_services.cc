#include "services/registry/facilities/known_services.h"

#include "common/base/deadline.h"
#include "common/base/status_macros.h"
#include "common/identity/actor.h"
#include "common/jp/fold.h"
#include "common/records/records.h"
#include "common/service/service.h"

namespace tsunagu::registry {
namespace {

// サービス種類コード of 国保連.
std::string CodeOf(v1::FacilityServiceKind kind) {
  switch (kind) {
    case v1::FACILITY_SERVICE_KIND_CHILD_DEVELOPMENT_SUPPORT:
      return "63";
    case v1::FACILITY_SERVICE_KIND_AFTER_SCHOOL_DAY_SERVICE:
      return "65";
    case v1::FACILITY_SERVICE_KIND_HOME_VISIT_CHILD_DEVELOPMENT_SUPPORT:
      return "66";
    case v1::FACILITY_SERVICE_KIND_NURSERY_VISIT_SUPPORT:
      return "67";
    case v1::FACILITY_SERVICE_KIND_CONSULTATION_SUPPORT:
      return "70";
    default:
      return "";
  }
}

}  // namespace

KnownServices::KnownServices() {
  const auto& kinds = *v1::FacilityServiceKind_descriptor();
  for (int i = 1; i < kinds.value_count(); ++i) {
    const auto kind = static_cast<v1::FacilityServiceKind>(kinds.value(i)->number());
    services_[jp::Fold(kinds.value(i)->options().GetExtension(tsunagu::ja))] = {CodeOf(kind), kind, ""};
  }
}

void KnownServices::Add(const v1::ServiceKind& kind) {
  services_.try_emplace(jp::Fold(kind.display_name()),
                        KnownService{kind.code(), v1::FACILITY_SERVICE_KIND_UNSPECIFIED, kind.name()});
}

const KnownService* KnownServices::Find(absl::string_view name) const {
  const auto found = services_.find(jp::Fold(name));
  return found == services_.end() ? nullptr : &found->second;
}

absl::StatusOr<KnownServices> ReadServices(Service& service) {
  const identity::Actor actor{"system", "", "", "import", "", identity::Scope::Everything()};
  KnownServices services;
  RETURN_IF_ERROR(service.Read(actor, Deadline::After(absl::Seconds(30)), [&](store::View& view) {
    return store::Records<v1::ServiceKind>(view).ForEach({}, [&](v1::ServiceKind& kind) {
      services.Add(kind);
      return absl::OkStatus();
    });
  }));
  return services;
}

}  // namespace tsunagu::registry
