#ifndef TSUNAGU_SERVICES_SUITE_AUDIT_RECORDS_H_
#define TSUNAGU_SERVICES_SUITE_AUDIT_RECORDS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/suite/client.h"
#include "tsunagu/platform/v1/report.pb.h"
#include "tsunagu/platform/v1/revision.pb.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/allotment.pb.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/approval_limit.pb.h"
#include "tsunagu/subsidy/v1/budget_change.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"
#include "tsunagu/subsidy/v1/commitment_override.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/explanation.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/forwarding.pb.h"
#include "tsunagu/subsidy/v1/override.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"
#include "tsunagu/subsidy/v1/payment_layout.pb.h"
#include "tsunagu/subsidy/v1/payment_request.pb.h"
#include "tsunagu/subsidy/v1/posting.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/provider.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"
#include "tsunagu/subsidy/v1/service_record.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"
#include "tsunagu/subsidy/v1/usage_grant.pb.h"

namespace tsunagu::suite {

// Everything about one programme that the caller may see, as it was known at one time: that of the report.
struct AuditRecords {
  platform::v1::Report report;  // of the programme's year, by programmes; its known_time and place hold for all
  subsidy::v1::Programme programme;
  std::vector<subsidy::v1::RuleSet> rule_sets;  // of the programme, and those that a document names
  std::vector<subsidy::v1::Allotment> allotments;
  std::vector<subsidy::v1::Application> applications;
  std::vector<subsidy::v1::Filing> filings;
  std::vector<subsidy::v1::Decision> decisions;
  std::vector<subsidy::v1::Payment> payments;
  std::vector<subsidy::v1::Override> overrides;
  std::vector<subsidy::v1::Forwarding> forwardings;
  std::vector<subsidy::v1::Commitment> commitments;
  std::vector<subsidy::v1::CommitmentAct> commitment_acts;
  std::vector<subsidy::v1::CommitmentOverride> commitment_overrides;
  std::vector<subsidy::v1::UsageClaim> claims;   // of hours, approved under the programme
  std::vector<subsidy::v1::Provider> providers;  // of these, and what else they rest on
  std::vector<subsidy::v1::UsageGrant> usage_grants;
  std::vector<subsidy::v1::ActivityScheme> schemes;
  std::vector<subsidy::v1::ServiceRecord> service_records;
  std::vector<subsidy::v1::ApprovalLimit> limits;     // of the body that decides
  std::vector<subsidy::v1::PaymentRequest> requests;  // for applications and claims of the programme
  std::vector<subsidy::v1::PaymentBatch> batches;     // in which they are, with what else these ask for
  std::vector<subsidy::v1::PaymentLayout> layouts;    // of these
  std::vector<subsidy::v1::BudgetLine> lines;         // those that something of the programme was charged to
  std::vector<subsidy::v1::BudgetChange> changes;
  std::vector<subsidy::v1::Posting> postings;  // all of these lines
  std::vector<std::string> unseen;             // lines that the caller may not see
  // Why each filing, decision and payment has its amount, by name.
  std::map<std::string, subsidy::v1::Explanation> explanations;
  // What became of all these records, and where each change stands in the journal.
  std::vector<platform::v1::Revision> revisions;
  std::map<std::pair<std::string, int64_t>, int64_t> places;  // by name and revision; of what the journal still tells
};

// PROGRAMME_NOT_FOUND, and what else the server refuses.
absl::StatusOr<AuditRecords> ReadAuditRecords(const Client& client, const std::string& programme);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_AUDIT_RECORDS_H_
