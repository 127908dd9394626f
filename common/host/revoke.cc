// Ends keys and grants for the operator of the machine (tsunagu keys revoke).
#include "common/host/revoke.h"

#include <limits>

#include "absl/algorithm/container.h"
#include "common/access/access.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/host/service_alone.h"
#include "common/host/words.h"
#include "common/jp/civil_day.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;

identity::Actor Operator() { return {"operator", "", "", "keys/revoke", "", identity::Scope::Everything()}; }

absl::StatusOr<std::vector<std::string>> KeysOf(store::Tx& tx, access::Access& access, const RevokeRequest& request) {
  std::vector<std::string> names;
  if (!request.secret.empty()) {
    ASSIGN_OR_RETURN(const std::string name, access.NameOfKey(tx, request.secret));
    if (!name.empty()) names.push_back(name);
    return names;
  }
  store::Table::Query all;
  all.limit = std::numeric_limits<int64_t>::max();
  RETURN_IF_ERROR(access.keys().List(tx, std::move(all), [&](store::Record record) {
    const auto& key = static_cast<const v1::ApiKey&>(*record);
    if (key.principal() == request.principal) names.push_back(key.name());
    return absl::OkStatus();
  }));
  return names;
}

// Sets yesterday as the last day of grants that are valid now or would begin later.
absl::Status EndGrants(store::Tx& tx, access::Access& access, const std::string& id, Revocation& done) {
  store::Table& principals = access.principals();
  ASSIGN_OR_RETURN(const store::Record before, principals.FindBy(tx, *principals.schema().name_field(), id));
  if (before == nullptr) return absl::OkStatus();
  done.known = true;
  v1::Principal after = static_cast<const v1::Principal&>(*before);
  const jp::CivilDay yesterday = tx.parts().Today() - 1;
  for (v1::Grant& grant : *after.mutable_grants()) {
    if (grant.has_valid_to_date() && jp::DayOf(grant.valid_to_date()) <= yesterday) continue;
    *grant.mutable_valid_to_date() = jp::ToDate(yesterday);
    ++done.grants;
  }
  return principals.Update(tx, *before, after);
}

absl::Status Revoke(const HostConfig& config, const ServiceKind& kind, const RevokeRequest& request, Revocation& done) {
  RETURN_IF_ERROR(HasDatabase(config, kind.name));
  ASSIGN_OR_RETURN(Databases databases, Databases::Open(config, {&kind}));
  ASSIGN_OR_RETURN(const std::unique_ptr<Service> service, OpenAlone(config, databases, kind));
  access::Access& access = service->access();
  v1::ApiKey answer;
  Revocation now = done;
  RETURN_IF_ERROR(service->store().Change(
      Operator(), Deadline::After(absl::Seconds(30)), {request.principal}, answer, [&](store::Tx& tx) -> absl::Status {
        now = done;
        answer.Clear();
        ASSIGN_OR_RETURN(const std::vector<std::string> names, KeysOf(tx, access, request));
        now.known = !names.empty();
        for (const std::string& name : names) {
          v1::ApiKey key;
          ASSIGN_OR_RETURN(const store::Record before, access.keys().Get(tx, name));
          RETURN_IF_ERROR(access.RevokeKey(tx, name, key));
          now.keys += key.etag() != static_cast<const v1::ApiKey&>(*before).etag() ? 1 : 0;
          answer = key;
        }
        return request.grants ? EndGrants(tx, access, request.principal, now) : absl::OkStatus();
      }));
  done = now;
  return absl::OkStatus();
}

}  // namespace

std::vector<Revocation> RevokeKeys(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                   const RevokeRequest& request) {
  std::vector<Revocation> all;
  for (const ServiceKind& kind : kinds) {
    Revocation& one = all.emplace_back();
    one.service = kind.name;
    const bool chosen = config.services.empty() || absl::c_linear_search(config.services, kind.name);
    one.reached = chosen ? Revoke(config, kind, request, one)
                         : FailHere(absl::StatusCode::kFailedPrecondition, "LEFT_OUT",
                                    "--services の対象に入っていません。", "--services leaves it out.");
  }
  return all;
}

}  // namespace tsunagu
