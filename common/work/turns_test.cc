#include "common/work/turns.h"

#include "gtest/gtest.h"

namespace tsunagu {
namespace {

TEST(TurnsTest, OneOfEachCaller) {
  Turns turns;
  EXPECT_EQ(turns.Take(), "");
  for (const char* piece : {"a1", "a2", "a3", "b1", "c1", "c2"}) turns.Add(std::string(piece, 1), piece);
  std::string order;
  for (std::string piece = turns.Take(); !piece.empty(); piece = turns.Take()) order += piece + " ";
  EXPECT_EQ(order, "a1 b1 c1 a2 c2 a3 ");
  turns.Add("b", "b2");
  EXPECT_EQ(turns.Take(), "b2");
}

}  // namespace
}  // namespace tsunagu
