#include "services/registry/rules/area_change.h"

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

using testing::ElementsAre;

jp::CivilDay Day(const std::string& text) { return *jp::ParseDay(text); }

// "221350 浜松市北区;..." on each side.
v1::AreaChange Change(const std::string& day, v1::AreaChangeKind kind, const std::string& from, const std::string& to) {
  v1::AreaChange change;
  change.set_kind(kind);
  *change.mutable_effective_date() = jp::ToDate(Day(day));
  for (const absl::string_view one : absl::StrSplit(from, ';', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(one, ' ');
    change.add_from_areas("areas/" + parts[0]);
    change.add_from_names(parts[1]);
  }
  for (const absl::string_view one : absl::StrSplit(to, ';', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(one, ' ');
    change.add_to_areas("areas/" + parts[0]);
    change.add_to_names(parts[1]);
  }
  return change;
}

// Real ones: 浜松市's wards of 2024, 丹波篠山市, 大山町.
AreaHistory Real() {
  return AreaHistory({
      Change("2024-01-01", v1::AREA_CHANGE_KIND_SPLIT, "221350 浜松市北区", "221384 浜松市中央区;221392 浜松市浜名区"),
      Change("2024-01-01", v1::AREA_CHANGE_KIND_CODE, "221376 浜松市天竜区", "221406 浜松市天竜区"),
      Change("2019-05-01", v1::AREA_CHANGE_KIND_RENAME, "282219 篠山市", "282219 丹波篠山市"),
      Change("2005-03-28", v1::AREA_CHANGE_KIND_MERGER, "313866 大山町;313874 名和町;313882 中山町", "313866 大山町"),
  });
}

TEST(AreaHistory, ResolvesRealCasesBothWays) {
  struct Case {
    const char* name;
    const char* area;
    const char* as_of;
    const char* target;
    const char* found;
  };
  const Case cases[] = {
      {"C7: one ward became two", "221350", "2023-12-31", "2024-01-01", "221384 221392"},
      {"C7: back to the one", "221392", "2024-01-01", "2023-12-31", "221350"},
      {"C7: only its code changed", "221376", "2023-12-31", "2024-01-01", "221406"},
      {"C7: the new code back", "221406", "2025-01-01", "2020-01-01", "221376"},
      {"C7: nothing changed yet", "221350", "2020-01-01", "2023-12-31", "221350"},
      {"C8: the code stays with a new name", "282219", "2019-04-30", "2019-05-01", "282219"},
      {"C9: what was taken in", "313874", "2005-03-27", "2005-03-28", "313866"},
      {"C9: the old body of the same code", "313866", "2005-03-27", "2005-03-28", "313866"},
      {"C9: the new one was three", "313866", "2005-03-28", "2005-03-27", "313866 313874 313882"},
      {"no change at all", "312011", "2000-01-01", "2030-01-01", "312011"},
  };
  const AreaHistory history = Real();
  for (const Case& c : cases) {
    std::vector<std::string> found;
    for (const std::string& area : history.Resolve(std::string("areas/") + c.area, Day(c.as_of), Day(c.target))) {
      found.push_back(area.substr(6));
    }
    EXPECT_EQ(absl::StrJoin(found, " "), c.found) << c.name;
  }
}

TEST(AreaHistory, KnowsWhatACodeMeantOnADay) {
  struct Case {
    const char* name;
    const char* area;
    const char* today;  // its name now
    const char* day;
    const char* found;  // and the days of that body
  };
  const Case cases[] = {
      {"C8: the day before", "282219", "丹波篠山市", "2019-04-30", "篠山市 0001-01-01 9999-12-31"},
      {"C8: the day", "282219", "丹波篠山市", "2019-05-01", "丹波篠山市 0001-01-01 9999-12-31"},
      {"C9: the first body", "313866", "大山町", "2005-03-27", "大山町 0001-01-01 2005-03-27"},
      {"C9: the second body", "313866", "大山町", "2005-03-28", "大山町 2005-03-28 9999-12-31"},
      {"C9: one that ended", "313874", "名和町", "2005-03-01", "名和町 0001-01-01 2005-03-27"},
      {"C7: the new code", "221406", "浜松市天竜区", "2024-06-01", "浜松市天竜区 2024-01-01 9999-12-31"},
      {"no change at all", "312011", "鳥取市", "2024-06-01", "鳥取市 0001-01-01 9999-12-31"},
  };
  const AreaHistory history = Real();
  for (const Case& c : cases) {
    v1::Area area;
    area.set_name(std::string("areas/") + c.area);
    area.set_display_name(c.today);
    const AreaHistory::Meaning meaning = history.On(area, Day(c.day));
    EXPECT_EQ(meaning.display_name + " " + jp::FormatIso(meaning.days.from) + " " + jp::FormatIso(meaning.days.to),
              c.found)
        << c.name;
  }
}

TEST(AreaHistory, WhatIsWithdrawnCountsForNothing) {
  v1::AreaChange change = Change("2024-01-01", v1::AREA_CHANGE_KIND_CODE, "313017 岩美郡国府町", "312011 鳥取市");
  change.set_withdrawn(true);
  EXPECT_THAT(AreaHistory({change}).Resolve("areas/313017", Day("2023-01-01"), Day("2025-01-01")),
              ElementsAre("areas/313017"));
}

TEST(CheckAreaChange, HasTheShapeOfItsKind) {
  const std::string a = "312011 鳥取市", b = "313025 岩美町", c = "313254 若桜町";
  struct Case {
    const char* name;
    v1::AreaChangeKind kind;
    std::string from, to;
    bool fits;
  };
  const Case cases[] = {
      {"merger into a new code", v1::AREA_CHANGE_KIND_MERGER, a + ";" + b, c, true},
      {"merger into the code of one", v1::AREA_CHANGE_KIND_MERGER, a + ";" + b, a, true},
      {"merger of one", v1::AREA_CHANGE_KIND_MERGER, a, c, false},
      {"merger into two", v1::AREA_CHANGE_KIND_MERGER, a + ";" + b, a + ";" + c, false},
      {"absorption", v1::AREA_CHANGE_KIND_ABSORPTION, a + ";" + b, a, true},
      {"absorption by another", v1::AREA_CHANGE_KIND_ABSORPTION, a + ";" + b, c, false},
      {"split", v1::AREA_CHANGE_KIND_SPLIT, a, a + ";" + b, true},
      {"split into one", v1::AREA_CHANGE_KIND_SPLIT, a, b, false},
      {"rename", v1::AREA_CHANGE_KIND_RENAME, a, a, true},
      {"rename with another code", v1::AREA_CHANGE_KIND_RENAME, a, b, false},
      {"another code", v1::AREA_CHANGE_KIND_CODE, a, b, true},
      {"the same code", v1::AREA_CHANGE_KIND_CODE, a, a, false},
      {"boundary", v1::AREA_CHANGE_KIND_BOUNDARY, a + ";" + b, b + ";" + a, true},
      {"boundary of one", v1::AREA_CHANGE_KIND_BOUNDARY, a, a, false},
      {"a town becomes a city", v1::AREA_CHANGE_KIND_NEW_KIND, "403059 那珂川町", "402311 那珂川市", true},
      {"a village becomes a town with its code", v1::AREA_CHANGE_KIND_NEW_KIND, "313840 日吉津村", "313840 日吉津町",
       true},
      {"a new kind of two", v1::AREA_CHANGE_KIND_NEW_KIND, a + ";" + b, c, false},
      {"a new kind into two", v1::AREA_CHANGE_KIND_NEW_KIND, a, b + ";" + c, false},
      {"twice the same", v1::AREA_CHANGE_KIND_MERGER, a + ";" + a, c, false},
  };
  for (const Case& c : cases) {
    Faults faults;
    CheckAreaChange(Change("2024-01-01", c.kind, c.from, c.to), faults);
    EXPECT_EQ(faults.empty(), c.fits) << c.name;
  }
  v1::AreaChange nameless = Change("2024-01-01", v1::AREA_CHANGE_KIND_CODE, a, b);
  nameless.clear_to_names();
  Faults faults;
  CheckAreaChange(nameless, faults);
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(ReasonWord(faults.all()[0]), "AREA_CHANGE_NAMES");
}

TEST(SayTheSame, OnOneDayTheSameAreasBecomeTheSameOthers) {
  const std::string a = "312011 鳥取市", b = "313025 岩美町";
  const v1::AreaChange merger = Change("2024-01-01", v1::AREA_CHANGE_KIND_MERGER, a + ";" + b, a);
  const v1::AreaChange rename = Change("2024-01-01", v1::AREA_CHANGE_KIND_RENAME, a, a);
  const struct {
    const char* name;
    v1::AreaChange one, other;
    bool same;
  } cases[] = {
      {"the same", merger, merger, true},
      {"in another order", merger, Change("2024-01-01", v1::AREA_CHANGE_KIND_MERGER, b + ";" + a, a), true},
      {"by another word", merger, Change("2024-01-01", v1::AREA_CHANGE_KIND_ABSORPTION, a + ";" + b, a), true},
      {"under another name", rename, Change("2024-01-01", v1::AREA_CHANGE_KIND_RENAME, a, "312011 見本市"), true},
      {"a day later", merger, Change("2024-01-02", v1::AREA_CHANGE_KIND_MERGER, a + ";" + b, a), false},
      {"of fewer", merger, Change("2024-01-01", v1::AREA_CHANGE_KIND_CODE, b, a), false},
      {"into another", merger, Change("2024-01-01", v1::AREA_CHANGE_KIND_MERGER, a + ";" + b, b), false},
      {"a new name and a new kind", rename, Change("2024-01-01", v1::AREA_CHANGE_KIND_NEW_KIND, a, a), false},
  };
  for (const auto& c : cases) EXPECT_EQ(SayTheSame(c.one, c.other), c.same) << c.name;
}

}  // namespace
}  // namespace tsunagu::registry::rules
