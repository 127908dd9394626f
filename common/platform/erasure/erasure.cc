#include <string>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/keys/key_backups.h"
#include "common/platform/platform.h"
#include "common/records/store.h"
#include "common/records/subjects.h"
#include "common/records/table.h"
#include "common/rpc/bind.h"
#include "common/service/service.h"
#include "google/protobuf/util/time_util.h"
#include "tsunagu/platform/v1/erasure.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;

bool IsSubjectOf(const store::Table& table, const std::string& name) {
  const RecordRule& rule = table.schema().rule();
  if (!rule.personal()) return false;
  const contract::Field& subject = *table.schema().Find(rule.data_subject());
  if (subject.identifier) {
    const auto id = table.schema().IdOf(name);
    return id.ok() && table.NameOf(*id) == name;
  }
  const contract::Schema* referred = contract::Schema::OfType(subject.reference);
  return referred == nullptr || referred->IdOf(name).ok();  // in another service: any name
}

// A person with a record here must be within the caller's scope. To erase anybody else, the caller must have a scope of
// everything.
absl::Status CheckSubject(Service& service, const rpc::Call& call, store::View& view, const std::string& name) {
  bool is_subject = false;
  for (const auto& table : service.store().tables()) is_subject |= IsSubjectOf(*table, name);
  if (!is_subject) return FailAt("subject", "NO_DATA_SUBJECT"_reason, {{"name", name}});
  store::Table* own = service.store().TableOfName(name);
  if (own != nullptr) {
    const contract::Schema& schema = own->schema();
    ASSIGN_OR_RETURN(const std::string id, schema.IdOf(name));
    const absl::StatusOr<bool> here = own->Exists(view, id);  // decrypts nothing
    // When the row was forged, a caller who may erase everybody erases what the journal contains.
    if (ReasonOf(here.status()) == "ROW_FORGED"_reason && view.scope().everything()) return absl::OkStatus();
    RETURN_IF_ERROR(here.status());
    return *here ? absl::OkStatus()
                 : Fail("RESOURCE_NOT_FOUND"_reason,
                        {{"resource", schema.word()}, {"resource_type", schema.type()}, {"name", name}});
  }
  return call.principal.ScopeFor(PermissionOf(call)).everything() ? absl::OkStatus() : Fail("OUT_OF_SCOPE"_reason);
}

absl::StatusOr<v1::EraseDataSubjectResponse> Erase(Service& service, const rpc::Call& call,
                                                   const v1::EraseDataSubjectRequest& request) {
  store::Store& store = service.store();
  v1::EraseDataSubjectResponse response;
  RETURN_IF_ERROR(store.Change(
      ActorOf(call, request), call.deadline, {request.SerializeAsString(), request.validate_only()}, response,
      [&](store::Tx& tx) -> absl::Status {
        RETURN_IF_ERROR(CheckSubject(service, call, tx, request.subject()));
        ASSIGN_OR_RETURN(const int64_t count, store::EraseSubject(tx, request.subject()));
        ASSIGN_OR_RETURN(const int64_t erase_time, store::EraseTimeOf(tx, request.subject()));
        response.set_subject(request.subject());
        response.set_record_count(static_cast<int32_t>(count));
        *response.mutable_erase_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(erase_time);
        const auto expiry = service.key_backups().ExpiryOf(jp::JapanDay(absl::FromUnixMicros(erase_time)));
        if (expiry.has_value()) {
          *response.mutable_key_backup_expire_date() = jp::ToDate(*expiry);
        } else {
          response.set_notice(Text(MakeFault("", "KEY_BACKUP_EXPIRY_UNKNOWN"_reason), call.headers.language));
        }
        return absl::OkStatus();
      }));
  // The key is in another database. It is deleted before the caller gets the answer; after a crash in between, the
  // keeper of the service deletes it.
  if (!request.validate_only()) RETURN_IF_ERROR(store::FinishErasures(store));
  return response;
}

}  // namespace

void BindErasure(Service& service) {
  rpc::Binder(service.module(), "tsunagu.platform.v1.ErasureService")
      .Unary("EraseDataSubject", [&service](rpc::Call& call, const v1::EraseDataSubjectRequest& request) {
        return Erase(service, call, request);
      });
}

}  // namespace tsunagu
