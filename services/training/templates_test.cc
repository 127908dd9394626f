#include "services/training/templates.h"

#include "gtest/gtest.h"
#include "services/training/rules/curriculum.h"

namespace tsunagu::training {
namespace {

const v1::Curriculum& Template(const std::string& series) {
  for (const v1::Curriculum& curriculum : Templates()) {
    if (curriculum.series() == series) return curriculum;
  }
  ADD_FAILURE() << series;
  return v1::Curriculum::default_instance();
}

int MinutesOf(const v1::Curriculum& curriculum, v1::Curriculum::Method method) {
  int minutes = 0;
  for (const auto& subject : curriculum.subjects()) minutes += subject.method() == method ? subject.minutes() : 0;
  return minutes;
}

TEST(TemplatesTest, AreSound) {
  for (const v1::Curriculum& curriculum : Templates()) {
    Faults faults;
    rules::CheckCurriculum(curriculum, faults);
    EXPECT_TRUE(faults.ToStatus().ok()) << curriculum.name() << ": " << faults.ToStatus();
    EXPECT_FALSE(curriculum.source().empty()) << curriculum.name();
  }
}

// The slide's table: 28 hours, half of them exercises, and 30 items.
TEST(TemplatesTest, TheCoordinatorsCurriculumIsThatOfTheSlide) {
  const v1::Curriculum& coordinator = Template("coordinator");
  EXPECT_EQ(coordinator.subjects_size(), 9);
  EXPECT_EQ(MinutesOf(coordinator, v1::Curriculum::METHOD_LECTURE), 14 * 60);
  EXPECT_EQ(MinutesOf(coordinator, v1::Curriculum::METHOD_EXERCISE), 14 * 60);
  int items = 0;
  for (const auto& subject : coordinator.subjects()) items += subject.items_size();
  EXPECT_EQ(items, 30);
}

// A participant has completed the coordinators' curriculum before, which alone makes her a trained coordinator.
TEST(TemplatesTest, TheFollowUpComesAfterTheCoordinatorsCurriculum) {
  const v1::Curriculum& follow_up = Template("coordinator-follow-up");
  ASSERT_EQ(follow_up.prerequisites_size(), 1);
  ASSERT_EQ(follow_up.prerequisites(0).series_size(), 1);
  EXPECT_EQ(follow_up.prerequisites(0).series(0), Template("coordinator").series());
  EXPECT_EQ(follow_up.trains(), v1::Curriculum::TRAINS_UNSPECIFIED);
  EXPECT_EQ(MinutesOf(follow_up, v1::Curriculum::METHOD_LECTURE), 60);
  EXPECT_EQ(MinutesOf(follow_up, v1::Curriculum::METHOD_EXERCISE), 180);
}

TEST(TemplatesTest, HoursOfTheOthers) {
  EXPECT_EQ(MinutesOf(Template("supporter"), v1::Curriculum::METHOD_LECTURE), 12 * 60);
  for (const char* series : {"care-type-1", "care-type-2"}) {
    const v1::Curriculum& care = Template(series);
    EXPECT_EQ(MinutesOf(care, v1::Curriculum::METHOD_LECTURE), 50 * 60);  // K8
    EXPECT_EQ(care.subjects(7).minutes() + care.subjects(8).minutes(), 18 * 60);
    EXPECT_EQ(care.acts_size(), 6);
  }
  EXPECT_EQ(MinutesOf(Template("care-type-3"), v1::Curriculum::METHOD_LECTURE), 8 * 60);
  EXPECT_EQ(MinutesOf(Template("care-type-3"), v1::Curriculum::METHOD_EXERCISE), 60);
}

}  // namespace
}  // namespace tsunagu::training
