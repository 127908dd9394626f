#ifndef TSUNAGU_SERVICES_TRAINING_RULES_PERMIT_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_PERMIT_H_

#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "tsunagu/training/v1/care_permit.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/permit_application.pb.h"
#include "tsunagu/training/v1/permit_rule.pb.h"
#include "tsunagu/training/v1/worker_filing.pb.h"

namespace tsunagu::training::rules {

// Returns whether a worker trained or certified for `held` may do `asked`: the same act, or one of the two kinds as
// which `held` is counted elsewhere.
bool Covers(v1::Act held, v1::Act asked);

// Adds the faults in an application by itself: neither certificate nor evidence, a client together with a certificate,
// repeated acts.
void CheckApplication(const v1::PermitApplication& application, Faults& faults);
// Returns whether both apply for the same. The client is not compared: see NominatesTheSame.
bool AppliesForTheSame(const v1::PermitApplication& before, const v1::PermitApplication& after);
// Adds ACT_NOT_COMPLETED for each act whose practicum is not in `learned`.
void CheckLearned(const v1::PermitApplication& application, const std::vector<v1::Curriculum::ActRule>& learned,
                  Faults& faults);

// Returns the permit into which a granted application is written: one of `held`, the permits of the worker from the
// same prefecture; null: it gets a permit of its own. `client` is empty for any client. Adds to `faults` why neither is
// possible.
const v1::CarePermit* WrittenInto(const v1::PermitApplication& application, const std::string& client,
                                  const v1::PermitRule& rule, const std::vector<v1::CarePermit>& held, Faults& faults);

// Adds the faults in a filing: before the permit or after its end, a removal from a roster on which she is not.
// `others` are the other valid filings of the permit.
void CheckFiling(const v1::WorkerFiling& filing, const v1::CarePermit& permit,
                 const std::vector<v1::WorkerFiling>& others, Faults& faults);

// A permit with its valid filings.
struct Filed {
  v1::CarePermit permit;
  std::vector<v1::WorkerFiling> filings;
};
// Returns whether the worker with these permits may do `act` at `office` on `day` for `client`, or for any client if it
// is empty. If no permit allows it, the answer is about the one that comes closest.
v1::CheckActResponse MayAct(const std::vector<Filed>& permits, const std::string& office, v1::Act act,
                            const std::string& client, jp::CivilDay day);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_PERMIT_H_
