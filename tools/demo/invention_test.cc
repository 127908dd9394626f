#include "tools/demo/invention.h"

#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/text/csv.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/demo/draw.h"

namespace tsunagu::demo {
namespace {

using ::testing::AnyOf;
using ::testing::SizeIs;
using Row = std::map<std::string, std::string>;

// Rows by heading.
std::vector<Row> Read(const std::string& csv) {
  std::vector<std::vector<std::string>> lines;
  contract::CsvReader reader(contract::Encoding::kUtf8, [&](contract::CsvRow row) {
    lines.push_back(std::move(row.cells));
    return absl::OkStatus();
  });
  EXPECT_TRUE(reader.Feed(csv).ok() && reader.Finish().ok());
  std::vector<Row> rows;
  for (size_t i = 1; i < lines.size(); ++i) {
    Row& row = rows.emplace_back();
    for (size_t column = 0; column < lines[0].size(); ++column) row[lines[0][column]] = lines[i][column];
  }
  return rows;
}

// Facilities in a line to the north, about 3 km apart.
std::vector<Place> Places(int count) {
  std::vector<Place> places;
  for (int i = 0; i < count; ++i) {
    places.push_back({absl::StrCat("facilities/f", i),
                      absl::StrCat("key/", i),
                      "areas/312011",
                      {35'000'000 + i * 27'000, 134'200'000}});
  }
  return places;
}

int64_t Number(const std::string& text) {
  int64_t number = 0;
  EXPECT_TRUE(absl::SimpleAtoi(text, &number)) << text;
  return number;
}

TEST(Draw, IsTheSameEverywhere) {
  Draw draw(1, "nurse/1");
  std::vector<int64_t> numbers;
  for (int i = 0; i < 5; ++i) numbers.push_back(draw.Below(1000));
  EXPECT_EQ(numbers, (std::vector<int64_t>{15, 501, 990, 11, 107}));  // as Python's hashlib and integers have it
  EXPECT_NE(Draw(2, "nurse/1").Below(1'000'000'000), Draw(1, "nurse/1").Below(1'000'000'000));
}

TEST(Draw, StaysInItsBounds) {
  Draw draw(7, "bounds");
  std::set<int64_t> between;
  std::map<size_t, int> weighted;
  for (int i = 0; i < 3000; ++i) {
    between.insert(draw.Between(-2, 2));
    ++weighted[draw.Weighted({1, 0, 3})];
  }
  EXPECT_EQ(between, (std::set<int64_t>{-2, -1, 0, 1, 2}));
  EXPECT_EQ(weighted.count(1), 0);
  EXPECT_NEAR(weighted[2], 3 * weighted[0], 400);
  EXPECT_FALSE(draw.Percent(0));
  EXPECT_TRUE(draw.Percent(100));
}

TEST(InventOpenings, OffersPostsAtTwoOfThreePlaces) {
  const std::vector<Place> places = Places(600);
  const std::vector<Row> rows = Read(InventOpenings(places, 1));
  EXPECT_NEAR(static_cast<double>(rows.size()), 400, 40);
  std::set<std::string> ids;
  for (const Row& row : rows) {
    EXPECT_TRUE(ids.insert(row.at("opening_id")).second);
    EXPECT_TRUE(absl::StartsWith(row.at("opening_id"), "demo-1-"));
    EXPECT_THAT(row.at("posts"), AnyOf("1", "2", "3"));
    EXPECT_EQ(row.at("source"), "invented from seed 1");
    EXPECT_TRUE(absl::StrContains(row.at("display_name"), "架空"));
    EXPECT_GE(Number(row.at("weekly_minutes")), 60);
    const std::vector<std::string> skills = absl::StrSplit(row.at("required_skills"), ';');
    EXPECT_THAT(skills, SizeIs(testing::Le(3)));
  }
}

TEST(InventOpenings, DependOnSeedAndPlaceOnly) {
  const std::vector<Place> places = Places(60);
  EXPECT_EQ(InventOpenings(places, 1), InventOpenings(places, 1));
  EXPECT_NE(InventOpenings(places, 1), InventOpenings(places, 2));
  std::vector<std::string> alone;
  for (const Place& place : places) {
    for (const Row& row : Read(InventOpenings({place}, 1))) alone.push_back(row.at("opening_id"));
  }
  std::vector<std::string> together;
  for (const Row& row : Read(InventOpenings(places, 1))) together.push_back(row.at("opening_id"));
  EXPECT_EQ(alone, together);
}

TEST(InventNurses, LiveNearAFacilityAndLookInvented) {
  const std::vector<Place> homes = Places(40);
  const std::vector<Place> wishable(homes.begin(), homes.begin() + 20);
  const std::vector<Row> rows = Read(InventNurses(homes, wishable, 1, 1000));
  ASSERT_THAT(rows, SizeIs(1000));
  int licensed = 0;
  std::set<size_t> wish_counts;
  for (size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    EXPECT_EQ(row.at("source_key"), absl::StrCat("demo-1-", i + 1));
    EXPECT_EQ(row.at("home_area"), "areas/312011");
    EXPECT_EQ(row.at("seeking"), "true");
    EXPECT_TRUE(absl::StrContains(row.at("display_name"), absl::StrCat(i + 1))) << row.at("display_name");
    licensed += row.at("licence") == "NURSE" ? 1 : 0;
    const auto home = jp::MeshCentre(row.at("home_mesh"));
    ASSERT_TRUE(home.ok()) << row.at("home_mesh");
    EXPECT_LE(std::abs(home->longitude_e6 - 134'200'000), 125'000);
    const std::vector<std::string> wishes = absl::StrSplit(row.at("wishes"), ';', absl::SkipEmpty());
    EXPECT_EQ(std::set<std::string>(wishes.begin(), wishes.end()).size(), wishes.size());
    for (const std::string& wish : wishes) EXPECT_LT(Number(wish.substr(sizeof("facilities/f") - 1)), 20);
    wish_counts.insert(wishes.size());
  }
  EXPECT_NEAR(licensed, 800, 50);
  EXPECT_EQ(wish_counts, (std::set<size_t>{0, 1, 2, 3, 4, 5}));
}

TEST(InventNurses, TheFirstAreTheSameInALongerList) {
  const std::vector<Place> homes = Places(40);
  const std::string few = InventNurses(homes, homes, 3, 10);
  EXPECT_EQ(InventNurses(homes, homes, 3, 20).substr(0, few.size()), few);
  EXPECT_NE(InventNurses(homes, homes, 4, 10), few);
}

TEST(InventNurses, NobodyWithoutAHomeAndNoWishesWithoutOpenings) {
  EXPECT_THAT(Read(InventNurses({}, {}, 1, 10)), SizeIs(0));
  for (const Row& row : Read(InventNurses(Places(3), {}, 1, 10))) EXPECT_EQ(row.at("wishes"), "");
}

}  // namespace
}  // namespace tsunagu::demo
