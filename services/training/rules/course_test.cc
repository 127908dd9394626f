#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/training/rules/curriculum.h"

namespace tsunagu::training::rules {
namespace {

TEST(CourseTest, WhatIsWrongWithOne) {
  constexpr char kRight[] =
      "fiscal_year: 2049 hosts: 'areas/310000' start_date { year: 2049 month: 4 day: 1 } "
      "end_date { year: 2050 month: 3 day: 31 } nomination_end_date { year: 2050 month: 3 day: 31 } ";
  const struct {
    const char* what;
    const char* differs;
    const char* faults;
  } kCases[] = {
      {"nothing", "", ""},
      {"it ends before it begins", "end_date { year: 2049 month: 3 }",
       " end_date:PERIOD_ENDS_BEFORE_START nomination_end_date:NOMINATIONS_AFTER_COURSE"},
      {"it begins before the year", "start_date { month: 3 }", " start_date:COURSE_OUTSIDE_FISCAL_YEAR"},
      {"it begins after the year", "start_date { year: 2050 } end_date { year: 2051 }",
       " start_date:COURSE_OUTSIDE_FISCAL_YEAR curriculum:CURRICULUM_NOT_IN_FORCE"},
      {"it begins before the curriculum does", "fiscal_year: 2048 start_date { year: 2048 month: 12 }",
       " curriculum:CURRICULUM_NOT_IN_FORCE"},
      {"who is nominated after its end", "nomination_end_date { month: 4 day: 1 }",
       " nomination_end_date:NOMINATIONS_AFTER_COURSE"},
      {"one host twice", "hosts: 'areas/320000' hosts: 'areas/310000'", " hosts[2]:CODE_REPEATED"},
  };
  v1::Curriculum curriculum;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "valid_from_date { year: 2049 month: 1 day: 1 } valid_to_date { year: 2050 month: 3 day: 31 }", &curriculum));
  for (const auto& c : kCases) {
    v1::Course course, differs;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(kRight, &course));
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(c.differs, &differs));
    course.MergeFrom(differs);
    Faults faults;
    CheckCourse(course, curriculum, faults);
    std::string told;
    for (const Fault& fault : faults.all()) absl::StrAppend(&told, " ", fault.field(), ":", ReasonWord(fault));
    EXPECT_EQ(told, c.faults) << c.what;
  }
}

}  // namespace
}  // namespace tsunagu::training::rules
