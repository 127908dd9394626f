#include "services/suite/audit_records.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "tsunagu/platform/v1/change.pb.h"
#include "tsunagu/subsidy/v1/subsidy_report.pb.h"

namespace tsunagu::suite {
namespace {

using contract::Schema;
using google::protobuf::Message;
using namespace subsidy::v1;  // NOLINT: requests by the dozen

constexpr char kParent[] = "services/subsidy";

class Reader {
 public:
  Reader(const Client& client, AuditRecords& records) : client_(client), records_(records) {}

  absl::Status Read(const std::string& programme) {
    RETURN_IF_ERROR(ReadReport(programme));
    ASSIGN_OR_RETURN(records_.programme,
                     (Get<Programme, GetProgrammeRequest>("ProgrammeService/GetProgramme", programme)));
    RETURN_IF_ERROR((List<ListAllotmentsRequest, ListAllotmentsResponse>(
        "AllotmentService/ListAllotments", programme, "", &ListAllotmentsResponse::allotments, records_.allotments)));
    RETURN_IF_ERROR(ReadApplications(programme));
    RETURN_IF_ERROR(ReadCommitments(programme));
    RETURN_IF_ERROR(ReadClaims(programme));
    RETURN_IF_ERROR(ReadLimits());
    RETURN_IF_ERROR(ReadBatches());
    RETURN_IF_ERROR(ReadRuleSets());
    RETURN_IF_ERROR(ReadLines());
    RETURN_IF_ERROR(ReadExplanations());
    RETURN_IF_ERROR(ReadRevisions());
    return ReadPlaces();
  }

 private:
  template <typename Response>
  absl::StatusOr<Response> Ask(absl::string_view method, const Message& request) {
    return client_.peer->Unary<Response>(absl::StrCat("tsunagu.subsidy.v1.", method), request, client_.stream);
  }
  template <typename M, typename Request>
  absl::StatusOr<M> Get(absl::string_view method, const std::string& name) {
    Request request;
    request.set_name(name);
    *request.mutable_as_known_at() = records_.report.known_time();
    return Ask<M>(method, request);
  }
  static void SetParent(ListApplicationsRequest&, const std::string&) {}
  static void SetParent(ListCommitmentsRequest&, const std::string&) {}
  static void SetParent(ListApprovalLimitsRequest&, const std::string&) {}
  template <typename Request>
  static void SetParent(Request& request, const std::string& parent) {
    request.set_parent(parent);
  }
  template <typename Request, typename Response, typename Rows, typename M>
  absl::Status List(absl::string_view method, const std::string& parent, const std::string& filter,
                    const Rows& (Response::*rows)() const, std::vector<M>& all) {
    Request request;
    SetParent(request, parent);
    request.set_filter(filter);
    request.set_page_size(1000);
    *request.mutable_as_known_at() = records_.report.known_time();
    do {
      ASSIGN_OR_RETURN(const Response page, Ask<Response>(method, request));
      all.insert(all.end(), (page.*rows)().begin(), (page.*rows)().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return absl::OkStatus();
  }

  // Reads the report of the programme's year, which never changes.
  absl::Status ReadReport(const std::string& programme) {
    GetProgrammeRequest get;
    get.set_name(programme);
    ASSIGN_OR_RETURN(const Programme now, Ask<Programme>("ProgrammeService/GetProgramme", get));
    GetSubsidyReportRequest request;
    request.set_fiscal_year(now.fiscal_year());
    request.set_group_by(SUBSIDY_GROUPING_PROGRAMMES);
    ASSIGN_OR_RETURN(records_.report, Ask<platform::v1::Report>("SubsidyReportService/GetSubsidyReport", request));
    return absl::OkStatus();
  }

  absl::Status ReadApplications(const std::string& programme) {
    RETURN_IF_ERROR((List<ListApplicationsRequest, ListApplicationsResponse>(
        "ApplicationService/ListApplications", "", absl::StrCat("programme = \"", programme, "\""),
        &ListApplicationsResponse::applications, records_.applications)));
    for (const Application& application : records_.applications) {
      const std::string& name = application.name();
      RETURN_IF_ERROR((List<ListFilingsRequest, ListFilingsResponse>("FilingService/ListFilings", name, "",
                                                                     &ListFilingsResponse::filings, records_.filings)));
      RETURN_IF_ERROR((List<ListDecisionsRequest, ListDecisionsResponse>(
          "DecisionService/ListDecisions", name, "", &ListDecisionsResponse::decisions, records_.decisions)));
      RETURN_IF_ERROR((List<ListPaymentsRequest, ListPaymentsResponse>(
          "PaymentService/ListPayments", name, "", &ListPaymentsResponse::payments, records_.payments)));
      RETURN_IF_ERROR((List<ListOverridesRequest, ListOverridesResponse>(
          "OverrideService/ListOverrides", name, "", &ListOverridesResponse::overrides, records_.overrides)));
    }
    return absl::OkStatus();
  }

  absl::Status ReadCommitments(const std::string& programme) {
    RETURN_IF_ERROR((List<ListForwardingsRequest, ListForwardingsResponse>(
        "ForwardingService/ListForwardings", programme, "", &ListForwardingsResponse::forwardings,
        records_.forwardings)));
    RETURN_IF_ERROR((List<ListCommitmentsRequest, ListCommitmentsResponse>(
        "CommitmentService/ListCommitments", "", absl::StrCat("programme = \"", programme, "\""),
        &ListCommitmentsResponse::commitments, records_.commitments)));
    for (const Commitment& commitment : records_.commitments) {
      RETURN_IF_ERROR((List<ListCommitmentActsRequest, ListCommitmentActsResponse>(
          "CommitmentActService/ListCommitmentActs", commitment.name(), "",
          &ListCommitmentActsResponse::commitment_acts, records_.commitment_acts)));
      RETURN_IF_ERROR((List<ListCommitmentOverridesRequest, ListCommitmentOverridesResponse>(
          "CommitmentOverrideService/ListCommitmentOverrides", commitment.name(), "",
          &ListCommitmentOverridesResponse::commitment_overrides, records_.commitment_overrides)));
    }
    return absl::OkStatus();
  }

  absl::Status ReadClaims(const std::string& programme) {
    RETURN_IF_ERROR((List<ListUsageClaimsRequest, ListUsageClaimsResponse>(
        "UsageClaimService/ListUsageClaims", "providers/-", absl::StrCat("programme = \"", programme, "\""),
        &ListUsageClaimsResponse::usage_claims, records_.claims)));
    std::set<std::string> providers, grants, schemes;
    for (const UsageClaim& claim : records_.claims) {
      providers.emplace(Schema::ParentOf(claim.name()));
      for (const auto& line : claim.lines()) grants.insert(line.usage_grant());
    }
    for (const std::string& name : providers) {
      ASSIGN_OR_RETURN(records_.providers.emplace_back(),
                       (Get<Provider, GetProviderRequest>("ProviderService/GetProvider", name)));
    }
    for (const std::string& name : grants) {
      ASSIGN_OR_RETURN(UsageGrant grant,
                       (Get<UsageGrant, GetUsageGrantRequest>("UsageGrantService/GetUsageGrant", name)));
      schemes.insert(grant.scheme());
      // For the whole year, since records share its limit, and one may correct another.
      RETURN_IF_ERROR((List<ListServiceRecordsRequest, ListServiceRecordsResponse>(
          "ServiceRecordService/ListServiceRecords", name, "", &ListServiceRecordsResponse::service_records,
          records_.service_records)));
      records_.usage_grants.push_back(std::move(grant));
    }
    for (const std::string& name : schemes) {
      ASSIGN_OR_RETURN(records_.schemes.emplace_back(), (Get<ActivityScheme, GetActivitySchemeRequest>(
                                                            "ActivitySchemeService/GetActivityScheme", name)));
    }
    return absl::OkStatus();
  }

  absl::Status ReadLimits() {
    if (records_.programme.grantor().empty()) return absl::OkStatus();
    return List<ListApprovalLimitsRequest, ListApprovalLimitsResponse>(
        "ApprovalLimitService/ListApprovalLimits", "", absl::StrCat("body = \"", records_.programme.grantor(), "\""),
        &ListApprovalLimitsResponse::approval_limits, records_.limits);
  }
  absl::Status ReadBatches() {
    for (const Application& one : records_.applications) {
      RETURN_IF_ERROR((List<ListPaymentRequestsRequest, ListPaymentRequestsResponse>(
          "PaymentRequestService/ListPaymentRequests", "paymentBatches/-",
          absl::StrCat("application = \"", one.name(), "\""), &ListPaymentRequestsResponse::payment_requests,
          records_.requests)));
    }
    for (const UsageClaim& one : records_.claims) {
      RETURN_IF_ERROR((List<ListPaymentRequestsRequest, ListPaymentRequestsResponse>(
          "PaymentRequestService/ListPaymentRequests", "paymentBatches/-",
          absl::StrCat("usage_claim = \"", one.name(), "\""), &ListPaymentRequestsResponse::payment_requests,
          records_.requests)));
    }
    std::set<std::string> batches, layouts;
    for (const PaymentRequest& one : records_.requests) batches.emplace(Schema::ParentOf(one.name()));
    for (const std::string& name : batches) {
      ASSIGN_OR_RETURN(PaymentBatch batch,
                       (Get<PaymentBatch, GetPaymentBatchRequest>("PaymentBatchService/GetPaymentBatch", name)));
      layouts.insert(batch.layout());
      records_.batches.push_back(std::move(batch));
    }
    for (const std::string& name : layouts) {
      ASSIGN_OR_RETURN(PaymentLayout layout,
                       (Get<PaymentLayout, GetPaymentLayoutRequest>("PaymentLayoutService/GetPaymentLayout", name)));
      records_.layouts.push_back(std::move(layout));
    }
    return absl::OkStatus();
  }

  absl::Status ReadRuleSets() {
    std::set<std::string> names = {records_.programme.rule_set()};
    for (const Application& one : records_.applications) names.insert(one.rule_set());
    for (const Filing& one : records_.filings) names.insert(one.rule_set());
    for (const Decision& one : records_.decisions) names.insert(one.rule_set());
    names.erase("");
    for (const std::string& name : names) {
      ASSIGN_OR_RETURN(RuleSet rule_set, (Get<RuleSet, GetRuleSetRequest>("RuleSetService/GetRuleSet", name)));
      records_.rule_sets.push_back(std::move(rule_set));
    }
    return absl::OkStatus();
  }

  absl::Status ReadLines() {
    std::set<std::string> names;
    for (const Application& one : records_.applications) names.insert(one.budget_line());
    for (const Payment& one : records_.payments) names.insert(one.budget_line());
    for (const CommitmentAct& one : records_.commitment_acts) names.insert(one.budget_line());
    for (const UsageClaim& one : records_.claims) names.insert(one.budget_line());
    names.erase("");
    for (const std::string& name : names) {
      const auto line = Get<BudgetLine, GetBudgetLineRequest>("BudgetLineService/GetBudgetLine", name);
      if (absl::IsNotFound(line.status())) {
        records_.unseen.push_back(name);
        continue;
      }
      RETURN_IF_ERROR(line.status());
      records_.lines.push_back(*line);
      RETURN_IF_ERROR((List<ListBudgetChangesRequest, ListBudgetChangesResponse>(
          "BudgetChangeService/ListBudgetChanges", name, "", &ListBudgetChangesResponse::budget_changes,
          records_.changes)));
      RETURN_IF_ERROR((List<ListPostingsRequest, ListPostingsResponse>(
          "PostingService/ListPostings", name, "", &ListPostingsResponse::postings, records_.postings)));
    }
    return ReadCauses();
  }
  // Reads the causes of postings that came from other lines.
  absl::Status ReadCauses() {
    std::set<std::string> there;
    for (const BudgetChange& change : records_.changes) there.insert(change.name());
    for (const Posting& posting : records_.postings) {
      if (!absl::StrContains(posting.cause(), "/budgetChanges/") || !there.insert(posting.cause()).second) continue;
      auto change = Get<BudgetChange, GetBudgetChangeRequest>("BudgetChangeService/GetBudgetChange", posting.cause());
      if (absl::IsNotFound(change.status())) {
        records_.unseen.push_back(posting.cause());
        continue;
      }
      RETURN_IF_ERROR(change.status());
      records_.changes.push_back(*std::move(change));
    }
    return absl::OkStatus();
  }

  // A document never changes, so the explanations are as of the same time as everything else.
  absl::Status ReadExplanations() {
    for (const std::string& name : NamesOfDocuments()) {
      ExplainAmountRequest request;
      request.set_name(name);
      ASSIGN_OR_RETURN(records_.explanations[name], Ask<Explanation>("ExplanationService/ExplainAmount", request));
    }
    return absl::OkStatus();
  }
  std::vector<std::string> NamesOfDocuments() const {
    std::vector<std::string> names;
    for (const Filing& one : records_.filings) names.push_back(one.name());
    for (const Decision& one : records_.decisions) names.push_back(one.name());
    for (const Payment& one : records_.payments) names.push_back(one.name());
    for (const UsageClaim& one : records_.claims) names.push_back(one.name());
    return names;
  }

  absl::Status ReadRevisions() {
    std::vector<std::string> names = NamesOfDocuments();
    names.push_back(records_.programme.name());
    for (const RuleSet& one : records_.rule_sets) names.push_back(one.name());
    for (const Allotment& one : records_.allotments) names.push_back(one.name());
    for (const Application& one : records_.applications) names.push_back(one.name());
    for (const Override& one : records_.overrides) names.push_back(one.name());
    for (const Forwarding& one : records_.forwardings) names.push_back(one.name());
    for (const Commitment& one : records_.commitments) names.push_back(one.name());
    for (const CommitmentAct& one : records_.commitment_acts) names.push_back(one.name());
    for (const CommitmentOverride& one : records_.commitment_overrides) names.push_back(one.name());
    for (const Provider& one : records_.providers) names.push_back(one.name());
    for (const UsageGrant& one : records_.usage_grants) names.push_back(one.name());
    for (const ActivityScheme& one : records_.schemes) names.push_back(one.name());
    for (const ServiceRecord& one : records_.service_records) names.push_back(one.name());
    for (const ApprovalLimit& one : records_.limits) names.push_back(one.name());
    for (const PaymentRequest& one : records_.requests) names.push_back(one.name());
    for (const PaymentBatch& one : records_.batches) names.push_back(one.name());
    for (const PaymentLayout& one : records_.layouts) names.push_back(one.name());
    for (const BudgetLine& one : records_.lines) names.push_back(one.name());
    for (const BudgetChange& one : records_.changes) names.push_back(one.name());
    for (const Posting& one : records_.postings) names.push_back(one.name());
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      platform::v1::ListRevisionsRequest request;
      request.set_parent(kParent);
      request.set_resource_name(name);
      request.set_page_size(1000);
      *request.mutable_as_known_at() = records_.report.known_time();
      std::vector<platform::v1::Revision> newest_first;
      do {
        ASSIGN_OR_RETURN(const auto page,
                         client_.peer->Unary<platform::v1::ListRevisionsResponse>(
                             "tsunagu.platform.v1.RevisionService/ListRevisions", request, client_.stream));
        newest_first.insert(newest_first.end(), page.revisions().begin(), page.revisions().end());
        request.set_page_token(page.next_page_token());
      } while (!request.page_token().empty());
      records_.revisions.insert(records_.revisions.end(), newest_first.rbegin(), newest_first.rend());
    }
    return absl::OkStatus();
  }

  absl::Status ReadPlaces() {
    std::set<std::string> names;
    for (const auto& revision : records_.revisions) names.insert(revision.resource_name());
    platform::v1::ReadChangesRequest request;
    request.set_parent(kParent);
    for (const char* collection : {"programmes",     "ruleSets",       "allotments",      "applications",
                                   "filings",        "decisions",      "payments",        "overrides",
                                   "forwardings",    "commitments",    "commitmentActs",  "commitmentOverrides",
                                   "usageClaims",    "providers",      "usageGrants",     "activitySchemes",
                                   "serviceRecords", "approvalLimits", "paymentRequests", "paymentBatches",
                                   "paymentLayouts", "budgetLines",    "budgetChanges",   "postings"}) {
      request.add_collections(collection);
    }
    request.set_from_beginning(true);
    request.set_page_size(1000);
    for (bool more = true; more;) {
      ASSIGN_OR_RETURN(const auto page, client_.peer->Unary<platform::v1::ReadChangesResponse>(
                                            "tsunagu.platform.v1.ChangeService/ReadChanges", request, client_.stream));
      for (const auto& change : page.changes()) {
        if (names.count(change.resource_name()) == 0) continue;
        records_.places[{change.resource_name(), change.revision()}] = change.place();
      }
      more = page.more() && page.place() < records_.report.place();
      request.set_from_beginning(false);
      request.set_resume_token(page.resume_token());
    }
    return absl::OkStatus();
  }

  const Client& client_;
  AuditRecords& records_;
};

}  // namespace

absl::StatusOr<AuditRecords> ReadAuditRecords(const Client& client, const std::string& programme) {
  AuditRecords records;
  RETURN_IF_ERROR(Reader(client, records).Read(programme));
  return records;
}

}  // namespace tsunagu::suite
