#include "services/subsidy/payment_batch.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/access/actor.h"
#include "common/base/digest.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/contract/schema.h"
#include "common/records/rule.h"
#include "common/rpc/bind.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/document.h"
#include "services/subsidy/guards.h"
#include "services/subsidy/payment_file.h"
#include "services/subsidy/payment_import.h"
#include "tsunagu/options.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"
#include "tsunagu/subsidy/v1/payment_layout.pb.h"
#include "tsunagu/subsidy/v1/payment_request.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/provider.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Where;
using v1::Application;
using v1::PaymentBatch;
using v1::PaymentLayout;
using v1::PaymentRequest;

constexpr size_t kMostRequests = 1000;

// Collects the requests of one batch while it is created.
class Asking {
 public:
  Asking(const store::Decision<PaymentBatch>& decision, PaymentLayout layout)
      : decision_(decision), batch_(decision.after()), layout_(std::move(layout)) {
    for (const auto& payee : layout_.payees()) payees_[payee.recipient()] = &payee;
  }

  absl::Status Collect() {
    std::vector<std::pair<std::string, int64_t>> wanted;  // application or claim, and yen; 0: everything that is left
    for (const auto& item : batch_.items()) wanted.emplace_back(item.application(), item.yen());
    if (wanted.empty()) {
      Where where = Where("grantor", batch_.body()) && Where("state", Application::STATE_FIXED);
      if (!batch_.programme().empty()) where = std::move(where) && Where("programme", batch_.programme());
      RETURN_IF_ERROR(decision_.all<Application>().ForEach(where, [&](const Application& one) {
        if (one.committed_yen() > 0 && !one.budget_line().empty()) wanted.emplace_back(one.name(), 0);
        return absl::OkStatus();
      }));
      if (batch_.programme().empty()) RETURN_IF_ERROR(AddClaims(wanted));
    }
    std::vector<store::GuardKey> guards;
    for (const auto& [name, yen] : wanted) guards.push_back(RequestGuard(name));
    RETURN_IF_ERROR(decision_.tx().Guard(std::move(guards)));
    std::set<std::string> seen;
    for (size_t i = 0; i < wanted.size(); ++i) {
      const std::string field = absl::StrCat("items[", i, "]");
      if (!seen.insert(wanted[i].first).second) {
        decision_.faults().Add(field, "APPLICATION_REPEATED"_reason, {{"application", wanted[i].first}});
        continue;
      }
      RETURN_IF_ERROR(absl::StartsWith(wanted[i].first, "providers/") ? AskForClaim(wanted[i].first)
                                                                      : Ask(wanted[i].first, wanted[i].second, field));
    }
    return absl::OkStatus();
  }

  std::vector<PaymentRequest> Take() { return std::move(requests_); }
  // Returns how many more are due.
  int left_count() const { return left_count_; }

 private:
  absl::Status AddClaims(std::vector<std::pair<std::string, int64_t>>& wanted) const {
    return decision_.all<v1::UsageClaim>().ForEach(
        Where("body", batch_.body()) && Where("state", v1::UsageClaim::STATE_APPROVED), [&](const v1::UsageClaim& one) {
          wanted.emplace_back(one.name(), 0);
          return absl::OkStatus();
        });
  }

  // Call it with the claim's guard locked. Here and below, requests are read before their subjects: a result that is
  // imported in between pays both at once, and the one that is read first would otherwise seem to be neither requested
  // nor paid.
  absl::Status AskForClaim(const std::string& name) {
    ASSIGN_OR_RETURN(const bool is_open,
                     decision_.all<PaymentRequest>().Any(Where("usage_claim", name) &&
                                                         Where("outcome", PaymentRequest::OUTCOME_OPEN)));
    ASSIGN_OR_RETURN(const auto claim, decision_.all<v1::UsageClaim>().Get(name));
    if (is_open || claim.state() != v1::UsageClaim::STATE_APPROVED) return absl::OkStatus();
    if (requests_.size() == kMostRequests) {
      ++left_count_;
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const auto provider, decision_.all<v1::Provider>().Get(contract::Schema::ParentOf(name)));
    PaymentRequest request;
    request.set_usage_claim(name);
    request.set_kind(v1::Payment::KIND_SETTLEMENT);
    request.set_yen(claim.total_yen());
    request.set_programme_name(
        v1::Activity_descriptor()->FindValueByNumber(provider.activity())->options().GetExtension(tsunagu::ja));
    request.set_decision_number(claim.document_number());
    if (payees_.empty()) {
      request.set_payee_code(provider.code().empty() ? contract::OwnId(provider.name()) : provider.code());
      request.set_payee_name(provider.display_name());
    } else if (!SetPayee({provider.name(), provider.facility()}, request)) {
      return absl::OkStatus();
    }
    return Number(claim.budget_line(), std::move(request));
  }

  // Sets the first of these recipients that the layout knows; adds PAYEE_UNKNOWN if it knows none.
  bool SetPayee(const std::vector<std::string>& recipients, PaymentRequest& request) {
    for (const std::string& recipient : recipients) {
      const auto payee = payees_.find(recipient);
      if (payee == payees_.end()) continue;
      request.set_payee_code(payee->second->code());
      request.set_payee_name(payee->second->display_name());
      return true;
    }
    decision_.faults().Add("layout", "PAYEE_UNKNOWN"_reason, {{"recipient", recipients.front()}});
    return false;
  }

  // Call it with the application's guard locked.
  absl::Status Ask(const std::string& name, int64_t yen, const std::string& field) {
    Faults& faults = decision_.faults();
    int64_t open_yen = 0;
    RETURN_IF_ERROR(decision_.all<PaymentRequest>().ForEach(
        Where("application", name) && Where("outcome", PaymentRequest::OUTCOME_OPEN), [&](const PaymentRequest& open) {
          open_yen += open.yen();
          return absl::OkStatus();
        }));
    const auto application = decision_.all<Application>().Get(name);
    if (absl::IsNotFound(application.status())) {
      faults.Add(absl::StrCat(field, ".application"), "REFERENCE_NOT_FOUND"_reason, {{"name", name}});
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(application.status());
    const int64_t left = application->committed_yen() - open_yen;
    // Every item of a caller has an amount. Without one, the batch has found the application itself, and passes over
    // whatever is paid or requested already.
    if (yen == 0 && left <= 0) return absl::OkStatus();
    if (requests_.size() == kMostRequests) {
      ++left_count_;
      return absl::OkStatus();
    }
    if (application->grantor() != batch_.body()) {
      faults.Add(field, "LINE_OF_ANOTHER_BODY"_reason, {{"body", batch_.body()}});
      return absl::OkStatus();
    }
    PaymentRequest request;
    request.set_application(name);
    request.set_kind(PaymentKindOf(*application));
    request.set_yen(yen == 0 ? left : yen);
    const rules::Standing standing{application->state(), application->granted_yen(), application->committed_yen(),
                                   application->paid_yen()};
    if (application->budget_line().empty() || !rules::Pay(standing, request.kind(), 0).ok()) {
      const auto& state = *Application::State_descriptor()->FindValueByNumber(application->state());
      faults.Add(field, "PAYMENT_NOT_DUE"_reason,
                 {{"state", state.name()}, {"state_ja", state.options().GetExtension(tsunagu::ja)}});
      return absl::OkStatus();
    }
    if (request.yen() > left) {
      faults.Add(absl::StrCat(field, ".yen"), "REQUEST_EXCEEDS_COMMITMENT"_reason,
                 {{"left", absl::StrCat(std::max<int64_t>(left, 0))}});
      return absl::OkStatus();
    }
    return Complete(*application, std::move(request));
  }

  absl::Status Complete(const Application& application, PaymentRequest request) {
    const std::string& recipient = application.applicant().empty() ? application.facility() : application.applicant();
    if (payees_.empty()) {
      request.set_payee_code(contract::OwnId(recipient));
    } else if (!SetPayee({recipient}, request)) {
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const auto programme, decision_.all<v1::Programme>().Get(application.programme()));
    ASSIGN_OR_RETURN(const auto decided, decision_.all<v1::Decision>().Get(application.decision()));
    request.set_programme_name(programme.display_name());
    request.set_decision_number(decided.document_number());
    return Number(application.budget_line(), std::move(request));
  }

  // Adds the next request of the batch, from this line.
  absl::Status Number(const std::string& budget_line, PaymentRequest request) {
    ASSIGN_OR_RETURN(const auto line, decision_.all<v1::BudgetLine>().Get(budget_line));
    request.set_budget_code(line.code());
    request.set_fiscal_year(line.fiscal_year());
    request.set_number(static_cast<int>(requests_.size()) + 1);
    request.set_key(absl::StrFormat("%s-%04d", batch_.document_number(), request.number()));
    request.set_outcome(PaymentRequest::OUTCOME_OPEN);
    requests_.push_back(std::move(request));
    return absl::OkStatus();
  }

  const store::Decision<PaymentBatch>& decision_;
  const PaymentBatch& batch_;
  const PaymentLayout layout_;
  std::map<std::string, const PaymentLayout::Payee*> payees_;
  std::vector<PaymentRequest> requests_;
  int left_count_ = 0;
};

absl::Status DecidePaymentBatch(const store::Decision<PaymentBatch>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // only its result and its release change it
  const PaymentBatch& batch = decision.after();
  Faults& faults = decision.faults();
  Document::CheckDay(batch.request_date(), absl::nullopt, decision.today(), "request_date", faults);
  const auto layout = decision.all<PaymentLayout>().Get(batch.layout());
  if (absl::IsNotFound(layout.status())) return absl::OkStatus();  // already reported
  RETURN_IF_ERROR(layout.status());
  if (layout->body() != batch.body()) faults.Add("layout", "LINE_OF_ANOTHER_BODY"_reason, {{"body", batch.body()}});
  if (!faults.empty()) return absl::OkStatus();
  Asking asking(decision, *layout);
  RETURN_IF_ERROR(asking.Collect());
  std::vector<PaymentRequest> requests = asking.Take();
  if (!faults.empty()) return absl::OkStatus();
  if (requests.empty()) return Fail("NOTHING_TO_REQUEST"_reason);
  PaymentBatch with_form = batch;
  *with_form.mutable_form() = layout->form();
  faults.Add("", WritePaymentFile(with_form, requests).status());
  if (!faults.empty()) return absl::OkStatus();
  decision.Derive([&](PaymentBatch& derived) {
    *derived.mutable_form() = layout->form();
    derived.set_request_count(static_cast<int>(requests.size()));
    derived.set_total_yen(0);
    for (const PaymentRequest& one : requests) derived.set_total_yen(derived.total_yen() + one.yen());
    derived.set_left_count(asking.left_count());
    derived.set_maker(decision.tx().actor().Person());
  });
  decision.Then([requests = std::move(requests), id = contract::OwnId(batch.name())](store::Tx& tx) {
    for (PaymentRequest request : requests) {
      RETURN_IF_ERROR(
          store::Records<PaymentRequest>::Insert(tx, absl::StrFormat("%s/%04d", id, request.number()), request));
    }
    return absl::OkStatus();
  });
  return absl::OkStatus();
}

absl::Status DecideLayout(const store::Decision<PaymentLayout>& decision) {
  CheckPaymentForm(decision.after().form(), decision.faults());
  return absl::OkStatus();
}

absl::StatusOr<v1::ReadPaymentFileResponse> ReadFile(Service& service, const rpc::Call& call,
                                                     const v1::ReadPaymentFileRequest& request) {
  PaymentBatch batch;
  std::vector<PaymentRequest> requests;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(batch, store::Records<PaymentBatch>(view).Get(request.name()));
    ASSIGN_OR_RETURN(requests, RequestsOf(view, request.name()));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(PaymentFile file, WritePaymentFile(batch, requests));
  v1::ReadPaymentFileResponse response;
  response.set_sha256(absl::BytesToHexString(Sha256(file.bytes)));
  response.set_data(std::move(file.bytes));
  response.set_request_count(batch.request_count());
  response.set_total_yen(batch.total_yen());
  for (std::string& one : file.replaced) response.add_replaced_characters(std::move(one));
  return response;
}

}  // namespace

void AddPaymentBatches(Service& service) {
  BindStandard(service, "tsunagu.subsidy.v1.PaymentLayoutService", service.Add<PaymentLayout>().Rule(DecideLayout));
  Resource& batches = service.Add<PaymentBatch>().Rule(DecidePaymentBatch);
  BindStandard(service, "tsunagu.subsidy.v1.PaymentBatchService", batches)
      .Unary(
          "ReadPaymentFile",
          [&](rpc::Call& call, const v1::ReadPaymentFileRequest& request) { return ReadFile(service, call, request); })
      .Unary("ReleasePaymentBatch",
             [&](rpc::Call& call, const v1::ReleasePaymentBatchRequest& request) {
               return ChangeRecord<PaymentBatch>(service, call, batches, request,
                                                 [&](store::Tx& tx, PaymentBatch& batch) {
                                                   return ReleasePaymentBatch(tx, request, service.Today(), batch);
                                                 });
             })
      .Unary("ImportPaymentResult", [&](rpc::Call& call, const v1::ImportPaymentResultRequest& request) {
        return ChangeRecord<PaymentBatch>(service, call, batches, request, [&](store::Tx& tx, PaymentBatch& batch) {
          return ImportPaymentResult(tx, request, service.Today(), batch);
        });
      });
  BindStandard(service, "tsunagu.subsidy.v1.PaymentRequestService", service.Add<PaymentRequest>());
}

}  // namespace tsunagu::subsidy
