#include "common/service/change_newest.h"

#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/store.h"
#include "common/records/tx.h"
#include "common/rpc/call.h"
#include "common/service/service.h"

namespace tsunagu {
namespace {

using google::protobuf::Message;

constexpr int kMostAttempts = 20;

bool IsOvertaken(const absl::Status& status) { return absl::IsCancelled(status) && status.message() == "overtaken"; }

bool OnlyValidates(const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("validate_only");
  return field != nullptr && request.GetReflection()->GetBool(request, field);
}

}  // namespace

store::ChangeRequest RequestOf(const Message& request) {
  // The retry's own marks are part of the bytes; the same call sent again has the same bytes.
  return {request.SerializeAsString(), OnlyValidates(request)};
}

// Carried out of the transaction, so that it is rolled back and run again.
absl::Status Overtaken() { return absl::CancelledError("overtaken"); }

absl::Status OrOvertaken(const absl::Status& updated) {
  return ReasonOf(updated) == "ETAG_MISMATCH"_reason ? Overtaken() : updated;
}

absl::Status ChangeNewest(Service& service, const rpc::Call& call, absl::string_view collection, const Message& request,
                          Message& response, absl::FunctionRef<absl::Status(store::Tx&)> change) {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const auto guarded = [&](store::Tx& tx) -> absl::Status {
      // One guard for a collection: the row of a guard that is made and rolled back makes the database end those that
      // wait for it.
      if (attempt > 0) RETURN_IF_ERROR(tx.Guard("overtaken", collection));
      return change(tx);
    };
    const absl::Status changed =
        service.store().Change(ActorOf(call, request), call.deadline, RequestOf(request), response, guarded);
    if (!IsOvertaken(changed)) return changed;
  }
  return Fail("ETAG_MISMATCH"_reason);
}

}  // namespace tsunagu
