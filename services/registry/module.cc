#include "services/registry/module.h"

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/jp/office_number.h"
#include "common/service/standard.h"
#include "services/registry/layouts.h"
#include "services/registry/rules/area.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"
#include "tsunagu/registry/v1/reason.pb.h"

namespace tsunagu::registry {
namespace {

using google::protobuf::Message;

absl::Status DecideArea(store::View&, const Message*, Message& record, Faults& faults) {
  rules::CheckArea(static_cast<const v1::Area&>(record), faults);
  return absl::OkStatus();
}

// 事業所番号 are ten digits; a wrong check digit and a number that another office has too are worth a look, no more.
void CheckIdentifier(const std::string& identifier, Faults& faults) {
  const std::vector<std::string> parts = absl::StrSplit(identifier, '/');
  if (parts.size() != 3) return faults.Add("identifiers", "MALFORMED_VALUE"_reason);
  if (parts[0] != "office") return;
  const auto warning = jp::CheckOfficeNumber(parts[1]);
  if (!warning.ok()) return faults.Add("identifiers", warning.status());
  if (*warning != Reason()) faults.Add("identifiers", *warning);
}

absl::Status DecideFacility(store::Table& facilities, store::View& view, const Message* before, Message& record,
                            Faults& faults) {
  auto& facility = static_cast<v1::Facility&>(record);
  for (const std::string& identifier : facility.identifiers()) {
    CheckIdentifier(identifier, faults);
    ASSIGN_OR_RETURN(const std::vector<std::string> others, facilities.NamesWith(view, "identifiers", identifier, 2));
    for (const std::string& other : others) {
      if (before != nullptr && other == facility.name()) continue;
      faults.Add("identifiers", "REPEATED_IDENTIFIER"_reason, {{"name", other}});
      break;
    }
  }
  return absl::OkStatus();
}

}  // namespace

void Build(Service& service) {
  Reason::Declare(v1::Reason_descriptor());
  Resource& areas = service.Add<v1::Area>();
  areas.before_write = DecideArea;
  areas.layouts = {CodeListLayout()};
  BindStandard(service, "tsunagu.registry.v1.AreaService", areas);

  Resource& facilities = service.Add<v1::Facility>();
  facilities.before_write = [&table = *facilities.table](store::View& view, const Message* before, Message& record,
                                                         Faults& faults) {
    return DecideFacility(table, view, before, record, faults);
  };
  facilities.layouts = {WamNetLayout(service)};
  BindStandard(service, "tsunagu.registry.v1.FacilityService", facilities);

  Resource& nurses = service.Add<v1::Nurse>();
  // Nobody is to be matched of whom nothing is known any more.
  nurses.table->when_erased = [](Message& record) { static_cast<v1::Nurse&>(record).set_seeking(false); };
  BindStandard(service, "tsunagu.registry.v1.NurseService", nurses);
}

}  // namespace tsunagu::registry
