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

// Everything about one programme that the caller may see, as it was known at the time of the report.
struct AuditRecords {
  platform::v1::Report report;  // of the programme's year, by programmes; its known_time and place apply to all records
  subsidy::v1::Programme programme;
  std::vector<subsidy::v1::RuleSet> rule_sets;  // of the programme, and those that documents name
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
  std::vector<subsidy::v1::Provider> providers;  // of these claims, and of other records that they depend on
  std::vector<subsidy::v1::UsageGrant> usage_grants;
  std::vector<subsidy::v1::ActivityScheme> schemes;
  std::vector<subsidy::v1::ServiceRecord> service_records;
  std::vector<subsidy::v1::ApprovalLimit> limits;     // of the deciding body
  std::vector<subsidy::v1::PaymentRequest> requests;  // for applications and claims of the programme
  std::vector<subsidy::v1::PaymentBatch> batches;     // the batches of these requests, with the other requests in them
  std::vector<subsidy::v1::PaymentLayout> layouts;    // of these batches
  std::vector<subsidy::v1::BudgetLine> lines;         // lines to which something of the programme was charged
  std::vector<subsidy::v1::BudgetChange> changes;
  std::vector<subsidy::v1::Posting> postings;  // all postings of these lines
  std::vector<std::string> unseen;             // lines that the caller may not see
  // The derivation of the amount of each filing, decision and payment, by name.
  std::map<std::string, subsidy::v1::Explanation> explanations;
  // The history of all these records, and the place of each change in the journal.
  std::vector<platform::v1::Revision> revisions;
  std::map<std::pair<std::string, int64_t>, int64_t> places;  // by name and revision; of what the journal still
                                                              // contains
};

// Errors: PROGRAMME_NOT_FOUND, and those of the server.
absl::StatusOr<AuditRecords> ReadAuditRecords(const Client& client, const std::string& programme);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_AUDIT_RECORDS_H_
