#include "services/registry/rules/nurse.h"

#include <string>

#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

TEST(CheckNurse, LeastAndMostMinutes) {
  struct Case {
    const char* name;
    int32_t least;
    int32_t most;
    const char* found;
  };
  const Case cases[] = {
      {"not said", 0, 600, ""},
      {"less than at most", 300, 600, ""},
      {"the same", 600, 600, ""},
      {"a minute more", 601, 600, "NURSE_MINUTES_CONTRADICT"},
  };
  for (const Case& c : cases) {
    v1::Nurse nurse;
    nurse.set_min_weekly_minutes(c.least);
    nurse.set_weekly_minutes(c.most);
    Faults faults;
    CheckNurse(nurse, faults);
    EXPECT_EQ(faults.empty() ? "" : std::string(ReasonWord(faults.all()[0])), c.found) << c.name;
  }
}

}  // namespace
}  // namespace tsunagu::registry::rules
