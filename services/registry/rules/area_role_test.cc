#include "services/registry/rules/area_role.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

std::string Found(v1::AreaKind kind, v1::AreaRoleKind kind_of_role) {
  v1::Area area;
  area.set_kind(kind);
  v1::AreaRole role;
  role.set_role(kind_of_role);
  Faults faults;
  CheckAreaRole(role, area, faults);
  return faults.empty() ? "" : std::string(ReasonWord(faults.all()[0]));
}

TEST(CheckAreaRole, OnlyAreasThatCanHaveIt) {
  // One letter for each kind that may have the role: Prefecture, Designated city, City, Special ward, Town, Village,
  // Ward.
  const struct {
    v1::AreaRoleKind role;
    const char* may;
  } cases[] = {
      {v1::AREA_ROLE_KIND_DESIGNATED_CITY, "DC"},    {v1::AREA_ROLE_KIND_CORE_CITY, "DC"},
      {v1::AREA_ROLE_KIND_SPECIAL_CITY, "DC"},       {v1::AREA_ROLE_KIND_CHILD_GUIDANCE_CITY, "DCS"},
      {v1::AREA_ROLE_KIND_DIRECT_ANSWERER, "DCSTV"}, {v1::AREA_ROLE_KIND_OWN_TRAINING, "DCSTV"},
      {v1::AREA_ROLE_KIND_UNSPECIFIED, "PDCSTVW"},  // the contract reports it
  };
  const std::string letters = "PDCSTVW";
  for (const auto& c : cases) {
    std::string may;
    for (size_t i = 0; i < letters.size(); ++i) {
      const std::string found = Found(static_cast<v1::AreaKind>(v1::AREA_KIND_PREFECTURE + i), c.role);
      if (found.empty())
        may += letters[i];
      else
        EXPECT_EQ(found, "ROLE_NOT_OF_SUCH_AREA");
    }
    EXPECT_EQ(may, c.may) << v1::AreaRoleKind_Name(c.role);
  }
}

TEST(StatusesBeside, OneOfThreeOnADay) {
  EXPECT_THAT(StatusesBeside(v1::AREA_ROLE_KIND_CORE_CITY),
              testing::UnorderedElementsAre(v1::AREA_ROLE_KIND_DESIGNATED_CITY, v1::AREA_ROLE_KIND_SPECIAL_CITY));
  EXPECT_EQ(StatusesBeside(v1::AREA_ROLE_KIND_DESIGNATED_CITY).size(), 2u);
  EXPECT_EQ(StatusesBeside(v1::AREA_ROLE_KIND_SPECIAL_CITY).size(), 2u);
  EXPECT_TRUE(StatusesBeside(v1::AREA_ROLE_KIND_CHILD_GUIDANCE_CITY).empty());
  EXPECT_TRUE(StatusesBeside(v1::AREA_ROLE_KIND_OWN_TRAINING).empty());
}

}  // namespace
}  // namespace tsunagu::registry::rules
