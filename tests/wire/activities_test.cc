// Hours of activities: granted, used, corrected and claimed, and what is refused on the way.
#include "common/contract/own_id.h"
#include "tests/wire/activities_test_base.h"

#include <atomic>

#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "tests/wire/eight_writers.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr char kRefused[] = "INVALID_ARGUMENT INVALID_REQUEST service_record.";

class HoursTest : public ActivitiesTest {
 protected:
  absl::StatusOr<UsageGrant> Update(const std::string& grant, const std::string& text, const std::string& path) {
    return Ask<UsageGrant, UpdateUsageGrantRequest>(
        *city_, "UsageGrantService/UpdateUsageGrant",
        absl::StrCat("usage_grant { name: '", grant, "' ", text, " } update_mask { paths: '", path, "' }"));
  }
  absl::StatusOr<ActivityScheme> UpdateScheme(const std::string& text, const std::string& path) {
    return Ask<ActivityScheme, UpdateActivitySchemeRequest>(
        *city_, "ActivitySchemeService/UpdateActivityScheme",
        absl::StrCat("activity_scheme { name: 'activitySchemes/rest' ", text, " } update_mask { paths: '", path,
                     "' }"));
  }
};

TEST_P(HoursTest, M14AGrantOfJuneHasTenMonths) {
  const auto june = Grant("a-1", "cost_class: 'exempt' siblings: 2");
  ASSERT_EQ(Said(june), "OK");
  EXPECT_EQ(june->first_minutes(), 40 * 60);
  EXPECT_EQ(june->period_minutes(), 48 * 60);
  EXPECT_EQ(june->activity(), ACTIVITY_RESPITE);
  EXPECT_EQ(jp::FormatIso(jp::DayOf(june->start_date())), "2049-05-28") << "from the day of receipt";
  EXPECT_EQ(jp::FormatIso(jp::DayOf(june->last_date())), "2050-03-31");
  const auto march = Grant("a-2", "cost_class: 'exempt'", "rest", "2050-03-31");
  ASSERT_EQ(Said(march), "OK");
  EXPECT_EQ(march->first_minutes(), 4 * 60);
}

TEST_P(HoursTest, WhatIsWrongWithAGrant) {
  EXPECT_EQ(Said(Grant("a-1", "cost_class: 'rich' minutes: 2881 end_date { year: 2050 month: 4 day: 1 } ", "rest",
                       "2049-05-01")),
            "INVALID_ARGUMENT INVALID_REQUEST usage_grant.cost_class:COST_CLASS_UNKNOWN "
            "usage_grant.decision_date:DOCUMENT_OUT_OF_ORDER usage_grant.end_date:OUTSIDE_FISCAL_YEAR "
            "usage_grant.minutes:ABOVE_SCHEME")
      << "every fault at once";
  EXPECT_EQ(Said(Grant("a-1", "cost_class: 'exempt' end_date { year: 2049 month: 5 day: 27 }")),
            "INVALID_ARGUMENT INVALID_REQUEST usage_grant.end_date:PERIOD_ENDS_BEFORE_START");
  EXPECT_EQ(Said(Grant("a-1", "cost_class: 'exempt'", "rest", "2050-04-04")),
            "INVALID_ARGUMENT INVALID_REQUEST usage_grant.decision_date:DOCUMENT_TO_COME "
            "usage_grant.decision_date:OUTSIDE_FISCAL_YEAR");
  MakeGrant("a-1");
  EXPECT_EQ(Said(Grant("a-1", "cost_class: 'exempt'")),
            "INVALID_ARGUMENT INVALID_REQUEST usage_grant.child:CHILD_GRANTED_ALREADY");
  MakeScheme("old", "ACTIVITY_RESPITE",
             "unit_minutes: 30 rest: REST_DROPPED start: START_DECISION " + Day("valid_to_date", "2049-06-09"));
  EXPECT_EQ(Said(Grant("a-1", "", "old")), "INVALID_ARGUMENT INVALID_REQUEST usage_grant.scheme:SCHEME_NOT_IN_FORCE");
  const Caller other = CallerWith("other", {"municipality-officer@areas/313025"}, "subsidy");
  EXPECT_EQ(Said(Ask<UsageGrant, CreateUsageGrantRequest>(
                other, "UsageGrantService/CreateUsageGrant",
                "usage_grant { body: 'areas/313025' scheme: 'activitySchemes/rest' child: 'a-1' fiscal_year: 2049 " +
                    Day("application_date", "2049-06-01") + Day("decision_date", "2049-06-01") + "}")),
            "INVALID_ARGUMENT INVALID_REQUEST usage_grant.scheme:REFERENCE_NOT_FOUND")
      << "what she may not see is not there";
  const auto seen =
      Ask<ListUsageGrantsResponse, ListUsageGrantsRequest>(other, "UsageGrantService/ListUsageGrants", "");
  EXPECT_EQ(seen->usage_grants_size(), 0);
}

TEST_P(HoursTest, ASchemeUnderWhichHoursWereGrantedStaysAsItIs) {
  EXPECT_EQ(Said(UpdateScheme("least_visit_minutes: 300", "least_visit_minutes")),
            "INVALID_ARGUMENT INVALID_REQUEST activity_scheme.least_visit_minutes:ABOVE_SCHEME");
  EXPECT_EQ(
      Said(UpdateScheme("cost_classes { code: 'a' ja: '甲' } cost_classes { code: 'a' ja: '乙' }", "cost_classes")),
      "INVALID_ARGUMENT INVALID_REQUEST activity_scheme.cost_classes[1].code:ITEM_REPEATED");
  ASSERT_EQ(Said(UpdateScheme("unit_price_yen: 3700", "unit_price_yen")), "OK");
  MakeGrant("a-1");
  EXPECT_EQ(Said(UpdateScheme("unit_price_yen: 3750", "unit_price_yen")), "FAILED_PRECONDITION SCHEME_IN_USE");
  EXPECT_EQ(Said(UpdateScheme(Day("valid_to_date", "2050-03-31"), "valid_to_date")), "OK");
}

TEST_P(HoursTest, SchemesThatComeWithTheProgramAreCompletedAndUsed) {
  const auto templates = Ask<ListActivitySchemeTemplatesResponse, ListActivitySchemeTemplatesRequest>(
      *city_, "ActivitySchemeService/ListActivitySchemeTemplates", "");
  ASSERT_EQ(Said(templates), "OK");
  EXPECT_EQ(templates->activity_schemes_size(), 4);
  for (const ActivityScheme& one : templates->activity_schemes()) {
    EXPECT_NE(one.source(), "") << one.name();
    CreateActivitySchemeRequest request;
    *request.mutable_activity_scheme() = one;
    request.set_activity_scheme_id(contract::OwnId(one.name()));
    request.mutable_activity_scheme()->clear_name();
    const bool has_start = one.start() != ActivityScheme::START_UNSPECIFIED;
    EXPECT_EQ(Said(city_->Call<ActivityScheme>("subsidy.v1.ActivitySchemeService/CreateActivityScheme", request)),
              absl::StrCat("INVALID_ARGUMENT INVALID_REQUEST activity_scheme.body:FIELD_REQUIRED",
                           has_start ? "" : " activity_scheme.start:FIELD_REQUIRED"))
        << "what nobody has published is asked for";
    request.mutable_activity_scheme()->set_body("areas/312011");
    if (!has_start) request.mutable_activity_scheme()->set_start(ActivityScheme::START_DECISION);
    EXPECT_EQ(Said(city_->Call<ActivityScheme>("subsidy.v1.ActivitySchemeService/CreateActivityScheme", request)),
              "OK");
  }
  EXPECT_EQ(Grant("a-1", "", "respite-by-months-left")->first_minutes(), 40 * 60) << "M14";
}

TEST_P(HoursTest, M15M16VisitsAndWhatTheyComeTo) {
  const std::string ordinary = MakeGrant("a-1"), exempt = MakeGrant("a-2", "cost_class: 'exempt'");
  const auto visit = Record(ordinary, 1, "9:00", "10:35");
  ASSERT_EQ(Said(visit), "OK");
  EXPECT_EQ(visit->minutes(), 90);
  EXPECT_EQ(visit->yen(), 10'125);
  EXPECT_EQ(visit->own_yen(), 1'125);
  EXPECT_EQ(visit->maker(), "city");
  const auto beyond = Record(exempt, 1, "09:00", "12:00", "insured_minutes: 90");
  ASSERT_EQ(Said(beyond), "OK");
  EXPECT_EQ(beyond->yen(), 11'250);
  const auto duplicate = Record(ordinary, 2, "9:00", "10:00", "fee_minutes: 60");
  ASSERT_EQ(Said(duplicate), "OK") << "M13";
  EXPECT_EQ(duplicate->minutes(), 0);
  EXPECT_EQ(duplicate->yen(), 0);
  EXPECT_TRUE(duplicate->duplicate());
}

TEST_P(HoursTest, WhatIsWrongWithAVisit) {
  const std::string grant = MakeGrant("a-1");
  const auto told = [&](const std::string& fault) { return kRefused + fault; };
  EXPECT_EQ(Said(Record(grant, 1, "9:00", "9:50")), told("ends_at:VISIT_TOO_SHORT"));
  EXPECT_EQ(Said(Record(grant, 1, "9:00", "13:30")), told("ends_at:VISIT_TOO_LONG"));
  EXPECT_EQ(Said(Record(grant, 1, "23:00", "1:00")), told("ends_at:SERVICE_ENDS_BEFORE_START"));
  EXPECT_EQ(Said(Record(grant, 1, "9時", "10:00")), told("begins_at:MALFORMED_TIME"));
  EXPECT_EQ(Said(Record(grant, 1, "9:00", "10:00", "insured_minutes: 61")),
            told("insured_minutes:MINUTES_BEYOND_VISIT"));
  EXPECT_EQ(Said(Record(grant, 1, "9:00", "10:00", "unit_price_yen: 3751")), told("unit_price_yen:ABOVE_SCHEME"));
  EXPECT_EQ(Said(Record(grant, Visit(station_, "2049-05-27", "9:00", "10:00"))), told("service_date:OUTSIDE_GRANT"));
  EXPECT_EQ(Said(Record(grant, Visit(station_, "2050-04-01", "9:00", "10:00"))), told("service_date:OUTSIDE_GRANT"));
  EXPECT_EQ(Said(Record(grant, Visit(station_, "2050-04-04", "9:00", "10:00"))),
            told("service_date:DOCUMENT_TO_COME service_record.service_date:OUTSIDE_GRANT"));
  const std::string other = MakeProvider("ACTIVITY_DAYTIME_PLACE");
  const std::string ended = MakeProvider("ACTIVITY_RESPITE", Day("end_date", "2049-06-30"));
  EXPECT_EQ(Said(Record(grant, Visit(other, "2049-07-01", "9:00", "10:00"))), told("provider:PROVIDER_NOT_REGISTERED"));
  EXPECT_EQ(Said(Record(grant, Visit(ended, "2049-07-01", "9:00", "10:00"))), told("provider:PROVIDER_NOT_REGISTERED"));
  EXPECT_EQ(Said(Record(grant, Visit(ended, "2049-06-30", "9:00", "9:10", "unit_price_yen: 9999"))),
            told("ends_at:VISIT_TOO_SHORT service_record.unit_price_yen:ABOVE_SCHEME"))
      << "every fault at once";
  MakeScheme("strict", "ACTIVITY_RESPITE",
             "unit_minutes: 30 rest: REST_REFUSED start: START_DECISION places: SERVICE_PLACE_SCHOOL");
  const std::string strict = MakeGrant("a-2", "", "strict");
  EXPECT_EQ(Said(Record(strict, 1, "9:00", "11:15")),
            told("ends_at:VISIT_OFF_STEP service_record.place:PLACE_NOT_IN_SCHEME"));
}

TEST_P(HoursTest, AClassThatChangesWithinTheYear) {
  const std::string grant = MakeGrant("a-1");
  const auto later = [](const std::string& day, const std::string& code) {
    return absl::StrCat("later_classes { ", Day("from_date", day), "cost_class: '", code, "' } ");
  };
  const auto change = [&](const std::string& text) { return Said(Update(grant, text, "later_classes")); };
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST usage_grant.later_classes";
  EXPECT_EQ(change(later("2049-08-01", "rich")), invalid + "[0].cost_class:COST_CLASS_UNKNOWN");
  EXPECT_EQ(change(later("2049-05-28", "exempt")), invalid + "[0].from_date:CLASS_OUT_OF_ORDER") << "its first day";
  EXPECT_EQ(change(later("2050-04-01", "exempt")), invalid + "[0].from_date:CLASS_OUT_OF_ORDER");
  EXPECT_EQ(change(later("2049-08-01", "exempt") + later("2049-08-01", "ordinary")),
            invalid + "[1].from_date:CLASS_OUT_OF_ORDER");
  ASSERT_EQ(Said(Record(grant, 1, "9:00", "10:00")), "OK");
  const auto last = Record(grant, 20, "9:00", "10:00");
  ASSERT_EQ(Said(last), "OK");
  EXPECT_EQ(change(later("2049-07-15", "exempt")), "FAILED_PRECONDITION CLASS_USED");
  EXPECT_EQ(change(later("2049-07-21", "exempt")), "OK");
  const auto after = Record(grant, 21, "9:00", "10:00"), before = Record(grant, 19, "9:00", "10:00");
  EXPECT_EQ(after->yen(), 7'500);
  EXPECT_EQ(after->own_yen(), 0);
  EXPECT_EQ(before->yen(), 6'750);
  EXPECT_EQ(change(""), "FAILED_PRECONDITION CLASS_USED");
  // A record that nothing was done has no class.
  ASSERT_EQ(Said(Record(grant, 20, "9:00", "9:00", absl::StrCat("replaces: '", last->name(), "'"))), "OK");
  EXPECT_EQ(change(later("2049-07-20", "exempt")), "OK");
  EXPECT_EQ(Record(grant, 20, "9:00", "10:00")->yen(), 7'500);
  EXPECT_EQ(Said(File(station_, Line(grant, 240, 6'750 * 2 + 7'500 * 2), 28'500)), "OK") << "the classes of the days";
}

TEST_P(HoursTest, OwnCostsOfASchemeGoByHours) {
  const auto scheme = [&](const std::string& text) {
    return Said(UpdateScheme(absl::StrCat("cost_classes { code: 'taxed' ja: '課税' ", text, " }"), "cost_classes"));
  };
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST activity_scheme.cost_classes[0].";
  EXPECT_EQ(scheme("own_costs { up_to_minutes: 60 yen: 1 } own_costs { up_to_minutes: 60 yen: 2 }"),
            invalid + "own_costs[1].up_to_minutes:OWN_COST_OUT_OF_ORDER");
  EXPECT_EQ(scheme("paid_percent: 90 own_costs { up_to_minutes: 60 yen: 1 }"),
            invalid + "paid_percent:FIELD_NOT_OF_KIND");
  ASSERT_EQ(scheme("own_costs { up_to_minutes: 60 yen: 500 } own_costs { up_to_minutes: 240 yen: 900 }"), "OK");
  const std::string grant = MakeGrant("a-1", "cost_class: 'taxed'");
  EXPECT_EQ(Record(grant, 1, "9:00", "10:00")->own_yen(), 500);
  const auto longer = Record(grant, 2, "9:00", "11:00");
  EXPECT_EQ(longer->own_yen(), 900);
  EXPECT_EQ(longer->yen(), 14'100);
}

TEST_P(HoursTest, AtTwoServicesAtOnce) {
  MakeScheme("place", "ACTIVITY_DAYTIME_PLACE", "unit_minutes: 1 rest: REST_DROPPED start: START_DECISION");
  const std::string grant = MakeGrant("a-1"), place = MakeGrant("a-1", "", "place"), other = MakeGrant("a-2");
  const std::string rooms = MakeProvider("ACTIVITY_DAYTIME_PLACE");
  ASSERT_EQ(Said(Record(grant, 1, "9:00", "10:00")), "OK");
  const std::string refused = absl::StrCat(kRefused, "begins_at:CHILD_AT_TWO_SERVICES");
  EXPECT_EQ(Said(Record(grant, 1, "9:59", "11:00")), refused);
  EXPECT_EQ(Said(Record(place, Visit(rooms, "2049-07-01", "8:00", "9:01"))), refused) << "by another grant";
  EXPECT_EQ(Said(Record(place, Visit(rooms, "2049-07-01", "8:00", "9:00"))), "OK");
  EXPECT_EQ(Said(Record(grant, 1, "10:00", "11:00")), "OK");
  EXPECT_EQ(Said(Record(other, 1, "9:00", "10:00")), "OK") << "another child";
}

// A record is not named to a caller who may not read it.
TEST_P(HoursTest, WhatIsInTheWayIsNotNamedToWhoMayNotSeeIt) {
  const std::string grant = MakeGrant("a-1");
  ASSERT_EQ(Said(Record(grant, 1, "9:00", "10:00")), "OK");
  SetRole("granter", {"usageGrants.write", "activitySchemes.read"}, "subsidy");
  SetRole("recorder", {"usageGrants.read", "serviceRecords.write", "activitySchemes.read", "providers.read"},
          "subsidy");
  EXPECT_EQ(Said(Ask<UsageGrant, CreateUsageGrantRequest>(
                CallerWith("granter", {"granter@areas/312011"}, "subsidy"), "UsageGrantService/CreateUsageGrant",
                "usage_grant { body: 'areas/312011' scheme: 'activitySchemes/rest' child: 'a-1' fiscal_year: 2049 "
                "cost_class: 'exempt' " +
                    Day("application_date", "2049-05-28") + Day("decision_date", "2049-06-10") + "}")),
            "INVALID_ARGUMENT INVALID_REQUEST usage_grant.child:CHILD_GRANTED_ALREADY_UNSEEN");
  EXPECT_EQ(
      Said(Ask<ServiceRecord, CreateServiceRecordRequest>(
          CallerWith("recorder", {"recorder@areas/312011"}, "subsidy"), "ServiceRecordService/CreateServiceRecord",
          absl::StrCat("parent: '", grant, "' ", Visit(station_, "2049-07-01", "9:59", "11:00")))),
      absl::StrCat(kRefused, "begins_at:CHILD_AT_TWO_SERVICES_UNSEEN"));
}

TEST_P(HoursTest, ACorrectionIsANewRecord) {
  const std::string grant = MakeGrant("a-1", "cost_class: 'exempt' minutes: 60"), other = MakeGrant("a-2");
  const auto wrong = Record(grant, 1, "9:00", "10:00");
  ASSERT_EQ(Said(wrong), "OK");
  EXPECT_EQ(Said(Record(grant, 2, "9:00", "10:00")), "FAILED_PRECONDITION GRANT_EXCEEDED");
  const std::string replaces = absl::StrCat("replaces: '", wrong->name(), "'");
  EXPECT_EQ(Said(Record(other, 1, "9:00", "10:00", replaces)), absl::StrCat(kRefused, "replaces:RECORD_OF_ANOTHER"));
  EXPECT_EQ(Said(Record(grant, 1, "9:00", "9:00")), absl::StrCat(kRefused, "ends_at:SERVICE_ENDS_BEFORE_START"));
  const auto right = Record(grant, 1, "9:30", "10:30", replaces);
  ASSERT_EQ(Said(right), "OK") << "what it replaces neither overlaps nor counts";
  EXPECT_EQ(Said(Record(grant, 3, "9:00", "10:00", replaces)), absl::StrCat(kRefused, "replaces:RECORD_REPLACED"));
  const auto undone = Record(grant, 1, "9:30", "9:30", absl::StrCat("replaces: '", right->name(), "'"));
  ASSERT_EQ(Said(undone), "OK") << "nothing was done after all";
  EXPECT_EQ(undone->minutes(), 0);
  EXPECT_EQ(Said(Record(grant, 2, "9:00", "10:00")), "OK");
}

TEST_P(HoursTest, AGrantIsNotCutBelowWhatWasUsed) {
  const std::string grant = MakeGrant("a-1");
  ASSERT_EQ(Said(Record(grant, 1, "9:00", "11:00")), "OK");
  EXPECT_EQ(Said(Update(grant, "minutes: 90", "minutes")),
            "INVALID_ARGUMENT INVALID_REQUEST usage_grant.minutes:GRANT_USED");
  EXPECT_EQ(Said(Update(grant, Day("end_date", "2049-06-30"), "end_date")),
            "INVALID_ARGUMENT INVALID_REQUEST usage_grant.end_date:GRANT_USED");
  const auto ended = Update(grant, Day("end_date", "2049-07-01"), "end_date");
  ASSERT_EQ(Said(ended), "OK");
  EXPECT_EQ(jp::FormatIso(jp::DayOf(ended->last_date())), "2049-07-01");
  EXPECT_EQ(Said(Record(grant, 2, "9:00", "10:00")), absl::StrCat(kRefused, "service_date:OUTSIDE_GRANT"));
}

TEST_P(HoursTest, BetweenTwoFacilities) {
  MakeScheme("both", "ACTIVITY_PARALLEL_ATTENDANCE", "unit_minutes: 30 rest: REST_COUNTED start: START_DECISION");
  const std::string grant = MakeGrant("a-1", "", "both"), centre = MakeProvider("ACTIVITY_PARALLEL_ATTENDANCE");
  const auto record = [&](const std::string& more) {
    return Record(grant, Visit(centre, "2049-07-01", "9:00", "9:40", more));
  };
  EXPECT_EQ(Said(record("")), absl::StrCat(kRefused,
                                           "day_care_facility:FIELD_REQUIRED service_record.linking:FIELD_REQUIRED "
                                           "service_record.nursery_facility:FIELD_REQUIRED"));
  const auto taken =
      record("linking: LINKING_ACCOMPANIMENT day_care_facility: 'facilities/x1' nursery_facility: 'facilities/x2'");
  ASSERT_EQ(Said(taken), "OK");
  EXPECT_EQ(taken->minutes(), 60);
}

TEST_P(HoursTest, M18HomeAndSchoolTogetherWithinTheYear) {
  MakeScheme(
      "ward", "ACTIVITY_RESPITE",
      "unit_minutes: 30 rest: REST_REFUSED least_visit_minutes: 120 longest_visit_minutes: 240 limit_minutes: 480 "
      "start: START_DECISION");
  const std::string grant = MakeGrant("a-1", "", "ward");
  ASSERT_EQ(Said(Record(grant, 1, "9:00", "13:00")), "OK");
  const auto at_school = [&](const std::string& to) {
    return Record(grant, absl::StrCat("service_record { provider: '", station_,
                                      "' place: SERVICE_PLACE_SCHOOL served_by: ", "SERVED_BY_NURSE ",
                                      Day("service_date", "2049-07-02"), "begins_at: '9:00' ends_at: '", to, "' }"));
  };
  ASSERT_EQ(Said(at_school("11:30")), "OK");
  const auto refused = Record(grant, 3, "9:00", "11:00");
  EXPECT_EQ(Said(refused), "FAILED_PRECONDITION GRANT_EXCEEDED");
  EXPECT_EQ(FaultOf(refused.status()).args().at("shortfall"), "30");
}

TEST_P(HoursTest, EightAtOnceUseNoMoreThanIsGranted) {
  const std::string grant = MakeGrant("a-1", "cost_class: 'exempt' minutes: 180");
  EXPECT_THAT(EightAtOnce([&](int writer) { return Said(Record(grant, writer + 1, "9:00", "10:00")); }),
              UnorderedElementsAre(Pair("OK", 3), Pair("FAILED_PRECONDITION GRANT_EXCEEDED", 5)));
  // The same with files.
  const std::string other = MakeGrant("a-2", "cost_class: 'exempt' minutes: 180");
  std::atomic<int> created = 0;
  EightAtOnce([&](int writer) {
    platform_v1::ImportRowsRequest options;
    options.set_parent("services/subsidy");
    options.set_collection("serviceRecords");
    std::string file = "利用決定,登録事業所,実施日,開始時刻,終了時刻,場所,従事者\n";
    for (const char* from : {"9:00", "11:00"}) {
      absl::StrAppend(&file, other, ",", station_, ",2049-07-", writer + 1, ",", from, ",",
                      from[0] == '9' ? "10:00" : "12:00", ",自宅,看護職員\n");
    }
    created += ImportCsv(*city_, options, file).counts.created_count();
    return std::string();
  });
  EXPECT_EQ(created, 3);
}

TEST_P(HoursTest, EightAtOnceAtOneTime) {
  MakeScheme("place", "ACTIVITY_DAYTIME_PLACE", "unit_minutes: 1 rest: REST_DROPPED start: START_DECISION");
  const std::string grants[] = {MakeGrant("a-1"), MakeGrant("a-1", "", "place")};
  const std::string providers[] = {station_, MakeProvider("ACTIVITY_DAYTIME_PLACE")};
  EXPECT_THAT(EightAtOnce([&](int writer) {
                const int i = writer % 2;
                return Said(Record(grants[i], Visit(providers[i], "2049-07-01", "9:00", "10:00")));
              }),
              UnorderedElementsAre(Pair("OK", 1), Pair(absl::StrCat(kRefused, "begins_at:CHILD_AT_TWO_SERVICES"), 7)));
}

TEST_P(HoursTest, ProvidersGrantsAndRecordsFromFiles) {
  const auto import = [&](const std::string& collection, const std::string& file) {
    platform_v1::ImportRowsRequest options;
    options.set_parent("services/subsidy");
    options.set_collection(collection);
    const Imported imported = ImportCsv(*city_, options, file);
    return absl::StrCat(imported.summary, "; ", absl::StrJoin(imported.rows, "; "));
  };
  EXPECT_EQ(import("providers",
                   "事業所名,登録番号,登録団体,事業,登録日\n"
                   "見本クリニック,訪-1,areas/312011,家族のレスパイト,令和31年4月1日\n"),
            "1 rows: 1 created; ");
  EXPECT_EQ(import("usageGrants",
                   "決定番号,団体,実施基準,児童の記号,年度,受付日,決定日,負担区分,決定時間（分）\n"
                   "決-1,areas/312011,activitySchemes/rest,b-1,2049,2049-05-01,2049-05-10,exempt,120\n"
                   "決-2,areas/312011,activitySchemes/rest,b-1,2049,2049-05-01,2049-05-10,exempt,\n"),
            "2 rows: 1 created, 1 refused; 3 refused 児童の記号:CHILD_GRANTED_ALREADY");
  const std::string records =
      "利用決定,登録事業所,実施日,開始時刻,終了時刻,報酬請求の時間（分）,場所,従事者,利用理由\n"
      "決-1,訪-1,2049-07-01,9:00,10:00,,自宅,看護職員,休息\n"
      "決-1,訪-1,2049-07-01,9:30,9:50,,自宅,看護職員,休息\n"
      "決-1,訪-1,2049-07-02,9:00,10:00,60,自宅,看護職員,休息\n"
      "決-1,訪-1,2049-07-03,9:00,10:30,,自宅,看護職員,休息\n"
      "決-1,訪-1,2049-07-04,9:00:00,10:00:00,,自宅,看護職員,きょうだい児\n";
  EXPECT_EQ(
      import("serviceRecords", records),
      "5 rows: 3 created, 1 warned, 2 refused; 3 refused 終了時刻:VISIT_TOO_SHORT 開始時刻:CHILD_AT_TWO_SERVICES; "
      "4 warned 報酬請求の時間（分）:DUPLICATE_PAYMENT; 5 refused :GRANT_EXCEEDED");
  EXPECT_EQ(import("serviceRecords",
                   "利用決定,登録事業所,実施日,開始時刻,終了時刻,場所,従事者\n"
                   "決-9,訪-1,2049-07-09,9:00,9:10,自宅,看護職員\n"
                   ",訪-1,2049-07-09,9:00,9:10,自宅,看護職員\n"),
            "2 rows: 2 refused; 2 refused 利用決定:MALFORMED_NAME; 3 refused 利用決定:FIELD_REQUIRED");
  const std::string again = import("serviceRecords", records);
  EXPECT_THAT(again, testing::HasSubstr("5 rows: 5 refused")) << "nothing is recorded twice: " << again;
}

TEST_P(HoursTest, AClaimSaysWhatTheRecordsSay) {
  const std::string first = MakeGrant("a-1"), second = MakeGrant("a-2", "cost_class: 'exempt'");
  ASSERT_EQ(Said(Record(first, 1, "9:00", "10:00")), "OK");
  const auto wrong = Record(first, 2, "9:00", "11:00", "fee_minutes: 30");
  ASSERT_EQ(Said(wrong), "OK");
  ASSERT_EQ(Said(Record(second, 1, "9:00", "10:00")), "OK");
  ASSERT_EQ(Said(Record(second, Visit(station_, "2049-08-01", "9:00", "10:00"))), "OK") << "another month";
  const std::string lines = Line(first, 150, 16'875) + Line(second, 60, 7'500);
  EXPECT_EQ(Said(File(station_, Line(first, 150, 16'876) + Line(first, 0, 1), 16'877)),
            "INVALID_ARGUMENT INVALID_REQUEST usage_claim.lines:CLAIM_LINE_MISSING "
            "usage_claim.lines[0].yen:CLAIM_LINE_DIFFERS usage_claim.lines[1].yen:CLAIM_LINE_DIFFERS");
  const auto differs = File(station_, Line(first, 120, 16'875) + Line(second, 60, 7'500), 24'375);
  ASSERT_EQ(FaultOf(differs.status()).faults_size(), 1);
  EXPECT_EQ(FaultOf(differs.status()).faults(0).args().at("difference"), "-30");
  EXPECT_EQ(FaultOf(differs.status()).faults(0).args().at("expected"), "150");
  EXPECT_EQ(Said(File(station_, Line(first, 180, 16'875) + Line(second, 60, 7'500), 24'374)),
            "INVALID_ARGUMENT INVALID_REQUEST usage_claim.lines[0].minutes:CLAIM_LINE_DIFFERS "
            "usage_claim.total_yen:CLAIM_TOTAL_DIFFERS");
  EXPECT_EQ(Said(File(station_, lines, 24'375, "2049-07-02")),
            "INVALID_ARGUMENT INVALID_REQUEST usage_claim.month_date:NOT_FIRST_OF_MONTH");
  EXPECT_EQ(Said(File(station_, lines, 24'375, "2050-04-01")),
            "INVALID_ARGUMENT INVALID_REQUEST usage_claim.month_date:MONTH_NOT_OVER");
  const auto claim = File(station_, lines, 24'375);
  ASSERT_EQ(Said(claim), "OK");
  EXPECT_EQ(claim->state(), UsageClaim::STATE_FILED);
  EXPECT_EQ(claim->duplicate_count(), 1);
  EXPECT_EQ(Said(File(station_, lines, 24'375)), "ALREADY_EXISTS MONTH_CLAIMED_ALREADY");
  // A claimed month stays unchanged until the claim is withdrawn.
  EXPECT_EQ(Said(Record(second, 3, "9:00", "10:00")), "FAILED_PRECONDITION MONTH_CLAIMED");
  const std::string replaces = absl::StrCat("replaces: '", wrong->name(), "'");
  EXPECT_EQ(Said(Record(first, Visit(station_, "2049-08-02", "9:00", "10:00", replaces))),
            "FAILED_PRECONDITION MONTH_CLAIMED");
  // Whoever may read no claim is not told which one.
  SetRole("recorder",
          {"serviceRecords.write", "usageClaims.write", "usageGrants.read", "providers.read", "activitySchemes.read"},
          "subsidy");
  const Caller recorder = CallerWith("recorder", {"recorder@areas/312011"}, "subsidy");
  EXPECT_EQ(Said(Ask<ServiceRecord, CreateServiceRecordRequest>(
                recorder, "ServiceRecordService/CreateServiceRecord",
                absl::StrCat("parent: '", second, "' ", Visit(station_, "2049-07-03", "9:00", "10:00")))),
            "FAILED_PRECONDITION MONTH_CLAIMED_UNSEEN");
  EXPECT_EQ(Said(Ask<UsageClaim, CreateUsageClaimRequest>(
                recorder, "UsageClaimService/CreateUsageClaim",
                absl::StrCat("parent: '", station_, "' usage_claim { ", Day("month_date", "2049-07-01"), lines,
                             "total_yen: 24375 }"))),
            "ALREADY_EXISTS MONTH_CLAIMED_ALREADY_UNSEEN");
  ASSERT_EQ(Said(Withdraw(claim->name())), "OK");
  EXPECT_EQ(Said(Withdraw(claim->name())), "FAILED_PRECONDITION CLAIM_WITHDRAWN");
  ASSERT_EQ(Said(Record(first, Visit(station_, "2049-08-02", "9:00", "10:00", replaces))), "OK");
  EXPECT_EQ(Said(File(station_, Line(first, 60, 6'750) + Line(second, 60, 7'500), 14'250)), "OK");
}

TEST_P(HoursTest, AClaimFromAFile) {
  const std::string grant = MakeGrant("a-1", "cost_class: 'ordinary' code: '決-1'"),
                    other = MakeGrant("a-2", "cost_class: 'exempt' code: '決-2'");
  ASSERT_EQ(Said(Record(grant, 1, "9:00", "10:30")), "OK");  // 90 minutes, 10,125 yen
  ASSERT_EQ(Said(Record(other, 1, "9:00", "10:00")), "OK");  // 60 minutes, 7,500 yen
  const auto file = [&](const std::string& rows, const Caller* by = nullptr, bool validate_only = false) {
    FileUsageClaimRequest request;
    request.set_parent(station_);
    *request.mutable_month_date() = jp::ToDate(*jp::ParseDay("2049-07-01"));
    request.set_data("7月分\n決定番号,時間（分）,請求額（円）\n" + rows);
    request.set_document_number("請-7");
    request.set_validate_only(validate_only);
    return (by == nullptr ? *city_ : *by).Call<UsageClaim>("subsidy.v1.UsageClaimService/FileUsageClaim", request);
  };
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST ", right = "決-1,90,10125\n決-2,60,7500\n";
  EXPECT_EQ(Said(file("決-1,90,11250\n決-2,90,7500\n合計,180,18750\n")),
            invalid + "line[3].yen:CLAIM_LINE_DIFFERS line[4].minutes:CLAIM_LINE_DIFFERS")
      << "by line of the file";
  EXPECT_EQ(Said(file("決-1,90,10125\n合計,90,10125\n")), invalid + "lines:CLAIM_LINE_MISSING");
  EXPECT_EQ(Said(file(right + "合計,150,17579\n")), invalid + "line[5].yen:RESULT_SUM_DIFFERS");
  EXPECT_EQ(Said(file(right + "決-3,30,1\n")), invalid + "line[5].code:CLAIM_GRANT_UNKNOWN");
  EXPECT_EQ(Said(file("決-1,90,10125\n決-1,90,10125\n決-2,60,7500\n")),
            invalid + "line[4].minutes:CLAIM_LINE_DIFFERS line[4].yen:CLAIM_LINE_DIFFERS")
      << "twice";
  const Caller elsewhere = CallerWith("elsewhere", {"municipality-officer@areas/313025"}, "subsidy");
  EXPECT_EQ(Said(file("決-0,1,1\n", &elsewhere)), invalid + "line[3].code:CLAIM_GRANT_UNKNOWN");
  EXPECT_EQ(Said(file(right, &elsewhere)),
            invalid + "line[3].code:CLAIM_GRANT_UNKNOWN line[4].code:CLAIM_GRANT_UNKNOWN")
      << "what she may not see is not there";
  EXPECT_EQ(Said(file(right, budget_.get())), "PERMISSION_DENIED PERMISSION_DENIED");
  ASSERT_EQ(Said(file(right + "合計,150,17625\n", nullptr, true)), "OK");
  const auto claim = file(right + "合計,150,17625\n");
  ASSERT_EQ(Said(claim), "OK");
  EXPECT_EQ(claim->total_yen(), 17'625);
  EXPECT_EQ(claim->document_number(), "請-7");
  EXPECT_EQ(claim->lines_size(), 2);
  EXPECT_EQ(Said(file(right)), "ALREADY_EXISTS MONTH_CLAIMED_ALREADY");
}

TEST_P(HoursTest, M12TheCapOfTheYear) {
  MakeScheme("hours", "ACTIVITY_OTHER",
             "unit_minutes: 60 rest: REST_DROPPED start: START_DECISION unit_price_yen: 4000 yearly_cap_yen: 32000");
  const std::string grant = MakeGrant("a-1", "", "hours"), office = MakeProvider("ACTIVITY_OTHER");
  ASSERT_EQ(Said(Record(grant, Visit(office, "2049-07-01", "9:00", "16:00"))), "OK");
  ASSERT_EQ(Said(Record(grant, Visit(office, "2049-08-01", "9:00", "13:00"))), "OK");
  ASSERT_EQ(Said(File(office, Line(grant, 420, 28'000), 28'000)), "OK");
  EXPECT_EQ(Said(File(office, Line(grant, 240, 16'000), 16'000, "2049-08-01")),
            "INVALID_ARGUMENT INVALID_REQUEST usage_claim.lines[0].yen:CLAIM_LINE_DIFFERS");
  EXPECT_EQ(Said(File(office, Line(grant, 240, 4'000), 4'000, "2049-08-01")), "OK");
}

TEST_P(HoursTest, EightAtOnceClaimWithinTheCap) {
  MakeScheme("hours", "ACTIVITY_OTHER",
             "unit_minutes: 60 rest: REST_DROPPED start: START_DECISION unit_price_yen: 4000 yearly_cap_yen: 8000");
  const std::string grant = MakeGrant("a-1", "", "hours");
  std::vector<std::string> offices;
  for (int i = 0; i < 8; ++i) {
    offices.push_back(MakeProvider("ACTIVITY_OTHER"));
    ASSERT_EQ(Said(Record(grant, Visit(offices[i], absl::StrCat("2049-07-0", i + 1), "9:00", "10:00"))), "OK");
  }
  EXPECT_THAT(
      EightAtOnce([&](int writer) { return Said(File(offices[writer], Line(grant, 60, 4'000), 4'000)); }),
      UnorderedElementsAre(Pair("OK", 2),
                           Pair("INVALID_ARGUMENT INVALID_REQUEST usage_claim.lines[0].yen:CLAIM_LINE_DIFFERS", 6)));
  // A month is claimed once.
  ASSERT_EQ(Said(Record(grant, Visit(offices[0], "2049-08-01", "9:00", "10:00"))), "OK");
  EXPECT_THAT(EightAtOnce([&](int) { return Said(File(offices[0], Line(grant, 60, 0), 0, "2049-08-01")); }),
              UnorderedElementsAre(Pair("OK", 1), Pair("ALREADY_EXISTS MONTH_CLAIMED_ALREADY", 7)));
}

// Either the claim was first, and nothing more of its month can be recorded, or the claim is too low.
TEST_P(HoursTest, AClaimAndARecordDoNotPassEachOther) {
  const std::string grant = MakeGrant("a-1", "cost_class: 'exempt'");
  ASSERT_EQ(Said(Record(grant, 20, "9:00", "10:00")), "OK");
  const auto told = EightAtOnce([&](int writer) {
    if (writer == 3) return absl::StrCat("claim ", Said(File(station_, Line(grant, 60, 7'500), 7'500)));
    return Said(Record(grant, writer + 1, "9:00", "10:00"));
  });
  const bool claimed = told.count("claim OK") != 0;
  EXPECT_EQ(told.count("OK"), claimed ? 0 : 1);
  EXPECT_EQ(told.count("FAILED_PRECONDITION MONTH_CLAIMED"), claimed ? 1 : 0);
  EXPECT_EQ(told.size(), 2);
}

TEST_P(HoursTest, ARenewalIsOfTheSameChild) {
  const std::string grant = MakeGrant("a-1"), other = MakeGrant("a-2");
  const auto renew = [&](const std::string& renewed) {
    return Ask<UsageGrant, CreateUsageGrantRequest>(
        *city_, "UsageGrantService/CreateUsageGrant",
        absl::StrCat(
            "usage_grant { body: 'areas/312011' scheme: 'activitySchemes/rest' child: 'a-1' cost_class: 'ordinary' ",
            "fiscal_year: 2050 renews: '", renewed, "' ", Day("application_date", "2050-02-20"),
            Day("decision_date", "2050-03-10"), " }"));
  };
  EXPECT_EQ(Said(renew(other)), "INVALID_ARGUMENT INVALID_REQUEST usage_grant.renews:RENEWAL_OF_ANOTHER");
  const auto renewed = renew(grant);
  ASSERT_EQ(Said(renewed), "OK");
  EXPECT_EQ(renewed->first_minutes(), 48 * 60) << "decided before the year";
  EXPECT_EQ(jp::FormatIso(jp::DayOf(renewed->start_date())), "2050-04-01");
  EXPECT_EQ(Said(Record(renewed->name(), Visit(station_, "2050-03-31", "9:00", "10:00"))),
            absl::StrCat(kRefused, "service_date:OUTSIDE_GRANT"));
}

WIRE_TEST_ON_BOTH(HoursTest);

}  // namespace
}  // namespace tsunagu::wire
