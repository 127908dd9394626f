#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/access/access.h"
#include "common/access/actor.h"
#include "common/access/policy.h"
#include "common/base/status_macros.h"
#include "common/contract/mask.h"
#include "common/contract/schema.h"
#include "common/platform/platform.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/rpc/bind.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "google/protobuf/field_mask.pb.h"
#include "tsunagu/platform/v1/access.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;

// Callers are cached in memory, so every change here reloads them before the answer is sent.
void ReloadAfter(store::Tx& tx, access::Access& access) {
  tx.OnCommit([&access] { (void)access.Reload(); });
}

store::ChangeRequest RequestOf(const google::protobuf::Message& request) { return {request.SerializeAsString()}; }

// A caller who can grant rights could grant them to itself, so only a grant for everything may.
absl::Status CheckUnlimited(const rpc::Call& call) {
  return call.principal.ScopeFor(PermissionOf(call)).everything() ? absl::OkStatus() : Fail("OUT_OF_SCOPE"_reason);
}

// Creates the row, or replaces the fields that callers can set by those of `wanted`.
template <typename Message>
absl::StatusOr<Message> Set(Service& service, const rpc::Call& call, store::Table& table, const std::string& id,
                            const Message& wanted, const google::protobuf::Message& request, absl::string_view path,
                            absl::FunctionRef<absl::Status(store::Tx&)> check) {
  RETURN_IF_ERROR(CheckUnlimited(call));
  Message answer;
  RETURN_IF_ERROR(service.store().Change(
      ActorOf(call, request), call.deadline, RequestOf(request), answer, [&](store::Tx& tx) -> absl::Status {
        ReloadAfter(tx, service.access());
        RETURN_IF_ERROR(check(tx));
        ASSIGN_OR_RETURN(const store::Record before, table.FindBy(tx, *table.schema().name_field(), id));
        const store::Table::Writing how{.path = path};
        if (before == nullptr) {
          answer = wanted;
          table.Receive(answer);
          return table.Insert(tx, id, answer, how);
        }
        answer.CopyFrom(*before);
        google::protobuf::FieldMask everything;
        everything.add_paths("*");
        RETURN_IF_ERROR(contract::ApplyMask(table.schema(), everything, wanted, answer));
        return table.Update(tx, *before, answer, how);
      }));
  return answer;
}

template <typename Response, typename Message>
absl::StatusOr<Response> ListAll(Service& service, rpc::Call& call, store::Table& table,
                                 const google::protobuf::Message& request,
                                 google::protobuf::RepeatedPtrField<Message>* (Response::*rows)()) {
  Resource resource;
  resource.table = &table;
  Response response;
  ASSIGN_OR_RETURN(std::string token, ListPage(service, call, resource, request, [&](store::Record record) {
                     *(response.*rows)()->Add() = static_cast<const Message&>(*record);
                   }));
  response.set_next_page_token(std::move(token));
  return response;
}

absl::Status CheckPrincipal(access::Access& access, store::Tx& tx, const std::string& id,
                            const v1::Principal& principal) {
  Faults faults;
  const auto collect = [&](absl::string_view field, const absl::Status& said) {
    if (!absl::IsInvalidArgument(said)) return said;  // an error of the database: to be retried
    faults.Add(field, said);
    return absl::OkStatus();
  };
  if (access::IsReservedId(id)) faults.Add("principal_id", "KEY_UNAVAILABLE"_reason);
  for (int i = 0; i < principal.grants_size(); ++i) {
    const v1::Grant& grant = principal.grants(i);
    if (grant.role().empty() || grant.scope().empty()) continue;  // reported by the contract's check
    RETURN_IF_ERROR(
        collect(absl::StrCat("principal.grants[", i, "]"), access.CheckGrant(tx, grant.role(), grant.scope())));
  }
  RETURN_IF_ERROR(collect("principal", access.CheckIdentities(tx, id, principal)));
  return faults.ToStatus();
}

absl::StatusOr<v1::CreateApiKeyResponse> CreateApiKey(Service& service, const rpc::Call& call,
                                                      const v1::CreateApiKeyRequest& request) {
  RETURN_IF_ERROR(CheckUnlimited(call));
  v1::CreateApiKeyResponse response;
  RETURN_IF_ERROR(service.store().Change(
      ActorOf(call, request), call.deadline, RequestOf(request), response, [&](store::Tx& tx) -> absl::Status {
        tx.KeepNoAnswer();
        ReloadAfter(tx, service.access());
        *response.mutable_api_key() = request.api_key();
        response.mutable_api_key()->clear_revoke_time();
        response.set_secret(access::Access::NewSecret());
        return service.access().CreateKey(tx, *response.mutable_api_key(), response.secret());
      }));
  return response;
}

absl::StatusOr<v1::ApiKey> RevokeApiKey(Service& service, const rpc::Call& call,
                                        const v1::RevokeApiKeyRequest& request) {
  RETURN_IF_ERROR(CheckUnlimited(call));
  v1::ApiKey answer;
  RETURN_IF_ERROR(service.store().Change(ActorOf(call, request), call.deadline, RequestOf(request), answer,
                                         [&](store::Tx& tx) -> absl::Status {
                                           ReloadAfter(tx, service.access());
                                           return service.access().RevokeKey(tx, request.name(), answer);
                                         }));
  return answer;
}

}  // namespace

void BindAccess(Service& service) {
  access::Access& access = service.access();
  rpc::Binder(service.module(), "tsunagu.platform.v1.AccessService")
      .Unary("ListRoles",
             [&](rpc::Call& call, const v1::ListRolesRequest& request) {
               return ListAll(service, call, access.roles(), request, &v1::ListRolesResponse::mutable_roles);
             })
      .Unary("SetRole",
             [&](rpc::Call& call, const v1::SetRoleRequest& request) {
               return Set(service, call, access.roles(), request.role_id(), request.role(), request, "role",
                          [](store::Tx&) { return absl::OkStatus(); });
             })
      .Unary("ListPrincipals",
             [&](rpc::Call& call, const v1::ListPrincipalsRequest& request) {
               return ListAll(service, call, access.principals(), request,
                              &v1::ListPrincipalsResponse::mutable_principals);
             })
      .Unary("SetPrincipal",
             [&](rpc::Call& call, const v1::SetPrincipalRequest& request) {
               return Set(service, call, access.principals(), request.principal_id(), request.principal(), request,
                          "principal", [&](store::Tx& tx) {
                            return CheckPrincipal(access, tx, request.principal_id(), request.principal());
                          });
             })
      .Unary(
          "CreateApiKey",
          [&](rpc::Call& call, const v1::CreateApiKeyRequest& request) { return CreateApiKey(service, call, request); })
      .Unary("ListApiKeys",
             [&](rpc::Call& call, const v1::ListApiKeysRequest& request) {
               return ListAll(service, call, access.keys(), request, &v1::ListApiKeysResponse::mutable_api_keys);
             })
      .Unary("RevokeApiKey", [&](rpc::Call& call, const v1::RevokeApiKeyRequest& request) {
        return RevokeApiKey(service, call, request);
      });
}

}  // namespace tsunagu
