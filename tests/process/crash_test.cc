// kill -9 at any moment: what was acknowledged is there, and sending again makes nothing twice.
#include <signal.h>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/load.h"

namespace tsunagu::process {
namespace {

using registry::v1::Facility;

// What a caller sees of a server that is gone.
const Refusal kGone = {absl::StatusCode::kUnavailable, "PEER_UNAVAILABLE"};

TEST(CrashTest, KilledDuringConcurrentCreates) {
  Folder folder;
  int kept = 0;
  for (int round = 0; round < 5; ++round) {
    SCOPED_TRACE(round);
    ServerProcess server(folder.path());
    Load load(server, absl::StrCat("r", round), Load::AfterRefusal::kStop);
    ASSERT_TRUE(load.WaitForAcknowledged(40));
    server.process().Signal(SIGKILL);
    EXPECT_EQ(server.process().Wait(), -SIGKILL);
    load.Stop();
    EXPECT_THAT(load.refusals(), testing::ElementsAre(kGone));

    ServerProcess again(folder.path());
    load.ExpectEachExactlyOnce(again, kept);
    kept += static_cast<int>(load.sent().size());
  }
}

struct Moment {
  std::string name;
  bool kept;
};

void PrintTo(const Moment& moment, std::ostream* out) { *out << moment.name; }

class FailpointTest : public testing::TestWithParam<Moment> {
 protected:
  ServerProcess::Options KillingAt(int pass) const {
    ServerProcess::Options options;
    options.environment["TSUNAGU_FAILPOINTS"] = absl::StrCat(GetParam().name, "=kill:", pass);
    return options;
  }
  void SetUp() override { ServerProcess(folder_.path()); }  // the roles it ships are commits too

  Folder folder_;
};

TEST_P(FailpointTest, OneCall) {
  const auto request = FacilityRequest("once");
  {
    ServerProcess server(folder_.path(), KillingAt(1));
    EXPECT_EQ(RefusalOf(server.Call<Facility>(kCreateFacility, request).status()), kGone);
    EXPECT_EQ(server.process().Wait(), -SIGKILL);
  }
  ServerProcess server(folder_.path());
  EXPECT_EQ(FacilityCount(server), GetParam().kept ? 1 : 0);
  const auto facility = server.Call<Facility>(kCreateFacility, request);
  ASSERT_TRUE(facility.ok()) << facility.status();
  EXPECT_EQ(RevisionCount(server, facility->name()), 1);
  EXPECT_EQ(FacilityCount(server), 1);
}

TEST_P(FailpointTest, UnderLoad) {
  int kept = 0;
  for (const int pass : {2, 17, 40}) {
    SCOPED_TRACE(pass);
    ServerProcess server(folder_.path(), KillingAt(pass));
    Load load(server, absl::StrCat("f", pass), Load::AfterRefusal::kStop);
    EXPECT_EQ(server.process().Wait(), -SIGKILL);
    load.Stop();
    ServerProcess again(folder_.path());
    load.ExpectEachExactlyOnce(again, kept);
    kept += static_cast<int>(load.sent().size());
  }
}

INSTANTIATE_TEST_SUITE_P(All, FailpointTest,
                         testing::Values(Moment{"store.before_commit", false}, Moment{"store.after_commit", true}),
                         [](const testing::TestParamInfo<Moment>& info) {
                           return std::string(info.param.kept ? "AfterCommit" : "BeforeCommit");
                         });

}  // namespace
}  // namespace tsunagu::process
