// Several at once: who makes records under a parent, and who ends or moves it.
#include <chrono>
#include <future>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "common/records/store.h"
#include "common/service/service.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/school_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class ParentWritersTest : public SchoolTest {};
WIRE_TEST_ON_BOTH(ParentWritersTest);

TEST_P(ParentWritersTest, OfEightSessionsOnOneDayExactlyOneIsMade) {
  for (int round = 0; round < 5; ++round) {
    const std::string course = AddCourse(absl::StrCat("c", round));
    const auto told = EightAtOnce([&](int i) {
      const std::string said = Said(AddSession(admin(), course, absl::StrCat("s", i), "2050-05-01"));
      return absl::StrContains(said, "PERIODS_OVERLAP") ? std::string("overlap") : said;
    });
    EXPECT_THAT(told, ElementsAre(Pair("OK", 1), Pair("overlap", 7)));
  }
}

TEST_P(ParentWritersTest, OfEightWithOneIdExactlyOneIsMade) {
  const std::string course = AddCourse("a");
  const auto told =
      EightAtOnce([&](int i) { return Said(AddSession(admin(), course, "s", absl::StrCat("2050-05-0", i + 1))); });
  EXPECT_THAT(told, ElementsAre(Pair("ALREADY_EXISTS SESSION_EXISTS", 7), Pair("OK", 1)));
}

TEST_P(ParentWritersTest, FourEndACourseAndFourMakeSessions) {
  for (int round = 0; round < 8; ++round) {
    const std::string course = AddCourse(absl::StrCat("c", round));
    auto told = EightAtOnce([&](int i) {
      if (i % 2 == 0) return absl::StrCat("end ", Said(EndCourse(admin(), course, "2050-04-02")));
      return absl::StrCat("make ",
                          Said(AddSession(admin(), course, absl::StrCat("s", i), absl::StrCat("2050-05-0", i))));
    });
    EXPECT_EQ(told["end OK"], 1);
    EXPECT_EQ(told["end FAILED_PRECONDITION PERIOD_OVER"], 3);
    EXPECT_EQ(told["make OK"] + told["make FAILED_PRECONDITION PARENT_ENDED parent:PARENT_ENDED"], 4);
    EXPECT_EQ(static_cast<int>(ListSessions(admin(), course).size()), told["make OK"]);
  }
}

// A writer that begins to create a session while the end of its course is being written sees the end.
TEST_P(ParentWritersTest, AnEndThatIsBeingWrittenIsWaitedFor) {
  const std::string course = AddCourse("a");
  store::Store& store = server().host().Find("registry")->store();
  const identity::Actor actor{"tests", "", "", "end", "end", identity::Scope::Everything()};
  std::promise<std::string> promise;
  std::future<std::string> said = promise.get_future();
  std::jthread maker;
  school::Course answer;
  const absl::Status ended =
      store.Change(actor, Deadline::After(absl::Minutes(1)), {"end"}, answer, [&](store::Tx& tx) -> absl::Status {
        ASSIGN_OR_RETURN(const school::Course before, store::Records<school::Course>(tx).Get(course));
        answer = before;
        *answer.mutable_valid_to_date() = Day("2050-04-02");
        RETURN_IF_ERROR(store::Records<school::Course>::Update(tx, before, answer));
        maker = std::jthread([&] { promise.set_value(Said(AddSession(admin(), course, "s", "2050-05-01"))); });
        EXPECT_EQ(said.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout) << "it does not wait";
        return absl::OkStatus();
      });
  ASSERT_EQ(Said(ended), "OK");
  EXPECT_EQ(said.get(), "FAILED_PRECONDITION PARENT_ENDED parent:PARENT_ENDED");
}

// A move of a course includes all of its sessions, also those that are being created.
TEST_P(ParentWritersTest, NoSessionIsLeftBehindWhenItsCourseMoves) {
  for (int round = 0; round < 8; ++round) {
    const std::string course = AddCourse(absl::StrCat("c", round));
    EightAtOnce([&](int i) {
      return i == 0 ? Said(MoveCourse(admin(), course, "areas/313025"))
                    : Said(AddSession(admin(), course, absl::StrCat("s", i), absl::StrCat("2050-05-0", i)));
    });
  }
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `sessions_access` WHERE `key` = 'areas/312011'"), 0);
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `sessions_access` WHERE `key` = 'areas/313025'"), 56);
  EXPECT_THAT(VerifyTables(), IsEmpty());
}

}  // namespace
}  // namespace tsunagu::wire
