#include "services/registry/rules/joint_group.h"

#include <string>

#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

jp::Period Days(int from, int to) { return {jp::CivilDay(2030, 4, from), jp::CivilDay(2030, 4, to)}; }

TEST(CheckJointPlacement, NeedsTwoMembersOnEachOfItsDays) {
  const jp::Period open = {jp::CivilDay(2030, 4, 1), jp::kLastDay};
  struct Case {
    const char* name;
    jp::Period placed;
    std::vector<jp::Period> members;
    const char* found;
  };
  const Case cases[] = {
      {"nobody belongs to it", Days(1, 9), {}, "JOINT_GROUP_OUTSIDE_DATES 2030-04-01"},
      {"one does", Days(1, 9), {open}, "JOINT_GROUP_OF_ONE 2030-04-01"},
      {"two do", Days(1, 9), {open, open}, ""},
      {"all for ever", {}, {{}, {}}, ""},
      {"it goes on, and one of three leaves", open, {Days(1, 9), open, open}, ""},
      {"it goes on, and one of two leaves", open, {Days(1, 9), open}, "JOINT_GROUP_OF_ONE 2030-04-10"},
      {"it ends with the group", Days(1, 9), {Days(1, 9), Days(1, 9)}, ""},
      {"a day later than the group", Days(1, 10), {Days(1, 9), Days(1, 9)}, "JOINT_GROUP_OUTSIDE_DATES 2030-04-10"},
      {"a day before the second comes", Days(1, 9), {Days(1, 9), Days(2, 9)}, "JOINT_GROUP_OF_ONE 2030-04-01"},
      {"one follows another", Days(1, 9), {Days(1, 4), Days(5, 9), Days(1, 9)}, ""},
      {"a day between them", Days(1, 9), {Days(1, 4), Days(6, 9), Days(1, 9)}, "JOINT_GROUP_OF_ONE 2030-04-05"},
      {"the first such day", Days(1, 20), {Days(1, 9), Days(1, 6)}, "JOINT_GROUP_OF_ONE 2030-04-07"},
  };
  for (const Case& c : cases) {
    Faults faults;
    CheckJointPlacement(c.placed, c.members, faults);
    std::string found;
    if (!faults.empty()) {
      const Fault& fault = faults.all()[0];
      found = std::string(ReasonWord(fault)) + " " + fault.args().at("date");
    }
    EXPECT_EQ(found, c.found) << c.name;
  }
}

TEST(CheckJointGroupMember, IsAMunicipalityOfTheGroupsPrefecture) {
  struct Case {
    const char* name;
    const char* area;
    v1::AreaKind kind;
    const char* prefecture;
    const char* found;
  };
  const Case cases[] = {
      {"a town", "areas/313025", v1::AREA_KIND_TOWN, "areas/310000", ""},
      {"a designated city", "areas/141003", v1::AREA_KIND_DESIGNATED_CITY, "areas/140007", ""},
      {"a special ward", "areas/131016", v1::AREA_KIND_SPECIAL_WARD, "areas/130001", ""},
      {"across prefectures", "areas/322016", v1::AREA_KIND_CITY, "", ""},
      {"a town of another prefecture", "areas/322016", v1::AREA_KIND_CITY, "areas/310000",
       "JOINT_MEMBER_OUTSIDE_PREFECTURE "},
      {"a prefecture", "areas/310000", v1::AREA_KIND_PREFECTURE, "areas/310000", "JOINT_MEMBER_NOT_MUNICIPALITY "},
      {"a ward of a designated city elsewhere", "areas/141011", v1::AREA_KIND_WARD, "areas/310000",
       "JOINT_MEMBER_NOT_MUNICIPALITY JOINT_MEMBER_OUTSIDE_PREFECTURE "},
  };
  for (const Case& c : cases) {
    v1::Area area;
    area.set_name(c.area);
    area.set_kind(c.kind);
    v1::JointGroup group;
    group.set_prefecture(c.prefecture);
    Faults faults;
    CheckJointGroupMember(area, group, faults);
    std::string found;
    for (const Fault& fault : faults.all()) found += std::string(ReasonWord(fault)) + " ";
    EXPECT_EQ(found, c.found) << c.name;
  }
}

}  // namespace
}  // namespace tsunagu::registry::rules
