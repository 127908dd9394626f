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
  int pass;
  bool kept;
};

void PrintTo(const Moment& moment, std::ostream* out) { *out << moment.name << " " << moment.pass; }

class FailpointTest : public testing::TestWithParam<Moment> {
 protected:
  ServerProcess::Options Killing() const {
    ServerProcess::Options options;
    options.environment["TSUNAGU_FAILPOINTS"] = absl::StrCat(GetParam().name, "=kill:", GetParam().pass);
    return options;
  }
  void SetUp() override { ServerProcess(folder_.path()); }  // the roles it ships are commits too

  Folder folder_;
};

TEST_P(FailpointTest, OneCall) {
  if (GetParam().pass > 1) GTEST_SKIP() << "says nothing that the first pass does not";
  const auto request = FacilityRequest("once");
  {
    ServerProcess server(folder_.path(), Killing());
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
  ServerProcess server(folder_.path(), Killing());
  Load load(server, "f", Load::AfterRefusal::kStop);
  EXPECT_EQ(server.process().Wait(), -SIGKILL);
  load.Stop();
  ServerProcess again(folder_.path());
  load.ExpectEachExactlyOnce(again, 0);
}

INSTANTIATE_TEST_SUITE_P(All, FailpointTest,
                         testing::Values(Moment{"store.before_commit", 1, false}, Moment{"store.after_commit", 1, true},
                                         Moment{"store.before_commit", 17, false},
                                         Moment{"store.after_commit", 17, true}),
                         [](const testing::TestParamInfo<Moment>& info) {
                           return absl::StrCat(info.param.kept ? "After" : "Before", info.param.pass);
                         });

}  // namespace
}  // namespace tsunagu::process
