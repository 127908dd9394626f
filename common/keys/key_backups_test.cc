#include "common/keys/key_backups.h"

#include "common/base/error.h"
#include "gtest/gtest.h"

namespace tsunagu {
namespace {

using jp::CivilDay;

TEST(KeyBackupsTest, WhatHoldsOnTheDayCounts) {
  struct Case {
    const char* name;
    std::vector<std::string> entries;
    CivilDay day;
    absl::optional<CivilDay> expiry;
  };
  const Case cases[] = {
      {"nothing said", {}, CivilDay(2026, 4, 1), absl::nullopt},
      {"always the same", {"35"}, CivilDay(2026, 4, 1), CivilDay(2026, 5, 6)},
      {"none are kept", {"0"}, CivilDay(2026, 4, 1), CivilDay(2026, 4, 1)},
      {"before the first day", {"2026-04-01=35"}, CivilDay(2026, 3, 31), absl::nullopt},
      {"on the first day", {"2026-04-01=35"}, CivilDay(2026, 4, 1), CivilDay(2026, 5, 6)},
      {"before the change", {"90", "2026-04-01=35"}, CivilDay(2026, 3, 31), CivilDay(2026, 6, 29)},
      {"after the change", {"2026-04-01=35", "90"}, CivilDay(2026, 4, 2), CivilDay(2026, 5, 7)},
  };
  for (const Case& c : cases) {
    const auto backups = KeyBackups::Parse(c.entries);
    ASSERT_TRUE(backups.ok()) << c.name;
    EXPECT_EQ(backups->ExpiryOf(c.day), c.expiry) << c.name;
  }
}

TEST(KeyBackupsTest, NonsenseIsRefused) {
  for (const std::vector<std::string>& entries :
       {std::vector<std::string>{"soon"}, {"-1"}, {"2026-04-01=x"}, {"2026-02-30=35"}, {"35", "36"}, {"=35"}}) {
    EXPECT_FALSE(KeyBackups::Parse(entries).ok()) << entries.front();
  }
}

}  // namespace
}  // namespace tsunagu
