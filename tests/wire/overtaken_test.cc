// Concurrent changes of one record without an etag: none of the callers gets an error because of the others, and a
// change of a record does not block writers of records under it.
#include <functional>

#include "absl/strings/str_cat.h"
#include "tests/wire/council_test_base.h"
#include "tests/wire/eight_writers.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::Pair;

class OvertakenTest : public CouncilTestBase {
 protected:
  void SetUp() override {
    CouncilTestBase::SetUp();
    if (IsSkipped()) return;
    council_ = MakeCouncil("level: COUNCIL_LEVEL_MUNICIPALITY convener: 'areas/312011'")->name();
  }
  // One of eight, in his or her own words, so that each call is a change.
  std::string Rename(int writer, int round, const std::string& etag = "") {
    return Said(
        Change(absl::StrCat("name: '", council_, "' etag: '", etag, "' display_name: '", writer, "-", round, "'"),
               "display_name"));
  }
  // Another last day than that of any other writer.
  static std::string LastDay(int writer, int round) { return absl::StrCat(2060 + writer, "-01-0", 1 + round); }
  // Calls nine times in a row; the first answer that is not "OK".
  static std::string NineTimes(const std::function<std::string(int round)>& call) {
    for (int round = 0; round < 9; ++round) {
      const std::string said = call(round);
      if (said != "OK") return said;
    }
    return "OK";
  }

  std::string council_;
};
WIRE_TEST_ON_BOTH(OvertakenTest);

TEST_P(OvertakenTest, OfEightWhoGiveNoEtagAllUpdate) {
  EXPECT_THAT(EightAtOnce([&](int i) { return NineTimes([&](int round) { return Rename(i, round); }); }),
              ElementsAre(Pair("OK", 8)));
  EXPECT_EQ(Get(admin(), council_)->etag(), absl::StrCat(1 + 8 * 9)) << "each of them has changed it";
}

TEST_P(OvertakenTest, OfEightWhoGiveNoEtagAllEnd) {
  EXPECT_THAT(
      EightAtOnce([&](int i) { return NineTimes([&](int round) { return Said(End(council_, LastDay(i, round))); }); }),
      ElementsAre(Pair("OK", 8)));
  EXPECT_EQ(Get(admin(), council_)->etag(), absl::StrCat(1 + 8 * 9));
}

TEST_P(OvertakenTest, OfEightWithOneEtagOneUpdates) {
  for (int round = 0; round < 3; ++round) {
    const std::string etag = Get(admin(), council_)->etag();
    EXPECT_THAT(EightAtOnce([&](int i) { return Rename(i, round, etag); }),
                ElementsAre(Pair("ABORTED ETAG_MISMATCH", 7), Pair("OK", 1)));
  }
}

// The guards of a council and of its meetings are taken in one order. A transaction that the database ends because two
// wait for each other is run again, and counted.
TEST_P(OvertakenTest, WhoEndsACouncilAndWhoMeetsDoNotWaitForEachOther) {
  // The writer that creates the row of a guard, and rolls back, can cause a deadlock; after that there is none.
  ASSERT_EQ(Said(Meet(council_, "2051-01-01")), "OK");
  ASSERT_EQ(Said(End(council_, "2070-01-01")), "OK");
  const bool has_guards = GetParam() == Engine::kMysql;
  for (int round = 0; has_guards && Count(registry(), "SELECT COUNT(*) FROM `guards` WHERE `kind` = 'overtaken'") == 0;
       ++round) {
    EightAtOnce([&](int i) { return Rename(i, round); });
  }
  const int64_t before = registry().load().retries;
  EXPECT_THAT(EightAtOnce([&](int i) {
                return NineTimes([&](int round) {
                  return i % 2 == 0 ? Said(End(council_, LastDay(i, round)))
                                    : Said(Meet(council_, absl::StrCat("2052-0", i, "-0", 1 + round)));
                });
              }),
              ElementsAre(Pair("OK", 8)));
  EXPECT_EQ(registry().load().retries - before, 0);
}

}  // namespace
}  // namespace tsunagu::wire
