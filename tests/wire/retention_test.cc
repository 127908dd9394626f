// Technical rows are deleted when their retention time is over, and no other rows.
#include "common/service/retention.h"
#include "common/records/store.h"

#include <thread>

#include "common/service/service.h"
#include "tests/wire/rounds.h"

namespace tsunagu::wire {
namespace {

class RetentionTest : public SuiteTest {
 protected:
  store::Store& registry_store() { return server().host().Find("registry")->store(); }
  // How many rows; a keeper of the server may do some of it.
  int64_t DeleteFrom(const char* service) {
    const auto deleted = DeleteOutdated(server().host().Find(service)->store());
    EXPECT_EQ(Said(deleted), "OK");
    return deleted.value_or(-1);
  }
  absl::StatusOr<registry_v1::Facility> CreateWith(const std::string& request_id, const std::string& id) {
    registry_v1::CreateFacilityRequest request;
    *request.mutable_facility() = AFacility("きた", "");
    request.set_facility_id(id);
    request.set_request_id(request_id);
    return admin().Call<registry_v1::Facility>("registry.v1.FacilityService/CreateFacility", request);
  }
  static constexpr char kRequests[] = "SELECT COUNT(*) FROM `requests`";
};
WIRE_TEST_ON_BOTH(RetentionTest);

TEST_P(RetentionTest, RequestsPastTheirTimeGoAndWhatTheyMadeStays) {
  ASSERT_EQ(Said(CreateWith("again-and-again", "kita")), "OK");
  clock().Advance(absl::Hours(24 * 7));
  ASSERT_EQ(Said(CreateWith("later", "minami")), "OK");
  DeleteFrom("registry");
  EXPECT_EQ(Said(CreateWith("again-and-again", "kita")), "OK") << "still known after seven days";
  clock().Advance(absl::Hours(24 * 2));
  DeleteFrom("registry");
  EXPECT_EQ(Count(registry(), kRequests), 1) << "the later one";
  EXPECT_EQ(Said(CreateWith("later", "minami")), "OK");
  EXPECT_EQ(Said(CreateWith("again-and-again", "kita")), "ALREADY_EXISTS FACILITY_EXISTS") << "forgotten";
  EXPECT_EQ(Said(GetFacility(admin(), "facilities/kita")), "OK");
}

// Set on, the clock would have everything forgotten, and a request that comes again done again.
TEST_P(RetentionTest, NothingGoesWhileTheClockIsOff) {
  ASSERT_EQ(Said(CreateWith("again-and-again", "kita")), "OK");
  const int64_t rows = Count(registry(), kRequests);
  clock().Jump(absl::Hours(24 * 9));
  EXPECT_EQ(DeleteFrom("registry"), 0);
  EXPECT_EQ(Count(registry(), kRequests), rows);
  clock().Jump(-absl::Hours(24 * 9));
  EXPECT_EQ(Said(CreateWith("again-and-again", "kita")), "OK") << "still known";
}

TEST_P(RetentionTest, OperationsThatEndedLongAgoGo) {
  const matching_v1::Snapshot snapshot = ASnapshot(3);
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  const auto started = StartSolving(admin(), "r1", &snapshot);
  ASSERT_EQ(Said(started), "OK");
  platform_v1::WaitOperationRequest wait;
  wait.set_name(started->name());
  ASSERT_TRUE(admin().Call<google::longrunning::Operation>("platform.v1.OperationService/WaitOperation", wait)->done());
  // One that is still going on, however old.
  Execute(matching(),
          "INSERT INTO `operations` (`id`, `method`, `principal`, `on_behalf_of`, `purpose`, `state`, "
          "`lease_time`) VALUES ('old', 'x', 'x', '', '', 'RUNNING', 9000000000000000000)");
  platform_v1::GetOperationRequest get;
  get.set_name(started->name());
  const auto ask = [&] {
    return admin().Call<google::longrunning::Operation>("platform.v1.OperationService/GetOperation", get);
  };
  clock().Advance(kEndedOperationsKept - absl::Hours(1));
  DeleteFrom("matching");
  EXPECT_EQ(Said(ask()), "OK");
  clock().Advance(absl::Hours(2));
  DeleteFrom("matching");
  EXPECT_EQ(Said(ask()), "NOT_FOUND OPERATION_NOT_FOUND");
  EXPECT_EQ(Count(matching(), "SELECT COUNT(*) FROM `operations`"), 1) << "the one that goes on";
}

TEST_P(RetentionTest, ManyRowsTakeManySmallTransactionsAndSeveralMayDoIt) {
  constexpr int kRows = 1200;
  const std::string insert =
      "INSERT INTO `requests` (`caller`, `method`, `request_id`, `expire_time`) VALUES ('c', 'm', ?, 1)";
  const absl::Status filled = registry().Write(Deadline::After(absl::Minutes(1)), [&](store::Session& session) {
    absl::Status status;
    for (int i = 0; i < kRows && status.ok(); ++i) {
      const std::string id = absl::StrCat("r", i);
      status = session.Execute(insert, {absl::string_view(id)}).status();
    }
    return status;
  });
  ASSERT_EQ(Said(filled), "OK");
  constexpr char kLeft[] = "SELECT COUNT(*) FROM `requests` WHERE `caller` = 'c'";
  EXPECT_LE(DeleteFrom("registry"), 500);
  std::thread other([&] { DeleteFrom("registry"); });
  DeleteFrom("registry");
  other.join();
  for (int i = 0; i < 4 && Count(registry(), kLeft) > 0; ++i) DeleteFrom("registry");
  EXPECT_EQ(Count(registry(), kLeft), 0);
}

}  // namespace
}  // namespace tsunagu::wire
