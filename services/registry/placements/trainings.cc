#include "services/registry/placements/trainings.h"

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/records.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "tsunagu/registry/v1/coordinator_training.pb.h"
#include "tsunagu/registry/v1/nurse_training.pb.h"

namespace tsunagu::registry {
namespace {

// Writes `told` under its name, whether or not it exists.
template <typename Training, typename Request>
absl::StatusOr<Training> RecordTraining(Service& service, const rpc::Call& call, const Request& request,
                                        const Training& told) {
  ASSIGN_OR_RETURN(const std::string id, contract::Schema::Of(Training::descriptor()).IdOf(told.name()));
  Training training;
  RETURN_IF_ERROR(service.Change(call, request, training, [&](store::Tx& tx) -> absl::Status {
    training = told;
    const auto before = store::Records<Training>(tx).Get(told.name());
    if (absl::IsNotFound(before.status())) {
      return store::Records<Training>::Insert(tx, id, training);
    }
    RETURN_IF_ERROR(before.status());
    return store::Records<Training>::Update(tx, *before, training);
  }));
  return training;
}

}  // namespace

void AddTrainings(Service& service) {
  BindStandard(service, "tsunagu.registry.v1.CoordinatorTrainingService", service.Add<v1::CoordinatorTraining>())
      .Unary("RecordCoordinatorTraining", [&](rpc::Call& call, const v1::RecordCoordinatorTrainingRequest& request) {
        return RecordTraining(service, call, request, request.coordinator_training());
      });
  BindStandard(service, "tsunagu.registry.v1.NurseTrainingService", service.Add<v1::NurseTraining>())
      .Unary("RecordNurseTraining", [&](rpc::Call& call, const v1::RecordNurseTrainingRequest& request) {
        return RecordTraining(service, call, request, request.nurse_training());
      });
}

}  // namespace tsunagu::registry
