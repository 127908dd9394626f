// kill -9 before and after the commit of one call: its effect is complete or absent, and sending it again duplicates
// nothing. For concurrent calls and all other moments see tests/faults.
#include <signal.h>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/server.h"

namespace tsunagu::process {
namespace {

using registry::v1::Facility;

// The error that a caller gets if the server is gone.
const Refusal kGone = {absl::StatusCode::kUnavailable, "PEER_UNAVAILABLE"};

struct Moment {
  std::string name;
  bool kept;
};

void PrintTo(const Moment& moment, std::ostream* out) { *out << moment.name; }

class CrashTest : public testing::TestWithParam<Moment> {
 protected:
  ServerProcess::Options KillingAt(int pass) const {
    ServerProcess::Options options;
    options.environment["TSUNAGU_FAILPOINTS"] = absl::StrCat(GetParam().name, "=kill:", pass);
    return options;
  }
  void SetUp() override { ServerProcess(folder_.path()); }  // the roles it ships are also commits

  Folder folder_;
};

TEST_P(CrashTest, IsThereOrNot) {
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

INSTANTIATE_TEST_SUITE_P(All, CrashTest,
                         testing::Values(Moment{"store.before_commit", false}, Moment{"store.after_commit", true}),
                         [](const testing::TestParamInfo<Moment>& info) {
                           return std::string(info.param.kept ? "AfterCommit" : "BeforeCommit");
                         });

}  // namespace
}  // namespace tsunagu::process
