#include "services/subsidy/rules/traced_items.h"

#include "gmock/gmock.h"

namespace tsunagu::subsidy::rules {
namespace {

using testing::ElementsAre;
using testing::Pair;

v1::Trace Trace(const std::vector<std::pair<std::string, std::string>>& grants) {
  v1::Trace trace;
  for (const auto& [item, value] : grants) {
    for (const char* step : {"eligible", "grant"}) {
      v1::Trace::Line& line = *trace.add_lines();
      line.set_item(item);
      line.set_step(step);
      line.set_value(step == std::string("grant") ? value : "9,999,999");
    }
  }
  return trace;
}

TEST(TracedItemsTest, AddUpToTheAmount) {
  const v1::Trace two = Trace({{"a", "350,000"}, {"b", "100,000.5"}, {"", "450,000"}});
  EXPECT_THAT(TracedItems(two, "grant", 450'000), ElementsAre(Pair("a", 350'000), Pair("b", 100'000)));
  EXPECT_THAT(TracedItems(two, "grant", 450'001), ElementsAre(Pair("", 1), Pair("a", 350'000), Pair("b", 100'000)));
  EXPECT_THAT(TracedItems(two, "grant", 45'001), ElementsAre(Pair("a", 35'001), Pair("b", 10'000))) << "cut, pro rata";
  EXPECT_THAT(TracedItems(two, "grant", 0), ElementsAre(Pair("a", 0), Pair("b", 0)));
  EXPECT_THAT(TracedItems(two, "whole", 450'000), ElementsAre(Pair("", 450'000))) << "worked out for the whole only";
  EXPECT_THAT(TracedItems(Trace({{"a", "206,500/3"}, {"b", "0.5"}}), "grant", 68'834),
              ElementsAre(Pair("", 1), Pair("a", 68'833), Pair("b", 0)));
  EXPECT_THAT(TracedItems(Trace({{"a", "-5"}}), "grant", 7), ElementsAre(Pair("", 7), Pair("a", 0)));
}

}  // namespace
}  // namespace tsunagu::subsidy::rules
