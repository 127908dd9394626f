#include "services/registry/rules/area_proposal.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/registry/rules/area.h"
#include "services/registry/rules/area_change.h"

namespace tsunagu::registry::rules {
namespace {

const jp::CivilDay kDay(2024, 1, 1);

// "221350 浜松市北区;..."
std::vector<v1::Area> List(const std::string& text) {
  std::vector<v1::Area> areas;
  CodeList list;
  for (const absl::string_view one : absl::StrSplit(text, ';', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(one, ' ');
    areas.push_back(list.AreaOf(*jp::AreaCode::Parse(parts[0]), "", parts[1]));
  }
  return areas;
}

// "CODE 221376>221406", with "?" where it is ambiguous.
std::vector<std::string> Said(const std::vector<v1::AreaChangeProposal>& proposals) {
  const auto join = [](const auto& areas) {
    return absl::StrJoin(areas, "+", [](std::string* out, const std::string& area) { out->append(area.substr(6)); });
  };
  std::vector<std::string> said;
  for (const v1::AreaChangeProposal& proposal : proposals) {
    const v1::AreaChange& change = proposal.area_change();
    said.push_back(absl::StrCat(v1::AreaChangeKind_Name(change.kind()).substr(17), " ", join(change.from_areas()), ">",
                                join(change.to_areas()), proposal.ambiguous() ? "?" : ""));
  }
  return said;
}

TEST(ProposeAreaChanges, WhatCodesAndNamesTell) {
  const std::string hamamatsu = "221309 浜松市;", tenryu = "221376 浜松市天竜区;";
  const struct {
    const char* name;
    std::string before, after;
    std::vector<std::string> proposed;
  } cases[] = {
      {"the same", "312011 鳥取市;313025 岩美町", "313025 岩美町;312011 鳥取市", {}},
      {"the same in another spelling", "042048 塩竈市", "042048 塩釜市", {}},
      {"C8: another name", "282219 篠山市", "282219 丹波篠山市", {"RENAME 282219>282219"}},
      {"a town becomes a city with another code",
       "403059 那珂川町;403415 宇美町",
       "402311 那珂川市;403415 宇美町",
       {"NEW_KIND 403059>402311"}},
      {"a village becomes a town with its code", "313840 日吉津村", "313840 日吉津町", {"NEW_KIND 313840>313840"}},
      {"C9: the list does not say who took them in",
       "313866 大山町;313874 名和町;313882 中山町",
       "313866 大山町",
       {"UNSPECIFIED 313874+313882>?"}},
      {"C7: all wards of 2024",
       hamamatsu + "221317 浜松市中区;221325 浜松市東区;221350 浜松市北区;" + tenryu,
       hamamatsu + "221384 浜松市中央区;221392 浜松市浜名区;221406 浜松市天竜区",
       {"CODE 221376>221406", "UNSPECIFIED 221317+221325+221350>221384+221392?"}},
      {"C7: 北区 alone",
       hamamatsu + "221350 浜松市北区",
       hamamatsu + "221384 浜松市中央区;221392 浜松市浜名区",
       {"SPLIT 221350>221384+221392?"}},
      {"several into a new code",
       "313211 郡家町;313220 船岡町;313271 八東町",
       "313297 八頭町",
       {"MERGER 313211+313220+313271>313297?"}},
      {"one of them by its stem, or all",
       "283215 篠山町;283223 西紀町;283231 丹南町",
       "282219 篠山市",
       {"NEW_KIND 283215>282219?", "UNSPECIFIED 283223+283231>?"}},
      {"a new name beside one that is gone",
       "312029 米子市;313815 淀江町",
       "312029 見本市;",
       {"RENAME 312029>312029?", "UNSPECIFIED 313815>?"}},
      {"one of each, unlike", "313815 淀江町", "313840 日吉津村", {"NEW_KIND 313815>313840?"}},
      {"a new one from nothing", "312011 鳥取市", "312011 鳥取市;312029 米子市", {"UNSPECIFIED >312029?"}},
      {"a character that was lost is no new name", "312011 鳥取市", "312011 鳥〓市", {}},
      {"what happens in another prefecture is no reason",
       "313815 淀江町;282219 篠山市",
       "282219 丹波篠山市",
       {"RENAME 282219>282219", "UNSPECIFIED 313815>?"}},
  };
  for (const auto& c : cases) {
    const auto proposals = ProposeAreaChanges(List(c.before), List(c.after), kDay);
    EXPECT_THAT(Said(proposals), testing::UnorderedElementsAreArray(c.proposed)) << c.name;
    for (const auto& proposal : proposals) {
      EXPECT_FALSE(proposal.rests_on().ja().empty() || proposal.to_decide().en().empty()) << c.name;
      EXPECT_EQ(jp::DayOf(proposal.area_change().effective_date()), kDay);
    }
  }
}

// For any two lists: every difference is reported once, nothing else is reported, and every unambiguous proposal can be
// recorded.
TEST(ProposeAreaChanges, TellsEveryDifferenceOnce) {
  std::mt19937 random(20261129);
  const auto pick = [&](int n) { return static_cast<int>(random() % n); };
  const auto some = [&] {
    std::map<std::string, v1::Area> areas;
    for (int i = 0; i < 12; ++i) {
      const bool is_city = pick(3) == 0;
      const auto code =
          jp::AreaCode::FromFive(absl::StrCat(pick(2) == 0 ? "31" : "32", is_city ? "2" : "3", pick(2), 1 + pick(6)));
      CodeList list;
      const std::string name =
          absl::StrCat(std::vector<std::string>{"見本", "架空", "例示", "試作"}[pick(4)], is_city        ? "市"
                                                                                          : pick(2) == 0 ? "町"
                                                                                                         : "村");
      areas[code->six()] = list.AreaOf(*code, "", name);
    }
    return areas;
  };
  int proposed = 0;
  for (int round = 0; round < 500; ++round) {
    const auto before = some(), after = some();
    std::vector<v1::Area> standing, listed;
    for (const auto& [code, area] : before) standing.push_back(area);
    for (const auto& [code, area] : after) listed.push_back(area);
    std::multiset<std::string> gone, fresh, renamed;  // the actual differences
    for (const auto& [code, area] : before) {
      const auto found = after.find(code);
      if (found == after.end())
        gone.insert("areas/" + code);
      else if (found->second.display_name() != area.display_name())
        renamed.insert("areas/" + code);
    }
    for (const auto& [code, area] : after) {
      if (before.count(code) == 0) fresh.insert("areas/" + code);
    }
    for (const auto& proposal : ProposeAreaChanges(standing, listed, kDay)) {  // the reported differences
      ++proposed;
      const v1::AreaChange& change = proposal.area_change();
      const bool is_renamed =
          change.from_areas_size() == 1 && change.to_areas_size() == 1 && change.from_areas(0) == change.to_areas(0);
      const auto strike = [](std::multiset<std::string>& from, const std::string& area) {
        const auto found = from.find(area);
        ASSERT_NE(found, from.end()) << area;
        from.erase(found);
      };
      for (const std::string& area : change.from_areas()) strike(is_renamed ? renamed : gone, area);
      if (!is_renamed) {
        for (const std::string& area : change.to_areas()) strike(fresh, area);
      }
      if (change.kind() == v1::AREA_CHANGE_KIND_UNSPECIFIED) {
        EXPECT_TRUE(proposal.ambiguous());
      }
      if (proposal.ambiguous()) continue;
      Faults faults;
      CheckAreaChange(change, faults);
      EXPECT_TRUE(faults.empty()) << change.ShortDebugString();
    }
    EXPECT_TRUE(gone.empty() && fresh.empty() && renamed.empty()) << "round " << round;
  }
  EXPECT_GT(proposed, 1000);
}

}  // namespace
}  // namespace tsunagu::registry::rules
