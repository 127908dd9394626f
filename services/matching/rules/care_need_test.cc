#include "services/matching/rules/care_need.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tsunagu::matching::rules {
namespace {

v1::Opening Opening(const std::string& text) {
  v1::Opening opening;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString("posts: 1 " + text, &opening)) << text;
  return opening;
}

std::string Said(const v1::Opening& opening) {
  Faults faults;
  CheckCareNeeds(opening, faults);
  return absl::StrJoin(faults.all(), " ", [](std::string* out, const Fault& fault) {
    absl::StrAppend(out, fault.field(), ":", ReasonWord(fault));
  });
}

TEST(CareNeedTest, NursesForTheChildrenOfAHalfDay) {
  // Counted by hand in sixths: the groups of 3, of 2 and of 1 child for a nurse.
  for (int low = 0; low <= 12; ++low) {
    for (int middle = 0; middle <= 8; ++middle) {
      for (int high = 0; high <= 5; ++high) {
        v1::Opening::CareNeed need;
        need.set_children_3_to_15(low);
        need.set_children_16_to_31(middle);
        need.set_children_32_or_more(high);
        int nurses = 0;
        while (6 * nurses < 2 * low + 3 * middle + 6 * high) ++nurses;
        EXPECT_EQ(NursesFor(need), nurses) << low << " " << middle << " " << high;
      }
    }
  }
}

TEST(CareNeedTest, SkillsAndNursesFollow) {
  v1::Opening opening = Opening(
      "required_skills: SKILL_VENTILATOR care_needs { half_day: HALF_DAY_MON_AM skills: [SKILL_SUCTION, SKILL_OXYGEN] "
      "children_3_to_15: 1 children_16_to_31: 1 } care_needs { half_day: HALF_DAY_WED_AM skills: SKILL_SUCTION "
      "children_3_to_15: 4 children_32_or_more: 1 }");
  DeriveCareNeeds(opening);
  EXPECT_EQ(opening.needed_nurse_count(), 3);
  ASSERT_EQ(opening.needed_skills_size(), 3);
  EXPECT_EQ(opening.needed_skills(0), registry::v1::SKILL_SUCTION);
  EXPECT_EQ(opening.needed_skills(1), registry::v1::SKILL_VENTILATOR);
  EXPECT_EQ(opening.needed_skills(2), registry::v1::SKILL_OXYGEN);
  DeriveCareNeeds(opening);
  EXPECT_EQ(opening.needed_skills_size(), 3) << "the same again";
}

TEST(CareNeedTest, WhatIsWrongWithThem) {
  struct Case {
    const char *name, *opening, *said;
  };
  for (const Case& c : std::vector<Case>{
           {"none", "", ""},
           {"of half-days that are worked",
            "school_half_days: HALF_DAY_MON_AM holiday_half_days: HALF_DAY_WED_AM care_needs { half_day: "
            "HALF_DAY_MON_AM "
            "children_3_to_15: 3 } care_needs { half_day: HALF_DAY_WED_AM }",
            ""},
           {"of one that is not worked", "school_half_days: HALF_DAY_MON_AM care_needs { half_day: HALF_DAY_MON_PM }",
            "care_needs[0].half_day:CARE_NEED_NOT_WORKED"},
           {"twice, and more nurses than posts",
            "school_half_days: HALF_DAY_MON_AM care_needs { half_day: HALF_DAY_MON_AM } care_needs { half_day: "
            "HALF_DAY_MON_AM children_32_or_more: 2 }",
            "care_needs[1].half_day:HALF_DAY_REPEATED posts:POSTS_BELOW_NEED"},
       }) {
    EXPECT_EQ(Said(Opening(c.opening)), c.said) << c.name;
  }
  v1::Opening fewer = Opening("");
  fewer.set_posts(-1);
  EXPECT_EQ(Said(fewer), "") << "what the contract says is not said again";
}

}  // namespace
}  // namespace tsunagu::matching::rules
