#ifndef TSUNAGU_TESTS_WIRE_ACTIVITIES_TEST_BASE_H_
#define TSUNAGU_TESTS_WIRE_ACTIVITIES_TEST_BASE_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/jp/civil_day.h"
#include "tests/wire/subsidy_test_base.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/provider.pb.h"
#include "tsunagu/subsidy/v1/service_record.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"
#include "tsunagu/subsidy/v1/usage_grant.pb.h"

namespace tsunagu::wire {

// The subsidy service alone, on 3 April 2050: 鳥取市 has the scheme activitySchemes/rest of respite (half hours, 48
// hours a year pro rata, visits of one to four hours, 3,750 yen for a unit, of which it pays 90 % or all) and the
// provider `station_`.
class ActivitiesTest : public SubsidyTest {
 protected:
  void SetUp() override {
    SubsidyTest::SetUp();
    if (IsSkipped()) return;
    MakeScheme(
        "rest", "ACTIVITY_RESPITE",
        "unit_minutes: 30 rest: REST_DROPPED least_visit_minutes: 60 longest_visit_minutes: 240 limit_minutes: 2880 "
        "pro_rated: true start: START_APPLICATION unit_price_yen: 3750 "
        "cost_classes { code: 'ordinary' ja: '一般' paid_percent: 90 } "
        "cost_classes { code: 'exempt' ja: '非課税' paid_percent: 100 }");
    station_ = MakeProvider("ACTIVITY_RESPITE");
  }
  static std::string Day(const std::string& field, const std::string& day) {
    return absl::StrCat(field, " { ", jp::ToDate(*jp::ParseDay(day)).ShortDebugString(), " } ");
  }

  void MakeScheme(const std::string& id, const std::string& activity, const std::string& text) {
    using namespace subsidy_v1;  // NOLINT: its request
    EXPECT_EQ(Said(Ask<ActivityScheme, CreateActivitySchemeRequest>(
                  *city_, "ActivitySchemeService/CreateActivityScheme",
                  absl::StrCat("activity_scheme_id: '", id,
                               "' activity_scheme { display_name: '見本要綱' body: 'areas/312011' ",
                               "activity: ", activity, " ", text, " }"))),
              "OK");
  }
  std::string MakeProvider(const std::string& activity, const std::string& more = "") {
    const auto made = Ask<subsidy_v1::Provider, subsidy_v1::CreateProviderRequest>(
        *city_, "ProviderService/CreateProvider",
        absl::StrCat("provider { display_name: '見本訪問看護ステーション' body: 'areas/312011' activity: ", activity,
                     " ", Day("registration_date", "2049-04-01"), more, " }"));
    EXPECT_EQ(Said(made), "OK");
    return made.ok() ? made->name() : "";
  }
  // Fiscal year 2049, application in May, decision on 10 June.
  absl::StatusOr<subsidy_v1::UsageGrant> Grant(const std::string& child, const std::string& more,
                                               const std::string& scheme = "rest",
                                               const std::string& decided = "2049-06-10") {
    return Ask<subsidy_v1::UsageGrant, subsidy_v1::CreateUsageGrantRequest>(
        *city_, "UsageGrantService/CreateUsageGrant",
        absl::StrCat("usage_grant { body: 'areas/312011' scheme: 'activitySchemes/", scheme, "' child: '", child,
                     "' fiscal_year: 2049 ", Day("application_date", "2049-05-28"), Day("decision_date", decided), more,
                     " }"));
  }
  std::string MakeGrant(const std::string& child, const std::string& more = "cost_class: 'ordinary'",
                        const std::string& scheme = "rest", const std::string& decided = "2049-06-10") {
    const auto made = Grant(child, more, scheme, decided);
    EXPECT_EQ(Said(made), "OK");
    return made.ok() ? made->name() : "";
  }
  static std::string Visit(const std::string& provider, const std::string& day, const std::string& from,
                           const std::string& to, const std::string& more = "") {
    return absl::StrCat("service_record { provider: '", provider,
                        "' place: SERVICE_PLACE_HOME served_by: SERVED_BY_NURSE ", Day("service_date", day),
                        "begins_at: '", from, "' ends_at: '", to, "' ", more, " }");
  }
  absl::StatusOr<subsidy_v1::ServiceRecord> Record(const std::string& grant, const std::string& visit) {
    return Ask<subsidy_v1::ServiceRecord, subsidy_v1::CreateServiceRecordRequest>(
        *city_, "ServiceRecordService/CreateServiceRecord", absl::StrCat("parent: '", grant, "' ", visit));
  }
  // By the station, on a day of July 2049.
  absl::StatusOr<subsidy_v1::ServiceRecord> Record(const std::string& grant, int day, const std::string& from,
                                                   const std::string& to, const std::string& more = "") {
    return Record(grant, Visit(station_, absl::StrFormat("2049-07-%02d", day), from, to, more));
  }
  static std::string Line(const std::string& grant, int minutes, int yen) {
    return absl::StrFormat("lines { usage_grant: '%s' minutes: %d yen: %d } ", grant, minutes, yen);
  }
  // For July 2049, unless `month` is another month.
  absl::StatusOr<subsidy_v1::UsageClaim> File(const std::string& provider, const std::string& lines, int total,
                                              const std::string& month = "2049-07-01") {
    return Ask<subsidy_v1::UsageClaim, subsidy_v1::CreateUsageClaimRequest>(
        *city_, "UsageClaimService/CreateUsageClaim",
        absl::StrCat("parent: '", provider, "' usage_claim { ", Day("month_date", month), lines, "total_yen: ", total,
                     " }"));
  }
  absl::StatusOr<subsidy_v1::UsageClaim> Withdraw(const std::string& claim) {
    return Ask<subsidy_v1::UsageClaim, subsidy_v1::WithdrawUsageClaimRequest>(
        *city_, "UsageClaimService/WithdrawUsageClaim", absl::StrCat("name: '", claim, "' reason: '記録の訂正'"));
  }

  std::string station_;
};

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_ACTIVITIES_TEST_BASE_H_
