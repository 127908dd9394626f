#include "services/matching/snapshot/snapshot.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/matching/snapshot/left_out.h"
#include "services/matching/snapshot/sent_rows.h"
#include "services/matching/snapshot/ways.h"
#include "services/matching/snapshot/within.h"
#include "tsunagu/matching/v1/reason.pb.h"

namespace tsunagu::matching {
namespace {

v1::Snapshot Two() {
  v1::Snapshot snapshot;
  snapshot.add_nurses()->set_name("nurses/b");
  snapshot.add_nurses()->set_name("nurses/a");
  return snapshot;
}

TEST(CanonicaliseTest, TheOrderOfRowsIsThatOfTheirNames) {
  v1::Snapshot snapshot = Two();
  ASSERT_TRUE(Canonicalise(snapshot).ok());
  EXPECT_EQ(snapshot.nurses(0).name(), "nurses/a");
  v1::Snapshot other = Two();
  other.mutable_nurses()->SwapElements(0, 1);
  ASSERT_TRUE(Canonicalise(other).ok());
  EXPECT_EQ(DigestOf(snapshot), DigestOf(other));
}

TEST(CanonicaliseTest, NobodyTakesPartTwice) {
  Reason::Declare(v1::Reason_descriptor());
  v1::Snapshot snapshot = Two();
  snapshot.mutable_nurses(0)->set_name("nurses/a");
  EXPECT_EQ(ReasonOf(Canonicalise(snapshot)), Reason("DUPLICATE_PARTICIPANT"));
}

// Only rows are stored: fields beside them would be in the digest, but lost.
TEST(CanonicaliseTest, FieldsOfANewerContractAreLeftOut) {
  v1::Snapshot snapshot = Two(), newer = Two();
  newer.GetReflection()->MutableUnknownFields(&newer)->AddVarint(1000, 1);
  newer.mutable_nurses(0)->GetReflection()->MutableUnknownFields(newer.mutable_nurses(0))->AddVarint(1000, 1);
  ASSERT_TRUE(Canonicalise(snapshot).ok() && Canonicalise(newer).ok());
  EXPECT_EQ(DigestOf(snapshot), DigestOf(newer));
}

TEST(LeftOutTest, EachReasonIsSaidInBothLanguages) {
  Reason::Declare(v1::Reason_descriptor());
  const auto& type = *v1::LeftOutReason_descriptor();
  v1::Snapshot snapshot;
  for (int i = 1; i < type.value_count(); ++i) {
    const auto reason = static_cast<v1::LeftOutReason>(type.value(i)->number());
    EXPECT_NE(TextOf(reason).ja(), TextOf(v1::LEFT_OUT_REASON_UNSPECIFIED).ja()) << type.value(i)->name();
    EXPECT_NE(TextOf(reason).en(), TextOf(v1::LEFT_OUT_REASON_UNSPECIFIED).en()) << type.value(i)->name();
    v1::LeftOut& row = *snapshot.add_left_out();
    row.set_name(absl::StrCat("openings/", i));
    row.set_reason(reason);
  }
  EXPECT_EQ(ReasonOf(NotInRound(snapshot, "openings/2", "opening")), Reason("LEFT_OUT_OF_ROUND"));
  EXPECT_EQ(ReasonOf(NotInRound(snapshot, "openings/0", "opening")), Reason("NOT_IN_ROUND"));
}

TEST(SentRowsTest, WhatIsWrongWithOneRow) {
  struct Case {
    const char* name;
    const char* row;
    const char* found;
  };
  const Case cases[] = {
      {"nothing", "name: 'nurses/a' weekly_minutes: 600 min_weekly_minutes: 600 wishes: 'facilities/a'", ""},
      {"a person's name", "name: '見本 花子' weekly_minutes: 600", "row.name:MALFORMED_NAME"},
      {"of something else", "name: 'openings/a' weekly_minutes: 600", "row.name:MALFORMED_NAME"},
      {"a wish twice", "name: 'nurses/a' wishes: 'facilities/a' wishes: 'facilities/b' wishes: 'facilities/a'",
       "row.wishes[2]:WISH_REPEATED"},
      {"unwanted twice says nothing else",
       "name: 'nurses/a' unwanted_facilities: 'facilities/a' unwanted_facilities: 'facilities/a'", ""},
      {"of two kinds of week", "name: 'nurses/a' school_half_days: HALF_DAY_MON_AM holiday_half_days: HALF_DAY_MON_AM",
       ""},
      {"a half-day twice", "name: 'nurses/a' school_half_days: [HALF_DAY_MON_AM, HALF_DAY_MON_PM, HALF_DAY_MON_AM]",
       "row.school_half_days[2]:HALF_DAY_REPEATED"},
      {"more than it has", "name: 'nurses/a' weekly_minutes: 599 min_weekly_minutes: 600",
       "row.weekly_minutes:WEEKLY_MINUTES_CONTRADICT"},
  };
  Reason::Declare(v1::Reason_descriptor());
  for (const Case& c : cases) {
    v1::SnapshotNurse row;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(c.row, &row)) << c.row;
    Faults faults;
    CheckSentRow(row, "row", faults);
    std::string found;
    for (const Fault& fault : faults.all())
      absl::StrAppend(&found, found.empty() ? "" : " ", fault.field(), ":", ReasonWord(fault));
    EXPECT_EQ(found, c.found) << c.name;
  }
}

TEST(WithinTest, WhatIsInAPrefectureIsKnownByItsCode) {
  EXPECT_TRUE(IsInPrefecture("areas/141011", "areas/140007")) << "a ward";
  EXPECT_TRUE(IsInPrefecture("areas/140007", "areas/140007"));
  EXPECT_FALSE(IsInPrefecture("areas/131016", "areas/140007")) << "another prefecture";
  EXPECT_FALSE(IsInPrefecture("areas/141011", "areas/141003")) << "a city is none";
  EXPECT_FALSE(IsInPrefecture("", "areas/140007"));
  EXPECT_TRUE(IsPrefecture(PrefectureOf("areas/141011")));
  EXPECT_TRUE(IsInPrefecture("areas/141011", PrefectureOf("areas/142018")));
  EXPECT_EQ(PrefectureOf(""), "");
}

TEST(RuleOfTest, TheRuleOfTheAreaGoesBeforeThatOfItsPrefecture) {
  v1::Snapshot snapshot;
  for (const char* area : {"areas/140007", "areas/142018", "areas/130001"}) {
    snapshot.add_commute_rules()->set_area(area);
  }
  const auto rule_of = [&](const std::string& area) {
    const v1::SnapshotCommuteRule* rule = RuleOf(snapshot.commute_rules(), area);
    return rule == nullptr ? "none" : rule->area();
  };
  EXPECT_EQ(rule_of("areas/142018"), "areas/142018");
  EXPECT_EQ(rule_of("areas/141003"), "areas/140007");
  EXPECT_EQ(rule_of("areas/131016"), "areas/130001");
  EXPECT_EQ(rule_of("areas/312011"), "none");
  EXPECT_EQ(rule_of(""), "none");
}

}  // namespace
}  // namespace tsunagu::matching
