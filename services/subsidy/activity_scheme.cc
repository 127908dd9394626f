#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/subsidy/rules/activity_templates.h"
#include "services/subsidy/usage.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/provider.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Where;
using v1::ActivityScheme;

// Returns the part of the scheme that determines amounts, without the fields that may always change.
ActivityScheme Rule(ActivityScheme scheme) {
  for (const char* field :
       {"display_name", "source", "valid_from_date", "valid_to_date", "create_time", "update_time", "etag"}) {
    scheme.GetReflection()->ClearField(&scheme, ActivityScheme::descriptor()->FindFieldByName(field));
  }
  return scheme;
}

void CheckScheme(const ActivityScheme& scheme, Faults& faults) {
  const int longest = scheme.longest_visit_minutes();
  if (longest > 0 && scheme.least_visit_minutes() > longest) {
    faults.Add("least_visit_minutes", "ABOVE_SCHEME"_reason, {{"most", absl::StrCat(longest)}});
  }
  std::set<std::string> codes;
  for (int i = 0; i < scheme.cost_classes_size(); ++i) {
    const auto& one = scheme.cost_classes(i);
    const std::string field = absl::StrCat("cost_classes[", i, "].");
    if (!codes.insert(one.code()).second) faults.Add(field + "code", "ITEM_REPEATED"_reason, {{"code", one.code()}});
    if (one.own_costs().empty()) continue;
    if (one.paid_percent() != 0) faults.Add(field + "paid_percent", "FIELD_NOT_OF_KIND"_reason);
    for (int j = 1; j < one.own_costs_size(); ++j) {
      if (one.own_costs(j).up_to_minutes() > one.own_costs(j - 1).up_to_minutes()) continue;
      faults.Add(absl::StrCat(field, "own_costs[", j, "].up_to_minutes"), "OWN_COST_OUT_OF_ORDER"_reason);
    }
  }
}

absl::Status DecideScheme(const store::Decision<ActivityScheme>& decision) {
  const ActivityScheme& scheme = decision.after();
  CheckScheme(scheme, decision.faults());
  if (decision.before() == nullptr ||
      google::protobuf::util::MessageDifferencer::Equals(Rule(*decision.before()), Rule(scheme))) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(decision.tx().Guard({SchemeGuard(scheme.name())}));
  ASSIGN_OR_RETURN(const bool used, decision.all<v1::UsageGrant>().Any(Where("scheme", scheme.name())));
  return used ? Fail("SCHEME_IN_USE"_reason) : absl::OkStatus();
}

absl::Status DecideProvider(const store::Decision<v1::Provider>& decision) {
  const v1::Provider& provider = decision.after();
  const auto from = DayIn(provider.registration_date()), to = DayIn(provider.end_date());
  if (from && to && *to < *from) decision.faults().Add("end_date", "PERIOD_ENDS_BEFORE_START"_reason);
  return absl::OkStatus();
}

}  // namespace

void AddActivitySchemes(Service& service) {
  BindStandard(service, "tsunagu.subsidy.v1.ActivitySchemeService", service.Add<ActivityScheme>().Rule(DecideScheme))
      .Unary(
          "ListActivitySchemeTemplates",
          [](rpc::Call&,
             const v1::ListActivitySchemeTemplatesRequest&) -> absl::StatusOr<v1::ListActivitySchemeTemplatesResponse> {
            v1::ListActivitySchemeTemplatesResponse response;
            for (const ActivityScheme& one : ActivityTemplates()) *response.add_activity_schemes() = one;
            return response;
          });
  BindStandard(service, "tsunagu.subsidy.v1.ProviderService", service.Add<v1::Provider>().Rule(DecideProvider));
}

}  // namespace tsunagu::subsidy
