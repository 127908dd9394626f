#include "services/matching/mediation/nurses.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/civil_day.h"
#include "common/records/store.h"
#include "common/rpc/call.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

constexpr absl::Duration kPatience = absl::Seconds(5);

absl::Status CheckNurse(const PeerAccess& registry, const rpc::Call& call, jp::CivilDay today,
                        const Wanted<v1::Proposal>& one) {
  const std::string& name = one.after->nurse();
  if (!records::Schema::Of(registry_v1::Nurse::descriptor()).IdOf(name).ok()) return absl::OkStatus();  // said
  rpc::CallOptions options = rpc::CallOptions::Onward(call, registry.api_key);
  options.purpose.clear();  // that she is there is all that is asked
  options.timeout = std::min(options.timeout, kPatience);
  options.retry_safe = true;
  registry_v1::GetNurseRequest request;
  request.set_name(name);
  const auto nurse = registry.peer->Unary<registry_v1::Nurse>("tsunagu.registry.v1.NurseService/GetNurse", request, options);
  if (absl::IsNotFound(nurse.status())) {
    one.faults->Add("nurse", "REFERENCE_NOT_FOUND"_reason, {{"name", name}});
    return absl::OkStatus();
  }
  if (absl::IsUnavailable(nurse.status()) || absl::IsDeadlineExceeded(nurse.status()) ||
      absl::IsResourceExhausted(nurse.status()) || absl::IsAborted(nurse.status())) {
    return Fail("NURSE_NOT_CHECKED"_reason);
  }
  RETURN_IF_ERROR(nurse.status());
  if (nurse->has_valid_to_date() && jp::DayOf(nurse->valid_to_date()) < today) {
    one.faults->Add("nurse", "NURSE_NOT_REGISTERED"_reason);
  }
  return absl::OkStatus();
}

}  // namespace

Resource::AskOf<v1::Proposal> AskAboutNurses(Service& service, PeerFinder find_peer) {
  return [&service, find_peer = std::move(find_peer)](rpc::Call& call, absl::Span<const Wanted<v1::Proposal>> all) -> absl::Status {
    const PeerAccess registry = find_peer("registry");
    if (registry.peer == nullptr) return absl::OkStatus();
    for (const Wanted<v1::Proposal>& one : all) {
      if (one.before == nullptr) RETURN_IF_ERROR(CheckNurse(registry, call, service.store().Today(), one));
    }
    return absl::OkStatus();
  };
}

}  // namespace tsunagu::matching
