#include "services/training/verification.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/records/records.h"
#include "common/rpc/bind.h"
#include "common/service/service.h"
#include "services/training/badge.h"
#include "services/training/signing_key.h"
#include "tsunagu/training/v1/certificate.pb.h"

namespace tsunagu::training {
namespace {

using contract::Where;
using Certificate = v1::Certificate;
using Response = v1::VerifyCertificateResponse;

// Adds the present state of the certificate for a token whose number is ours.
absl::Status LookUp(store::View& view, const std::string& number, Response& response) {
  ASSIGN_OR_RETURN(const auto kept, store::Records<Certificate>::All(view).Find(Where("number", number)));
  if (!kept) {
    response.set_verdict(Response::VERDICT_UNKNOWN_NUMBER);
  } else if (kept->state() == Certificate::STATE_REVOKED) {
    response.set_verdict(Response::VERDICT_REVOKED);
  } else if (kept->state() == Certificate::STATE_SUPERSEDED) {
    response.set_verdict(Response::VERDICT_SUPERSEDED);
    response.set_successor_number(contract::OwnId(kept->successor()));
  }
  return absl::OkStatus();
}

// Verifies all of them as of one moment.
absl::StatusOr<v1::VerifyCertificatesResponse> Verify(Service& service, const rpc::Call& call,
                                                      const v1::VerifyCertificatesRequest& request) {
  const jp::CivilDay today = service.Today();
  v1::VerifyCertificatesResponse response;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const auto keys, ReadSigningKeys(view));
    const std::string key_set = KeySetOf(keys, today);
    for (const std::string& token : request.tokens()) {
      if (call.deadline.Over()) return Fail("DEADLINE_EXCEEDED"_reason);
      ASSIGN_OR_RETURN(const Checked checked, CheckBadge(token, key_set, "", today));
      Response& result = *response.add_results();
      result.set_verdict(checked.verdict);
      result.set_number(checked.badge.number);
      if (checked.badge.number.empty() || checked.verdict == Response::VERDICT_RETIRED_KEY) continue;
      RETURN_IF_ERROR(LookUp(view, checked.badge.number, result));
    }
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<Response> VerifyOne(Service& service, const rpc::Call& call,
                                   const v1::VerifyCertificateRequest& request) {
  v1::VerifyCertificatesRequest one;
  one.add_tokens(request.token());
  ASSIGN_OR_RETURN(const v1::VerifyCertificatesResponse response, Verify(service, call, one));
  return response.results(0);
}

absl::StatusOr<v1::VerificationKeys> Keys(Service& service, const rpc::Call& call) {
  const jp::CivilDay today = service.Today();
  std::vector<BadgeKey> keys;
  std::vector<int64_t> ended;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ended.clear();
    ASSIGN_OR_RETURN(keys, ReadSigningKeys(view));
    return store::Records<Certificate>::All(view).ForEach(
        Where("state", Certificate::STATE_REVOKED) || Where("state", Certificate::STATE_SUPERSEDED),
        [&](const Certificate& certificate) {
          ended.push_back(certificate.status_index());
          return absl::OkStatus();
        });
  }));
  v1::VerificationKeys published;
  published.set_jwks(KeySetOf(keys, today));
  published.set_status_list(SignStatusList(ended, today, keys.back().seed));
  return published;
}

}  // namespace

void AddVerification(Service& service) {
  rpc::Binder(service.module(), "tsunagu.training.v1.CertificateService")
      .Unary("VerifyCertificate",
             [&](rpc::Call& call, const v1::VerifyCertificateRequest& request) {
               return VerifyOne(service, call, request);
             })
      .Unary(
          "VerifyCertificates",
          [&](rpc::Call& call, const v1::VerifyCertificatesRequest& request) { return Verify(service, call, request); })
      .Unary("GetVerificationKeys",
             [&](rpc::Call& call, const v1::GetVerificationKeysRequest&) { return Keys(service, call); });
}

}  // namespace tsunagu::training
