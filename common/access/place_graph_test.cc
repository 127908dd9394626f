#include "common/access/place_graph.h"

#include "absl/strings/str_join.h"
#include "common/access/coded_places.h"
#include "common/access/loaded_places.h"
#include "gtest/gtest.h"

namespace tsunagu::access {
namespace {

jp::CivilDay Day(const char* text) { return *jp::ParseDay(text); }

// Uses a graph made by the test instead of one that was read.
class MadePlaces : public LoadedPlaces {
 public:
  explicit MadePlaces(PlaceGraph graph) : LoadedPlaces(std::make_unique<CodedPlaces>("areas")) {
    Replace(std::move(graph));
  }
  absl::StatusOr<bool> Load() override { return false; }
};

// 神奈川県 with 横浜市 and two of its wards, and 東京都; a region of 横浜市 and, in 2050, 町田市.
PlaceGraph Made() {
  PlaceGraph graph;
  graph.Add("areas/140007", "areas/141003", {});
  graph.Add("areas/141003", "areas/141011", {});
  graph.Add("areas/141003", "areas/141020", {});
  graph.Add("areas/130001", "areas/132098", {});
  graph.Add("areas/140007", "regions/yokohama", {});
  graph.Add("regions/yokohama", "areas/141003", {});
  graph.Add("regions/yokohama", "areas/132098", {Day("2050-01-01"), Day("2050-12-31")});
  return graph;
}

TEST(LoadedPlaces, ReachWhatLiesInThemOnTheDay) {
  const MadePlaces places(Made());
  struct Case {
    const char* name;
    const char* place;
    const char* day;
    const char* reach;
  };
  const Case cases[] = {
      {"a ward", "areas/141011", "2050-06-01", "areas/141011"},
      {"a designated city and its wards", "areas/141003", "2050-06-01", "areas/141003 areas/141011 areas/141020"},
      {"a prefecture, by the key that all in it carry, and its regions with their members", "areas/140007",
       "2050-06-01", "areas/132098 areas/14 regions/yokohama"},
      {"a region the day before", "regions/yokohama", "2049-12-31",
       "areas/141003 areas/141011 areas/141020 regions/yokohama"},
      {"a region on the first day", "regions/yokohama", "2050-01-01",
       "areas/132098 areas/141003 areas/141011 areas/141020 regions/yokohama"},
      {"a region on the last day", "regions/yokohama", "2050-12-31",
       "areas/132098 areas/141003 areas/141011 areas/141020 regions/yokohama"},
      {"a region the day after", "regions/yokohama", "2051-01-01",
       "areas/141003 areas/141011 areas/141020 regions/yokohama"},
      {"an area of which nothing is known", "areas/322016", "2050-06-01", "areas/322016"},
      {"what is no place", "nurses/n1", "2050-06-01", "nurses/n1"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(absl::StrJoin(places.ReachOf(c.place, Day(c.day)), " "), c.reach) << c.name;
  }
}

TEST(PlaceGraph, EndsWhereItsDataHasACircle) {
  PlaceGraph graph;
  graph.Add("a", "b", {});
  graph.Add("b", "c", {});
  graph.Add("c", "a", {});
  graph.Add("c", "c", {});
  graph.Add("d", "a", {});
  EXPECT_EQ(absl::StrJoin(graph.In("a", Day("2050-06-01")), " "), "b c") << "and not d";
  EXPECT_EQ(absl::StrJoin(graph.In("d", Day("2050-06-01")), " "), "a b c");
  EXPECT_EQ(absl::StrJoin(graph.In("e", Day("2050-06-01")), " "), "");
}

}  // namespace
}  // namespace tsunagu::access
