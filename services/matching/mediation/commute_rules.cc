#include "services/matching/mediation/commute_rules.h"

#include <string>

#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/matching/rules/commute_rule.h"
#include "tsunagu/matching/v1/commute_rule.pb.h"
#include "tsunagu/matching/v1/travel_time.pb.h"

namespace tsunagu::matching {
namespace {

using contract::Where;

absl::Status DecideCommuteRule(const store::Decision<v1::CommuteRule>& decision) {
  rules::CheckCommuteRule(decision.after(), decision.faults());
  return absl::OkStatus();
}

// A table has a way at most once. The ends of a way never change, so only a new one can be a duplicate.
absl::Status DecideTravelTime(const store::Decision<v1::TravelTime>& decision) {
  const v1::TravelTime& time = decision.after();
  rules::CheckTravelTime(time, decision.faults());
  if (decision.before() != nullptr) return absl::OkStatus();
  const std::string rule(contract::Schema::ParentOf(time.name()));
  RETURN_IF_ERROR(decision.tx().Guard("travel times of rule", rule));
  ASSIGN_OR_RETURN(const auto other, decision.all().Find(Where::Under(rule) && Where("origin", time.origin()) &&
                                                         Where("destination", time.destination())));
  if (!other || other->name() == time.name()) return absl::OkStatus();
  return decision.AddConflict("destination", "TRAVEL_TIME_REPEATED"_reason, "TRAVEL_TIME_REPEATED_UNSEEN"_reason,
                              *other);
}

}  // namespace

void AddCommuteRules(Service& service) {
  BindStandard(service, "tsunagu.matching.v1.CommuteRuleService",
               service.Add<v1::CommuteRule>().Rule(DecideCommuteRule));
  BindStandard(service, "tsunagu.matching.v1.TravelTimeService", service.Add<v1::TravelTime>().Rule(DecideTravelTime));
}

}  // namespace tsunagu::matching
