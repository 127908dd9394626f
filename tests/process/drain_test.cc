// SIGTERM: new calls are refused, calls in progress finish; a second SIGTERM does not wait.
#include <signal.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.pb.h"
#include "gtest/gtest.h"
#include "tests/process/server.h"
#include "tsunagu/platform/v1/transfer.pb.h"

namespace tsunagu::process {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using platform::v1::ImportRowsRequest;
using platform::v1::ImportRowsResponse;

// Each piece is larger than what the server reads before it detects the encoding (64 KiB).
constexpr int kRows = 6000, kPieces = 2;

std::string Rows(int piece) {
  std::string rows;
  for (int i = 0; i < kRows / kPieces; ++i) {
    const int row = piece * kRows / kPieces + i;
    absl::StrAppend(&rows, "見本事業所", row, ",source/", row, "\n");
  }
  return rows;
}

class DrainTest : public testing::Test {
 protected:
  // Begins an import that has more to come.
  void BeginImport() {
    import_ = server_.Stream("platform.v1.TransferService/ImportRows");
    ImportRowsRequest request;
    request.set_parent("services/registry");
    request.set_collection("facilities");
    request.set_data("事業所の名称,取込元のキー\n見本,source/refused\n見本,source/refused\n" + Rows(0));
    ASSERT_TRUE(import_->Write(request));
    ImportRowsResponse response;  // the repeated key: the server is in the middle of the file
    const auto read = import_->Read(response);
    ASSERT_TRUE(read.ok() && *read) << read.status();
    EXPECT_EQ(response.row().row(), 3);
  }

  void WatchHealth() {
    health_ = server_.peer().Stream("grpc.health.v1.Health/Watch", server_.call_options());
    HealthCheckRequest request;
    request.set_service("registry");
    ASSERT_TRUE(health_->Write(request));
    health_->WritesDone();
  }
  HealthCheckResponse::ServingStatus NextHealth() {
    HealthCheckResponse response;
    const auto read = health_->Read(response);
    return read.ok() && *read ? response.status() : HealthCheckResponse::UNKNOWN;
  }

  Folder folder_;
  ServerProcess server_{folder_.path()};
  std::unique_ptr<rpc::PeerStream> import_, health_;
};

TEST_F(DrainTest, IdleServerEndsWithZero) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Folder folder;
    ServerProcess server(folder.path());
    server.process().Signal(signal);
    EXPECT_EQ(server.process().Wait(), 0);
    EXPECT_EQ(server.process().Errors(), "");
  }
}

TEST_F(DrainTest, ImportInProgressFinishes) {
  ASSERT_NO_FATAL_FAILURE(WatchHealth());
  EXPECT_EQ(NextHealth(), HealthCheckResponse::SERVING);
  ASSERT_NO_FATAL_FAILURE(BeginImport());
  server_.process().Signal(SIGTERM);
  EXPECT_EQ(NextHealth(), HealthCheckResponse::NOT_SERVING);

  // Health changes first: calls that arrive before the server is shut down are still served.
  registry::v1::GetFacilityRequest absent;
  absent.set_name("facilities/late");
  const Deadline patience = Deadline::After(absl::Seconds(20));
  while (absl::IsNotFound(
             server_.Call<registry::v1::Facility>("registry.v1.FacilityService/GetFacility", absent).status()) &&
         !patience.Over()) {
  }
  const auto refused = server_.Call<registry::v1::Facility>(kCreateFacility, FacilityRequest("late"));
  EXPECT_THAT(RefusalOf(refused.status()), testing::AnyOf(Refusal(absl::StatusCode::kUnavailable, "SHUTTING_DOWN"),
                                                          Refusal(absl::StatusCode::kUnavailable, "PEER_UNAVAILABLE")));
  EXPECT_TRUE(server_.process().running()) << "while the import goes on";

  for (int piece = 1; piece < kPieces; ++piece) {
    ImportRowsRequest request;
    request.set_data(Rows(piece));
    ASSERT_TRUE(import_->Write(request));
  }
  import_->WritesDone();
  ImportRowsResponse response, last;
  for (auto read = import_->Read(response); read.ok() && *read; read = import_->Read(response)) last = response;
  EXPECT_TRUE(import_->Finish().ok());
  EXPECT_EQ(last.summary().created_count(), kRows + 1);
  EXPECT_EQ(server_.process().Wait(), 0);

  ServerProcess again(folder_.path());
  EXPECT_EQ(FacilityCount(again), kRows + 1);
}

TEST_F(DrainTest, SecondSignalDoesNotWait) {
  ASSERT_NO_FATAL_FAILURE(WatchHealth());
  EXPECT_EQ(NextHealth(), HealthCheckResponse::SERVING);
  ASSERT_NO_FATAL_FAILURE(BeginImport());
  server_.process().Signal(SIGTERM);
  EXPECT_EQ(NextHealth(), HealthCheckResponse::NOT_SERVING);
  server_.process().Signal(SIGTERM);
  EXPECT_EQ(server_.process().Wait(absl::Seconds(5 * TSUNAGU_SLOWNESS)), 130);
  EXPECT_EQ(RefusalOf(import_->Finish()), Refusal(absl::StatusCode::kUnavailable, "PEER_UNAVAILABLE"));
}

TEST_F(DrainTest, ManyCallsAreAnsweredOrRefusedWithAReason) {
  std::vector<std::thread> callers;
  std::vector<int> acknowledged(8);
  std::vector<Refusal> refusals(acknowledged.size());
  for (size_t caller = 0; caller < acknowledged.size(); ++caller) {
    callers.emplace_back([&, caller] {
      for (absl::Status status; status.ok();) {
        const auto request = FacilityRequest(absl::StrCat(caller, "-", acknowledged[caller]));
        status = server_.Call<registry::v1::Facility>(kCreateFacility, request).status();
        if (!status.ok()) {
          refusals[caller] = RefusalOf(status);
        } else if (++acknowledged[caller] == 20 && caller == 0) {
          server_.process().Signal(SIGTERM);
        }
      }
    });
  }
  int all = 0;
  for (size_t caller = 0; caller < callers.size(); ++caller) {
    callers[caller].join();
    all += acknowledged[caller];
    EXPECT_EQ(refusals[caller].first, absl::StatusCode::kUnavailable) << refusals[caller].second;
  }
  EXPECT_EQ(server_.process().Wait(), 0);
  ServerProcess again(folder_.path());
  EXPECT_EQ(FacilityCount(again), all) << "nothing acknowledged is lost, nothing refused was done";
}

}  // namespace
}  // namespace tsunagu::process
