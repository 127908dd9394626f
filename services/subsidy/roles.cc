#include "services/subsidy/roles.h"

#include "common/access/policy.h"

namespace tsunagu::subsidy {

absl::Span<const access::ShippedRole> Roles() {
  static const auto& roles = *new std::vector<access::ShippedRole>{
      // Examines and decides.
      {"prefecture-officer",
       "都道府県担当者",
       1,
       {"allotments.read", "amounts.explain", "applications.*", "approvalLimits.read", "budgetChanges.read",
        "budgetLines.read", "commitmentActs.*", "commitments.*", "decisions.*", "filings.*", "forwardings.*",
        "overrides.*", "paymentBatches.*", "paymentLayouts.read", "payments.read", "paymentRequests.read",
        "postings.read", "programmes.read", "ruleSets.read", "rows.*", "revisions.read", "changes.read", "due.read",
        "operations.*"}},
      // Sets up programmes and rules, and keeps the budget.
      {"budget-officer",
       "予算担当者",
       1,
       {"allotments.*", "amounts.explain", "applications.plan", "applications.read", "approvalLimits.*",
        "budgetChanges.*", "budgetLines.*", "commitmentActs.read", "commitments.read", "decisions.read",
        "filings.read", "forwardings.read", "overrides.approve", "overrides.read", "paymentBatches.read",
        "paymentLayouts.*", "payments.read", "paymentRequests.read", "postings.read",
        "programmes.*", "ruleSets.*", "rows.*", "revisions.read", "changes.read", "due.read", "operations.*"}},
      // Pays what was decided.
      {"treasurer",
       "出納担当者",
       1,
       {"amounts.explain", "applications.read", "budgetLines.read", "commitmentActs.*", "commitments.read",
        "decisions.read", "overrides.*", "paymentBatches.*", "paymentLayouts.read", "payments.*",
        "paymentRequests.read", "postings.read", "programmes.read", "rows.*", "due.read"}},
      // Applies, reports, and sees what was decided.
      {"municipality-officer",
       "市区町村担当者",
       1,
       {"allotments.read", "amounts.explain", "applications.read", "applications.write", "decisions.read", "filings.*",
        "payments.read", "programmes.read", "ruleSets.read", "rows.*", "due.read"}},
      // An accounting system: reads what is to be paid, and tells what was.
      {"integrator",
       "連携システム",
       1,
       {"applications.read", "budgetLines.read", "commitmentActs.*", "commitments.read", "decisions.read",
        "paymentBatches.read", "paymentLayouts.read", "payments.*", "paymentRequests.read", "postings.read",
        "programmes.read", "rows.*", "changes.read"}},
      // Sees everything, with the traces.
      {"auditor",
       "監査担当者",
       1,
       {"allotments.read", "amounts.explain", "applications.read", "approvalLimits.read", "budgetChanges.read",
        "budgetLines.read", "commitmentActs.read", "commitments.read", "decisions.read", "filings.read",
        "forwardings.read", "overrides.read", "paymentBatches.read", "paymentLayouts.read", "payments.read",
        "paymentRequests.read", "postings.read", "programmes.read", "ruleSets.read", "revisions.read",
        "changes.read"}},
  };
  return roles;
}

}  // namespace tsunagu::subsidy
