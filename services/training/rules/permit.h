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

// Whether who learned or is certified for `held` may do `asked`: the same, or one of the two kinds that it is counted
// as elsewhere.
bool Covers(v1::Act held, v1::Act asked);

// Adds what is wrong with an application by itself: neither certificate nor evidence, a client beside a certificate,
// acts twice.
void CheckApplication(const v1::PermitApplication& application, Faults& faults);
// Whether both apply for the same. The client is not looked at: see NominatesTheSame.
bool AppliesForTheSame(const v1::PermitApplication& before, const v1::PermitApplication& after);
// Adds ACT_NOT_COMPLETED for each act of which `learned` has no practicum.
void CheckLearned(const v1::PermitApplication& application, const std::vector<v1::Curriculum::ActRule>& learned,
                  Faults& faults);

// What becomes of an application that is granted: the one of `held`, the permits of the worker from the same
// prefecture, that its acts are written into; null: it gets a permit of its own. `client` is empty for any client. Adds
// to `faults` why neither is possible.
const v1::CarePermit* WrittenInto(const v1::PermitApplication& application, const std::string& client,
                                  const v1::PermitRule& rule, const std::vector<v1::CarePermit>& held, Faults& faults);

// Adds what is wrong with a filing: before the permit or after its end, off a roster that she is not on. `others` are
// those of the permit that hold beside it.
void CheckFiling(const v1::WorkerFiling& filing, const v1::CarePermit& permit,
                 const std::vector<v1::WorkerFiling>& others, Faults& faults);

// A permit with the filings that hold.
struct Filed {
  v1::CarePermit permit;
  std::vector<v1::WorkerFiling> filings;
};
// Whether the worker of these permits may do `act` at `office` on `day` for `client`, or for any where that is empty.
// Of several permits that do not let her, the one that comes closest is told.
v1::CheckActResponse MayAct(const std::vector<Filed>& permits, const std::string& office, v1::Act act,
                            const std::string& client, jp::CivilDay day);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_PERMIT_H_
