#include "common/base/lru.h"

#include <memory>

#include "gtest/gtest.h"

namespace tsunagu {
namespace {

TEST(LruTest, TheLeastRecentlyUsedIsEvicted) {
  Lru<int> lru(2);
  lru.Add("one", 1);
  lru.Add("two", 2);
  ASSERT_NE(lru.Find("one"), nullptr);
  lru.Add("three", 3);
  EXPECT_EQ(lru.Find("two"), nullptr);
  ASSERT_NE(lru.Find("one"), nullptr);
  EXPECT_EQ(*lru.Find("one"), 1);
  EXPECT_EQ(*lru.Find("three"), 3);
}

TEST(LruTest, WhatIsErasedMakesRoom) {
  Lru<std::unique_ptr<int>> lru(2);
  lru.Add("one", std::make_unique<int>(1));
  lru.Add("two", std::make_unique<int>(2));
  lru.Erase("one");
  lru.Erase("nothing");
  lru.Add("three", std::make_unique<int>(3));
  EXPECT_EQ(lru.Find("one"), nullptr);
  EXPECT_EQ(**lru.Find("two"), 2);
  lru.Clear();
  EXPECT_EQ(lru.Find("three"), nullptr);
  lru.Add("three", nullptr);
  EXPECT_EQ(*lru.Find("three"), nullptr);
}

}  // namespace
}  // namespace tsunagu
