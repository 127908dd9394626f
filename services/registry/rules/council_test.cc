#include "services/registry/rules/council.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

template <typename M>
M Read(const std::string& text) {
  M record;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &record)) << text;
  return record;
}

std::string Found(const Faults& faults) {
  std::string words;
  for (const auto& fault : faults.all()) {
    absl::StrAppend(&words, words.empty() ? "" : " ", fault.field(), ":", std::string(ReasonWord(fault)));
  }
  return words;
}

TEST(CheckCouncil, FitsItsLevelAndItsBodies) {
  struct Case {
    const char* name;
    const char* council;
    const char* found;
  };
  const Case cases[] = {
      {"a town's", "level: COUNCIL_LEVEL_MUNICIPALITY convener: 'areas/313025'", ""},
      {"a prefecture's", "level: COUNCIL_LEVEL_PREFECTURE convener: 'areas/310000'", ""},
      {"a region's, by a city", "level: COUNCIL_LEVEL_REGION convener: 'areas/312011' region: 'regions/a'", ""},
      {"a region's, by the prefecture", "level: COUNCIL_LEVEL_REGION convener: 'areas/310000' region: 'regions/a'", ""},
      {"a prefecture's, by a city", "level: COUNCIL_LEVEL_PREFECTURE convener: 'areas/312011'",
       "level:LEVEL_UNLIKE_CONVENER"},
      {"a town's, by the prefecture", "level: COUNCIL_LEVEL_MUNICIPALITY convener: 'areas/310000'",
       "level:LEVEL_UNLIKE_CONVENER"},
      {"a region's without one", "level: COUNCIL_LEVEL_REGION convener: 'areas/312011'", "region:REGION_NOT_SAID"},
      {"a city's with one", "level: COUNCIL_LEVEL_MUNICIPALITY convener: 'areas/312011' region: 'regions/a'",
       "region:REGION_UNWANTED"},
      {"a joint one of two", "convener: 'areas/312011' areas: 'areas/313025' sharing: COUNCIL_SHARING_JOINT", ""},
      {"a joint one of one", "convener: 'areas/312011' sharing: COUNCIL_SHARING_JOINT", "areas:JOINT_COUNCIL_ALONE"},
      {"a single one that serves others",
       "convener: 'areas/312011' areas: 'areas/313025' sharing: COUNCIL_SHARING_SINGLE", ""},
      {"its convener among the others, all at once",
       "level: COUNCIL_LEVEL_PREFECTURE convener: 'areas/312011' areas: 'areas/312011' sharing: COUNCIL_SHARING_JOINT",
       "level:LEVEL_UNLIKE_CONVENER areas[0]:AREA_SERVED_TWICE areas:JOINT_COUNCIL_ALONE"},
      {"another twice", "convener: 'areas/312011' areas: 'areas/313025' areas: 'areas/313025'",
       "areas[1]:AREA_SERVED_TWICE"},
  };
  for (const Case& c : cases) {
    Faults faults;
    CheckCouncil(Read<v1::Council>(c.council), faults);
    EXPECT_EQ(Found(faults), c.found) << c.name;
  }
}

TEST(CheckBody, AWardIsNone) {
  for (const auto& [kind, found] :
       {std::pair(v1::AREA_KIND_WARD, "convener:WARD_IS_NO_BODY"), std::pair(v1::AREA_KIND_DESIGNATED_CITY, ""),
        std::pair(v1::AREA_KIND_SPECIAL_WARD, "")}) {
    v1::Area area;
    area.set_kind(kind);
    Faults faults;
    CheckBody(area, "convener", faults);
    EXPECT_EQ(Found(faults), found) << kind;
  }
}

TEST(CheckMeeting, IsHeldWhileItsCouncilExists) {
  const std::string days =
      "valid_from_date { year: 2049 month: 4 day: 1 } valid_to_date { year: 2050 month: 3 day: 31 } ";
  const std::string actual = days + "stage: COUNCIL_STAGE_ACTUAL";
  struct Case {
    const char* name;
    std::string council;
    const char* meeting;
    const char* found;
  };
  const Case cases[] = {
      {"its first day", actual, "held_date { year: 2049 month: 4 day: 1 }", ""},
      {"its last day", actual, "held_date { year: 2050 month: 3 day: 31 }", ""},
      {"the day before", actual, "held_date { year: 2049 month: 3 day: 31 }", "held_date:MEETING_OUTSIDE_COUNCIL"},
      {"the day after", actual, "held_date { year: 2050 month: 4 day: 1 }", "held_date:MEETING_OUTSIDE_COUNCIL"},
      {"without an end", "valid_from_date { year: 2049 month: 4 day: 1 } stage: COUNCIL_STAGE_ACTUAL",
       "held_date { year: 2080 month: 4 day: 1 }", ""},
      {"no such day, which the contract says", actual, "held_date { year: 2049 month: 2 day: 30 }", ""},
      {"planned only", days + "stage: COUNCIL_STAGE_PLANNED", "held_date { year: 2049 month: 5 day: 1 }",
       "held_date:MEETING_OF_PLANNED"},
      {"today, decided", actual, "held_date { year: 2049 month: 10 day: 1 } decisions: 'a'", ""},
      {"tomorrow, decided", actual, "held_date { year: 2049 month: 10 day: 2 } decisions: 'a'",
       "decisions:DECISIONS_AHEAD"},
  };
  for (const Case& c : cases) {
    Faults faults;
    CheckMeeting(Read<v1::Meeting>(c.meeting), Read<v1::Council>(c.council), jp::CivilDay(2049, 10, 1), faults);
    EXPECT_EQ(Found(faults), c.found) << c.name;
  }
}

TEST(CheckLocalIssue, ItsDaysAndItsMeasureFitItsState) {
  const std::string raised = "raised_date { year: 2049 month: 4 day: 1 } ";
  const std::string decided = "decided_date { year: 2049 month: 5 day: 1 } ",
                    done = "done_date { year: 2049 month: 6 day: 1 } ";
  struct Case {
    const char* name;
    std::string issue;
    const char* found;
  };
  const Case cases[] = {
      {"open", raised + "state: ISSUE_STATE_OPEN", ""},
      {"decided", raised + decided + "state: ISSUE_STATE_DECIDED measure: 'a'", ""},
      {"done", raised + decided + done + "state: ISSUE_STATE_DONE measure: 'a'", ""},
      {"dropped", raised + decided + "state: ISSUE_STATE_DROPPED", ""},
      {"open, with a day", raised + decided + "state: ISSUE_STATE_OPEN", "decided_date:ISSUE_DATE_UNWANTED"},
      {"decided, and done", raised + decided + done + "state: ISSUE_STATE_DECIDED measure: 'a'",
       "done_date:ISSUE_DATE_UNWANTED"},
      {"done, all missing", raised + "state: ISSUE_STATE_DONE",
       "measure:MEASURE_NOT_SAID decided_date:ISSUE_DATE_MISSING done_date:ISSUE_DATE_MISSING"},
      {"decided before it was raised",
       raised + "decided_date { year: 2049 month: 3 day: 31 } state: ISSUE_STATE_DROPPED",
       "decided_date:ISSUE_DATES_DISORDERED"},
      {"done before it was decided",
       raised + decided + "done_date { year: 2049 month: 4 day: 30 } state: ISSUE_STATE_DONE measure: 'a'",
       "done_date:ISSUE_DATES_DISORDERED"},
      {"raised in a meeting", raised + "state: ISSUE_STATE_OPEN council: 'councils/a' meeting: 'councils/a/meetings/b'",
       ""},
      {"in a meeting of another",
       raised + "state: ISSUE_STATE_OPEN council: 'councils/b' meeting: 'councils/a/meetings/b'",
       "meeting:MEETING_OF_ANOTHER_COUNCIL"},
      {"in a meeting of nobody", raised + "state: ISSUE_STATE_OPEN meeting: 'councils/a/meetings/b'",
       "meeting:MEETING_OF_ANOTHER_COUNCIL"},
      {"paid by a programme", raised + "state: ISSUE_STATE_OPEN funded_by: 'programmes/r8'", ""},
      {"paid by a budget line", raised + "state: ISSUE_STATE_OPEN funded_by: 'budgetLines/a-1'", ""},
      {"paid by what has no name", raised + "state: ISSUE_STATE_OPEN funded_by: 'programmes/'",
       "funded_by:FUNDING_NOT_NAMED"},
      {"paid by what is no name", raised + "state: ISSUE_STATE_OPEN funded_by: 'budgetLines/a/b'",
       "funded_by:FUNDING_NOT_NAMED"},
      {"paid by somebody", raised + "state: ISSUE_STATE_OPEN funded_by: 'areas/310000'", "funded_by:FUNDING_NOT_NAMED"},
  };
  for (const Case& c : cases) {
    Faults faults;
    CheckLocalIssue(Read<v1::LocalIssue>(c.issue), faults);
    EXPECT_EQ(Found(faults), c.found) << c.name;
  }
}

}  // namespace
}  // namespace tsunagu::registry::rules
