// What has to be completed before a course.
#include "services/training/rules/enrollment.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace tsunagu::training::rules {
namespace {

TEST(EnrollmentTest, Prerequisites) {
  struct Case {
    const char* name;
    std::vector<std::string> series;
    int within_months;
    bool elsewhere_counts;
    std::vector<Completion> completions;
    const char* elsewhere;
    const char* lacked;
  };
  const jp::CivilDay first(2050, 6, 1);
  const Case kCases[] = {
      {"nothing completed", {"coordinator"}, 0, true, {}, "", "coordinator"},
      {"completed", {"coordinator"}, 0, true, {{"coordinator", jp::CivilDay(2040, 1, 1)}}, "", ""},
      {"on the first day", {"coordinator"}, 0, true, {{"coordinator", first}}, "", ""},
      {"after it", {"coordinator"}, 0, true, {{"coordinator", first + 1}}, "", "coordinator"},
      {"something else", {"coordinator"}, 0, true, {{"supporter", jp::CivilDay(2040, 1, 1)}}, "", "coordinator"},
      {"one of two", {"care-type-1", "care-type-2"}, 0, true, {{"care-type-2", jp::CivilDay(2049, 1, 1)}}, "", ""},
      {"none of two", {"care-type-1", "care-type-2"}, 0, true, {}, "", "care-type-1 / care-type-2"},
      {"in time", {"coordinator"}, 6, true, {{"coordinator", jp::CivilDay(2049, 12, 1)}}, "", ""},
      {"a day too long ago",
       {"coordinator"},
       6,
       true,
       {{"coordinator", jp::CivilDay(2049, 11, 30)}},
       "",
       "coordinator"},
      {"elsewhere", {"coordinator"}, 0, true, {}, "coordinator", ""},
      {"elsewhere, which does not count", {"coordinator"}, 0, false, {}, "coordinator", "coordinator"},
      {"something else elsewhere", {"coordinator"}, 0, true, {}, "supporter", "coordinator"},
  };
  for (const Case& test : kCases) {
    v1::Curriculum curriculum;
    auto& prerequisite = *curriculum.add_prerequisites();
    for (const std::string& series : test.series) prerequisite.add_series(series);
    prerequisite.set_within_months(test.within_months);
    prerequisite.set_elsewhere_counts(test.elsewhere_counts);
    v1::Enrollment enrollment;
    if (*test.elsewhere != 0) enrollment.add_completed_elsewhere(test.elsewhere);
    EXPECT_EQ(absl::StrJoin(LackedBy(enrollment, curriculum, test.completions, first), ", "), test.lacked) << test.name;
    for (const bool refuses : {false, true}) {
      curriculum.mutable_prerequisites(0)->set_refuses_nomination(refuses);
      Faults faults;
      CheckPrerequisites(enrollment, curriculum, test.completions, first, faults);
      EXPECT_EQ(faults.empty(), *test.lacked == 0) << test.name;
      for (const auto& fault : faults.all()) {
        EXPECT_EQ(ReasonWord(fault), refuses ? "PREREQUISITE_MISSING" : "PREREQUISITE_NOT_YET") << test.name;
      }
    }
  }
}

TEST(EnrollmentTest, AnActIsCalledByItsNameInBothLanguages) {
  v1::Enrollment enrollment;
  enrollment.add_acts(v1::ACT_ORAL_SUCTION);
  Faults faults;
  CheckEnrollment(enrollment, v1::Curriculum(), faults);
  ASSERT_EQ(faults.all().size(), 1u);
  EXPECT_EQ(faults.all()[0].args().at("act"), "oral suction");
  EXPECT_EQ(faults.all()[0].args().at("act_ja"), "口腔内の喀痰吸引");
}

}  // namespace
}  // namespace tsunagu::training::rules
