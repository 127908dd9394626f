#include "common/jp/mesh.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace tsunagu::jp {
namespace {

TEST(MeshOfTest, Places) {
  struct Row {
    const char* name;
    GeoPoint point;
    const char* expected;
  };
  const Row rows[] = {{"東京駅", {35681236, 139767125}, "53394611"},
                      {"south-west corner of a cell", {35675000, 139762500}, "53394611"},
                      {"just west of it", {35675000, 139762499}, "53394610"},
                      {"just south of it", {35674999, 139762500}, "53394601"},
                      {"first-order corner", {36000000, 139000000}, "54390000"},
                      {"south-west end of the grid", {20000000, 122000000}, "30220000"},
                      {"north-east end of the grid", {45999999, 153999999}, "68537799"},
                      {"南鳥島", {24288889, 153980556}, "36533748"},
                      {"south of the grid", {19999999, 139000000}, ""},
                      {"north of the grid", {46000000, 139000000}, ""},
                      {"west of the grid", {35000000, 121999999}, ""},
                      {"east of the grid", {35000000, 154000000}, ""},
                      {"nowhere", {}, ""},
                      {"southern hemisphere", {-35000000, 139000000}, ""},
                      {"largest", {INT32_MAX, INT32_MAX}, ""},
                      {"smallest", {INT32_MIN, INT32_MIN}, ""}};
  for (const Row& row : rows) EXPECT_EQ(MeshOf(row.point), row.expected) << row.name;
}

TEST(MeshCentreTest, Tokyo) {
  const auto centre = MeshCentre("53394611");
  ASSERT_TRUE(centre.ok());
  EXPECT_EQ(centre->latitude_e6, 35679167);  // 35° 40' 45"
  EXPECT_EQ(centre->longitude_e6, 139768750);
}

TEST(MeshCentreTest, Refused) {
  struct Row {
    const char* name;
    const char* code;
  };
  const Row rows[] = {{"empty", ""},
                      {"second order", "533946"},
                      {"half cell", "533946111"},
                      {"second-order row 8", "53398611"},
                      {"second-order column 8", "53394811"},
                      {"south of the grid", "29394611"},
                      {"north of the grid", "69394611"},
                      {"west of the grid", "53214611"},
                      {"east of the grid", "53544611"},
                      {"hyphens", "5339-46-"},
                      {"full width", "５３３９4611"}};
  for (const Row& row : rows) {
    EXPECT_EQ(ReasonOf(MeshCentre(row.code).status()), "MALFORMED_MESH_CODE"_reason) << row.name;
  }
}

TEST(MeshTest, FilesWriteItInManyWays) {
  for (const char* text :
       {"53394526", "５３３９４５２６", "5339-45-26", "5339‐45‐26", "５３３９－４５－２６", " 5339 45 26　"}) {
    EXPECT_EQ(MeshCodeAsWritten(text), "53394526") << text;
  }
  EXPECT_EQ(MeshCodeAsWritten("5339/45/26"), "5339/45/26") << "what else there is stays";
}

TEST(MeshTest, TheCentreOfEveryCellOfTheGridLiesInIt) {
  for (int first = 0; first < 10000; ++first) {
    if (first / 100 < 30 || first / 100 > 68 || first % 100 < 22 || first % 100 > 53) continue;
    for (int rest = 0; rest < 10000; rest += 7) {
      if (rest / 1000 > 7 || rest / 100 % 10 > 7) continue;
      const std::string code = absl::StrCat(first, absl::Dec(rest, absl::kZeroPad4));
      const auto centre = MeshCentre(code);
      ASSERT_TRUE(centre.ok()) << code;
      ASSERT_EQ(MeshOf(*centre), code);
    }
  }
}

}  // namespace
}  // namespace tsunagu::jp
