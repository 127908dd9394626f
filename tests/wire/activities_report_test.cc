// The report of activities, and grants that are to be renewed.
#include "tests/wire/activities_test_base.h"
#include "tsunagu/platform/v1/due.pb.h"
#include "tsunagu/platform/v1/report.pb.h"
#include "tsunagu/subsidy/v1/activity_report.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;

class ActivitiesReportTest : public ActivitiesTest {
 protected:
  // "children 1, …" of all together, or of one group.
  std::string Values(const Caller& caller, const std::string& text, const std::string& group = "") {
    clock().Advance(absl::Seconds(1));  // of what was known before
    const auto report = Ask<platform_v1::Report, subsidy_v1::GetActivitiesReportRequest>(
        caller, "ActivitiesReportService/GetActivitiesReport", "fiscal_year: 2049 " + text);
    EXPECT_EQ(Said(report), "OK");
    std::string values;
    for (const auto& figure : report->figures()) {
      if (figure.group() == group)
        absl::StrAppend(&values, values.empty() ? "" : ", ", figure.measure(), " ", figure.value());
    }
    return values;
  }
};

TEST_P(ActivitiesReportTest, WhomItHelpedAndWhereNobodyDoes) {
  MakeScheme("place", "ACTIVITY_SIBLING_SUPPORT",
             "unit_minutes: 30 rest: REST_DROPPED start: START_DECISION unit_price_yen: 100");
  const std::string club = MakeProvider("ACTIVITY_SIBLING_SUPPORT", Day("end_date", "2049-12-31"));
  const std::string first = MakeGrant("a-1"), second = MakeGrant("a-2", "cost_class: 'exempt' siblings: 1");
  const std::string third = MakeGrant("a-2", "siblings: 3", "place");
  const auto wrong = Record(first, 1, "9:00", "11:00");
  ASSERT_EQ(Said(wrong), "OK");
  ASSERT_EQ(Said(Record(first, 1, "9:00", "10:30", absl::StrCat("replaces: '", wrong->name(), "'"))), "OK");
  ASSERT_EQ(Said(Record(first, 2, "9:00", "10:00", "fee_minutes: 60")), "OK") << "nothing of it counts";
  ASSERT_EQ(Said(Record(second, 3, "9:00", "10:00")), "OK");
  ASSERT_EQ(Said(Record(third, Visit(club, "2049-08-01", "9:00", "10:00"))), "OK");
  ASSERT_EQ(Said(File(station_, Line(first, 90, 10'125) + Line(second, 60, 7'500), 17'625)), "OK");
  EXPECT_EQ(Values(admin(), Day("as_of_date", "2049-12-31")),
            "children 2, siblings 3, visits 3, hours 3.5, claimed 17625, providers 2, areas_without_provider 0");
  EXPECT_EQ(Values(admin(), Day("as_of_date", "2049-07-01")),
            "children 1, siblings 0, visits 1, hours 1.5, claimed 17625, providers 2, areas_without_provider 0");
  EXPECT_EQ(Values(admin(), "group_by: ACTIVITY_GROUPING_ACTIVITIES", "ACTIVITY_RESPITE"),
            "children 2, siblings 1, visits 2, hours 2.5, claimed 17625, providers 1, areas_without_provider 0");
  EXPECT_EQ(Values(admin(), "group_by: ACTIVITY_GROUPING_ACTIVITIES", "ACTIVITY_SIBLING_SUPPORT"),
            "children 1, siblings 3, visits 1, hours 1.0, claimed 0, providers 0, areas_without_provider 1")
      << "its only provider has ended";
  EXPECT_EQ(Values(*city_, "group_by: ACTIVITY_GROUPING_BODIES", "areas/312011"),
            "children 2, siblings 3, visits 3, hours 3.5, claimed 17625, providers 1");
  const Caller other = CallerWith("other", {"municipality-officer@areas/313025"}, "subsidy");
  EXPECT_EQ(Values(other, ""),
            "children 0, siblings 0, visits 0, hours 0.0, claimed 0, providers 0, areas_without_provider 0");
  EXPECT_EQ(Values(admin(), "area: 'areas/313025'"),
            "children 0, siblings 0, visits 0, hours 0.0, claimed 0, providers 0, areas_without_provider 0");
  ASSERT_EQ(Said(Ask<subsidy_v1::ActivityScheme, subsidy_v1::CreateActivitySchemeRequest>(
                other, "ActivitySchemeService/CreateActivityScheme",
                "activity_scheme_id: 'o' activity_scheme { display_name: '見本' body: 'areas/313025' activity: "
                "ACTIVITY_OTHER "
                "unit_minutes: 30 rest: REST_DROPPED start: START_DECISION }")),
            "OK");
  EXPECT_EQ(Values(other, ""),
            "children 0, siblings 0, visits 0, hours 0.0, claimed 0, providers 0, areas_without_provider 1");
}

TEST_P(ActivitiesReportTest, GrantsAreToBeRenewed) {
  const auto due = [&] {
    platform_v1::ListDueRequest request;
    request.set_parent("services/subsidy");
    *request.mutable_until_date() = jp::ToDate(*jp::ParseDay("2051-03-31"));
    std::vector<std::string> items;
    const auto listed = city_->Call<platform_v1::ListDueResponse>("platform.v1.DueService/ListDue", request);
    EXPECT_EQ(Said(listed), "OK");
    for (const auto& item : listed->due()) {
      items.push_back(
          absl::StrCat(jp::FormatIso(jp::DayOf(item.due_date())), " ", item.kind(), " ", item.resource_name()));
    }
    return items;
  };
  const auto make = [&](const std::string& child, const std::string& more) {
    const auto made = Ask<subsidy_v1::UsageGrant, subsidy_v1::CreateUsageGrantRequest>(
        *city_, "UsageGrantService/CreateUsageGrant",
        absl::StrCat("usage_grant { body: 'areas/312011' scheme: 'activitySchemes/rest' cost_class: 'exempt' child: '",
                     child, "' ", Day("application_date", "2050-04-01"), Day("decision_date", "2050-04-02"), more,
                     " }"));
    EXPECT_EQ(Said(made), "OK");
    return made.ok() ? made->name() : "";
  };
  const std::string grant = make("a-1", "fiscal_year: 2050");
  make("a-2", "fiscal_year: 2050 " + Day("end_date", "2050-09-30"));
  EXPECT_THAT(due(), ElementsAre("2051-03-31 USAGE_GRANT_ENDS " + grant)) << "one that was ended is not renewed";
  make("a-1", "fiscal_year: 2051 renews: '" + grant + "'");
  EXPECT_THAT(due(), ElementsAre());
}

WIRE_TEST_ON_BOTH(ActivitiesReportTest);

}  // namespace
}  // namespace tsunagu::wire
