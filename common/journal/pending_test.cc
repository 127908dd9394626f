#include "common/journal/pending.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PendingRow ARow(std::string id, std::string tx, std::string predecessor = "", bool sealed = false) {
  return {std::move(id), std::move(tx), std::move(predecessor), sealed, ""};
}

std::vector<std::string> Order(std::vector<PendingRow> rows) {
  std::vector<std::string> ids;
  for (const PendingRow& row : OrderForSealing(std::move(rows))) ids.push_back(row.id);
  return ids;
}

TEST(OrderForSealingTest, KeepsTheOrderWhereNothingDepends) {
  EXPECT_THAT(Order({ARow("1", "a"), ARow("2", "a"), ARow("3", "b")}), ElementsAre("1", "2", "3"));
}

TEST(OrderForSealingTest, ARevisionComesBehindTheOneBefore) {
  // b began first, but read what a had written.
  EXPECT_THAT(Order({ARow("1", "b"), ARow("4", "b", "2"), ARow("2", "c"), ARow("3", "c")}),
              ElementsAre("2", "3", "1", "4"));
}

TEST(OrderForSealingTest, ChainsOfDependenceAreFollowed) {
  EXPECT_THAT(Order({ARow("3", "a", "2"), ARow("2", "b", "1"), ARow("1", "c")}), ElementsAre("1", "2", "3"));
}

TEST(OrderForSealingTest, TwoRevisionsInOneTransaction) {
  EXPECT_THAT(Order({ARow("1", "a"), ARow("2", "a", "1")}), ElementsAre("1", "2"));
}

TEST(OrderForSealingTest, WhatIsSealedAlreadyIsNoHindrance) {
  EXPECT_THAT(Order({ARow("2", "a", "1", true)}), ElementsAre("2"));
}

TEST(OrderForSealingTest, AWholeTransactionWaitsForWhatIsNotThere) {
  EXPECT_THAT(Order({ARow("1", "a"), ARow("3", "a", "behind the limit"), ARow("4", "b", "3"), ARow("5", "c")}),
              ElementsAre("5"));
  EXPECT_THAT(Order({ARow("3", "a", "behind the limit")}), IsEmpty());
}

}  // namespace
}  // namespace tsunagu::store
