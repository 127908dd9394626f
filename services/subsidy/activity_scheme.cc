#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/subsidy/usage.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/provider.pb.h"

namespace tsunagu::subsidy {
namespace {

using records::Where;
using v1::ActivityScheme;

// What it works out, without what may always change.
ActivityScheme Rule(ActivityScheme scheme) {
  for (const char* field : {"display_name", "source", "valid_from_date", "valid_to_date", "create_time", "update_time",
                            "etag"}) {
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
    const std::string& code = scheme.cost_classes(i).code();
    if (codes.insert(code).second) continue;
    faults.Add(absl::StrCat("cost_classes[", i, "].code"), "ITEM_REPEATED"_reason, {{"code", code}});
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
  BindStandard(service, "tsunagu.subsidy.v1.ActivitySchemeService",
               service.Add<ActivityScheme>().Rule(DecideScheme));
  BindStandard(service, "tsunagu.subsidy.v1.ProviderService", service.Add<v1::Provider>().Rule(DecideProvider));
}

}  // namespace tsunagu::subsidy
