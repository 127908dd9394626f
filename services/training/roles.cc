#include "services/training/roles.h"

#include "common/access/policy.h"

namespace tsunagu::training {

absl::Span<const access::ShippedRole> Roles() {
  static const auto& roles = *new std::vector<access::ShippedRole>{
      {"prefecture-officer", "都道府県担当者", 2, {"attendances.*",  "carePermits.*",        "certificates.*",
                                                   "courses.*",      "curricula.*",          "enrollments.*",
                                                   "learners.*",     "permitApplications.*", "permitRules.*",
                                                   "rosters.read",   "sessions.*",           "signingKeys.read",
                                                   "statements.*",   "testResults.*",        "trials.*",
                                                   "viewings.*",     "workerFilings.*",      "rows.*",
                                                   "revisions.read", "changes.read",         "due.read",
                                                   "operations.*"}},
      // Runs courses for the prefecture, but does not decide who takes part.
      {"training-operator",
       "研修担当者",
       1,
       {"attendances.*", "certificates.read", "certificates.verify", "courses.read", "curricula.read",
        "enrollments.read", "learners.*", "sessions.*", "statements.read", "testResults.*", "trials.*", "viewings.*",
        "rows.*"}},
      // Nominates learners, and sees the progress of those.
      {"municipality-officer",
       "市区町村担当者",
       2,
       {"attendances.read", "certificates.read", "certificates.identity", "certificates.verify", "courses.read",
        "curricula.read", "enrollments.*", "learners.*", "rosters.read", "sessions.read", "testResults.read",
        "trials.read", "viewings.read", "rows.*"}},
      // Synchronises the data of other systems: people, facts, filings of offices; checks who may act. Makes no
      // decisions, and sees no personal data.
      {"integrator",
       "連携システム",
       1,
       {"attendances.*", "carePermits.check", "carePermits.read", "certificates.read", "certificates.verify",
        "courses.read", "curricula.read", "enrollments.read", "learners.read", "learners.write", "sessions.read",
        "testResults.*", "trials.*", "viewings.*", "workerFilings.*", "rows.*", "changes.read"}},
  };
  return roles;
}

}  // namespace tsunagu::training
