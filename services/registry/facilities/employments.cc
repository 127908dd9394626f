#include "services/registry/facilities/employments.h"

#include <string>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/records.h"
#include "common/service/standard.h"
#include "tsunagu/registry/v1/nurse.pb.h"
#include "tsunagu/registry/v1/nurse_employment.pb.h"

namespace tsunagu::registry {
namespace {

absl::Status EndSearch(store::Tx& tx, const std::string& nurse) {
  ASSIGN_OR_RETURN(const v1::Nurse before, store::Records<v1::Nurse>(tx).Get(nurse));
  if (!before.seeking()) return absl::OkStatus();
  v1::Nurse after = before;
  after.set_seeking(false);
  return store::Records<v1::Nurse>::Update(tx, before, after);
}

// Writes the record under its name, whether or not it exists.
absl::StatusOr<v1::NurseEmployment> Record(Service& service, const rpc::Call& call,
                                           const v1::RecordNurseEmploymentRequest& request) {
  using Employments = store::Records<v1::NurseEmployment>;
  const std::string& name = request.nurse_employment().name();
  ASSIGN_OR_RETURN(const std::string id, contract::Schema::Of(v1::NurseEmployment::descriptor()).IdOf(name));
  v1::NurseEmployment told;
  RETURN_IF_ERROR(service.Change(call, request, told, [&](store::Tx& tx) -> absl::Status {
    told = request.nurse_employment();
    const auto before = Employments(tx).Get(name);
    if (before.ok()) return Employments::Update(tx, *before, told);
    if (!absl::IsNotFound(before.status())) return before.status();
    RETURN_IF_ERROR(Employments::Insert(tx, id, told));
    if (!request.ends_search()) return absl::OkStatus();
    return EndSearch(tx, name.substr(0, name.find("/nurseEmployments/")));
  }));
  return told;
}

}  // namespace

void AddEmployments(Service& service) {
  BindStandard(service, "tsunagu.registry.v1.NurseEmploymentService", service.Add<v1::NurseEmployment>())
      .Unary("RecordNurseEmployment", [&](rpc::Call& call, const v1::RecordNurseEmploymentRequest& request) {
        return Record(service, call, request);
      });
}

}  // namespace tsunagu::registry
