#include "services/matching/market/nearest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <random>
#include <vector>

namespace tsunagu::matching::market {
namespace {

// All places looked at, by the definition.
std::vector<Near> NearestByDefinition(const std::vector<Site>& places, int64_t reach, const Site& nurse, size_t most) {
  std::vector<Near> near;
  for (size_t place = 0; place < places.size(); ++place) {
    const int64_t dx = int64_t{places[place].x} - nurse.x, dy = int64_t{places[place].y} - nurse.y;
    const bool fit = (places[place].skills & nurse.skills) == places[place].skills;
    if (std::max(std::abs(dx), std::abs(dy)) > reach || dx * dx + dy * dy > reach * reach || !fit) continue;
    near.push_back(Near::At(static_cast<uint32_t>(dx * dx + dy * dy), static_cast<int32_t>(place)));
  }
  std::sort(near.begin(), near.end());
  near.resize(std::min(near.size(), most));
  return near;
}

struct Area {
  std::string name;
  int32_t places = 0;
  int32_t side = 0;   // metres of the square that places and nurses lie in, around 0
  int32_t step = 1;   // they lie on multiples of it, hence at equal distances
  int32_t reach = 20'000;
};

class NearestTest : public testing::TestWithParam<Area> {};

TEST_P(NearestTest, IsWhatALookAtAllPlacesFinds) {
  const Area& area = GetParam();
  std::mt19937_64 random(7);
  const auto metres = [&](int32_t side) {
    return (static_cast<int32_t>(random() % (static_cast<uint64_t>(side) + 1)) - side / 2) / area.step * area.step;
  };
  std::vector<Site> places;
  for (int32_t i = 0; i < area.places; ++i) {
    places.push_back({metres(area.side), metres(area.side), random() & random() & random()});
  }
  Nearest nearest(places);
  for (int i = 0; i < 1'000; ++i) {
    const int32_t side = area.side + 60'000;
    const Site nurse = {metres(side), metres(side), i % 10 == 0 ? ~uint64_t{0} : random() | random() | random() | random()};
    const size_t most = i % 7 == 0 ? places.size() : static_cast<size_t>(i % 12);
    const auto found = nearest.Of(nurse, area.reach, most);
    ASSERT_EQ(std::vector<Near>(found.begin(), found.end()), NearestByDefinition(places, area.reach, nurse, most))
        << "nurse " << i << " at " << nurse.x << ", " << nurse.y;
  }
}

INSTANTIATE_TEST_SUITE_P(Areas, NearestTest,
                         testing::ValuesIn(std::vector<Area>{
                             {"None", 0, 0},
                             {"One", 1, 0},
                             {"AllAtOnePoint", 50, 0},
                             {"Town", 500, 8'000},
                             {"Raster", 500, 40'000, 2'000},
                             {"Prefecture", 1'000, 80'000},
                             {"PrefectureFarthestReach", 1'000, 160'000, 1, kFarthestReach},
                             {"Country", 3'000, 1'000'000},
                             {"NoReach", 500, 40'000, 2'000, 0},
                         }),
                         [](const auto& info) { return info.param.name; });

TEST(NearestTest, TheFarthestCorners) {
  constexpr int32_t kEdge = 1 << 29;
  const std::vector<Site> places = {{-kEdge, -kEdge, 0}, {kEdge, kEdge, 0}, {kEdge - 3, kEdge - 4, 0}};
  Nearest nearest(places);
  const auto found = nearest.Of({kEdge, kEdge, 0}, 20'000, 5);
  EXPECT_EQ(std::vector<Near>(found.begin(), found.end()), (std::vector<Near>{Near::At(0, 1), Near::At(25, 2)}));
  EXPECT_TRUE(nearest.Of({0, 0, 0}, 20'000, 5).empty());
  EXPECT_TRUE(nearest.Of({-kEdge, kEdge, 0}, 20'000, 5).empty());
}

TEST(NearestTest, EveryBitOfSkillsCounts) {
  for (int bit = 0; bit < 64; ++bit) {
    const std::vector<Site> places = {{0, 0, uint64_t{1} << bit}};
    Nearest nearest(places);
    EXPECT_EQ(nearest.Of({0, 0, uint64_t{1} << bit}, 0, 1).size(), 1u);
    EXPECT_TRUE(nearest.Of({0, 0, ~(uint64_t{1} << bit)}, 0, 1).empty());
  }
}

}  // namespace
}  // namespace tsunagu::matching::market
