#include "services/subsidy/roles.h"

#include "common/access/policy.h"

namespace tsunagu::subsidy {

absl::Span<const access::ShippedRole> Roles() {
  static const auto& roles = *new std::vector<access::ShippedRole>{
      // Examines and decides.
      {"prefecture-officer",
       "都道府県担当者",
       1,
       {"activitySchemes.*", "allotments.read", "amounts.explain", "applications.*", "approvalLimits.read",
        "budgetChanges.read", "budgetLines.read", "commitmentActs.decide", "commitmentActs.read",
        "commitmentActs.write", "commitmentOverrides.*", "commitments.*", "decisions.*", "filings.*", "forwardings.*",
        "overrides.*", "paymentBatches.*", "paymentLayouts.read", "paymentRequests.read", "payments.read",
        "postings.read", "programmes.read", "providers.*", "ruleSets.read", "serviceRecords.*", "usageClaims.approve",
        "usageClaims.read", "usageClaims.write", "usageGrants.*", "rows.*", "revisions.read", "changes.read", "due.read",
        "operations.*"}},
      // Sets up programmes and rules, and keeps the budget.
      {"budget-officer",
       "予算担当者",
       1,
       {"activitySchemes.read", "allotments.*", "amounts.explain", "applications.plan", "applications.read",
        "approvalLimits.*", "budgetChanges.*", "budgetLines.*", "commitmentActs.read", "commitmentOverrides.approve",
        "commitmentOverrides.read", "commitments.read", "decisions.read", "filings.read", "forwardings.read",
        "overrides.approve", "overrides.read",
        "paymentBatches.read", "paymentLayouts.*", "paymentRequests.read", "payments.read", "postings.read",
        "programmes.*", "providers.read", "ruleSets.*", "usageClaims.read", "rows.*", "revisions.read", "changes.read",
        "due.read", "operations.*"}},
      // Pays what was decided.
      {"treasurer",
       "出納担当者",
       1,
       {"amounts.explain", "applications.read", "budgetLines.read", "commitmentActs.pay", "commitmentActs.read",
        "commitmentActs.write", "commitmentOverrides.*", "commitments.read", "decisions.read", "overrides.*",
        "paymentBatches.*", "paymentLayouts.read", "paymentRequests.read", "payments.*", "postings.read",
        "programmes.read", "providers.read", "usageClaims.pay", "usageClaims.read", "rows.*", "due.read"}},
      // Applies, reports, and sees what was decided.
      {"municipality-officer",
       "市区町村担当者",
       1,
       {"activitySchemes.*", "allotments.read", "amounts.explain", "applications.read", "applications.write",
        "budgetLines.read", "decisions.read", "filings.*", "payments.read", "programmes.read", "providers.*",
        "ruleSets.read", "serviceRecords.*", "usageClaims.approve", "usageClaims.read", "usageClaims.write",
        "usageGrants.*", "rows.*", "due.read"}},
      // An accounting system: reads what is to be paid, and tells what was.
      {"integrator",
       "連携システム",
       1,
       {"activitySchemes.read", "applications.read", "budgetLines.read", "commitmentActs.pay", "commitmentActs.read",
        "commitmentActs.write", "commitments.read", "decisions.read", "paymentBatches.read", "paymentLayouts.read",
        "paymentRequests.read", "payments.*", "postings.read", "programmes.read", "providers.read", "serviceRecords.*",
        "usageClaims.pay", "usageClaims.read", "usageClaims.write", "usageGrants.read", "rows.*", "changes.read"}},
      // Sees everything, with the traces.
      {"auditor",
       "監査担当者",
       1,
       {"activitySchemes.read", "allotments.read", "amounts.explain", "applications.read", "approvalLimits.read",
        "budgetChanges.read", "budgetLines.read", "commitmentActs.read", "commitmentOverrides.read", "commitments.read",
        "decisions.read", "filings.read", "forwardings.read", "overrides.read", "paymentBatches.read", "paymentLayouts.read",
        "paymentRequests.read", "payments.read", "postings.read", "programmes.read", "providers.read", "ruleSets.read",
        "serviceRecords.read", "usageClaims.read", "usageGrants.read", "revisions.read", "changes.read"}},
  };
  return roles;
}

}  // namespace tsunagu::subsidy
