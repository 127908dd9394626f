#include "common/rpc/call_costs.h"

#include "gtest/gtest.h"

namespace tsunagu::rpc {
namespace {

TEST(CallCostsTest, WhoseCallsTakeLongTakesMorePlaces) {
  CallCosts costs;
  EXPECT_EQ(costs.PlacesOf("officer"), 1);
  costs.Note("officer", absl::Milliseconds(200));
  EXPECT_EQ(costs.PlacesOf("officer"), 1);
  costs.Note("robot", absl::Milliseconds(600));
  EXPECT_EQ(costs.PlacesOf("robot"), 2);
  EXPECT_EQ(costs.PlacesOf("officer"), 1);
  for (int i = 0; i < 50; ++i) costs.Note("robot", absl::Seconds(30));
  EXPECT_EQ(costs.PlacesOf("robot"), CallCosts::kMost);
}

TEST(CallCostsTest, QuickCallsMakeGoodForASlowOne) {
  CallCosts costs;
  costs.Note("officer", absl::Seconds(3));
  EXPECT_EQ(costs.PlacesOf("officer"), CallCosts::kMost);
  int calls = 0;
  for (; costs.PlacesOf("officer") > 1; ++calls) costs.Note("officer", absl::Milliseconds(5));
  EXPECT_LE(calls, 16);
}

TEST(CallCostsTest, IsBounded) {
  CallCosts costs;
  for (int i = 0; i < 5'000; ++i) costs.Note(std::to_string(i), absl::Seconds(1));
  EXPECT_EQ(costs.PlacesOf("4999"), 4);
  EXPECT_EQ(costs.PlacesOf("0"), 1);
}

}  // namespace
}  // namespace tsunagu::rpc
