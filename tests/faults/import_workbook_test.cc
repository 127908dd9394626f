// Killed in the middle of a workbook: answered rows remain, and the same file with the same id is imported once.
#include <signal.h>

#include "absl/strings/str_cat.h"
#include "common/text/sheet/spool.h"
#include "common/text/sheet/writer.h"
#include "gtest/gtest.h"
#include "tests/faults/ground.h"
#include "tsunagu/platform/v1/transfer.pb.h"

namespace tsunagu::faults {
namespace {

using process::ServerProcess;

constexpr int kRows = 1'200;       // three chunks
constexpr int kRowsOfTwo = 1'000;  // what two of them hold

std::string Workbook() {
  auto spool = sheet::Spool::Create(0);
  auto writer = sheet::Writer::Create({"facilities", {{"事業所の名称"}, {"取込元のキー"}}}, spool->path());
  for (int row = 0; row < kRows; ++row) EXPECT_TRUE((*writer)->Add({"見本", absl::StrCat("w/", row)}).ok());
  EXPECT_TRUE((*writer)->Finish().ok());
  std::string bytes(static_cast<size_t>(*spool->Size()), '\0');
  EXPECT_TRUE(spool->Read(0, absl::MakeSpan(&bytes[0], bytes.size())).ok());
  return bytes;
}

class ImportWorkbookTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (!Ground::Has(GetParam())) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    ground_ = std::make_unique<Ground>(Ground::Options{GetParam()});
    ServerProcess(ground_->data_dir(), ground_->Server());  // failpoint_test.cc tests the first start
  }

  absl::StatusOr<platform::v1::ImportSummary> Import(ServerProcess& server) const {
    platform::v1::ImportRowsRequest request;
    request.set_parent("services/registry");
    request.set_collection("facilities");
    request.set_format(platform::v1::FILE_FORMAT_XLSX);
    request.set_request_id("workbook");
    request.set_data(workbook_);
    const auto stream = server.Stream("platform.v1.TransferService/ImportRows");
    (void)stream->Write(request);
    stream->WritesDone();
    platform::v1::ImportRowsResponse response, last;
    for (auto read = stream->Read(response); read.ok() && *read; read = stream->Read(response)) last = response;
    if (absl::Status end = stream->Finish(); !end.ok()) return end;
    return last.summary();
  }

  int64_t Count(absl::string_view table) const {
    int64_t count = -1;
    const absl::Status read =
        ground_->Database()->Read(Deadline::After(process::kPatience), [&](store::Session& session) {
          const std::string sql = absl::StrCat("SELECT COUNT(*) FROM `", table, "` WHERE `name` LIKE 'facilities/%'");
          return session.Query(table == "facilities" ? "SELECT COUNT(*) FROM `facilities`" : sql, {},
                               [&](const store::Row& row) {
                                 count = row.Integer(0);
                                 return absl::OkStatus();
                               });
        });
    EXPECT_TRUE(read.ok()) << read;
    return count;
  }

  std::unique_ptr<Ground> ground_;
  const std::string workbook_ = Workbook();
};

TEST_P(ImportWorkbookTest, LosesNothingWhenItIsKilled) {
  {
    ServerProcess server(ground_->data_dir(), ground_->Server("import.after_chunk=kill:2"));
    EXPECT_FALSE(Import(server).ok());
    EXPECT_EQ(server.process().Wait(), -SIGKILL) << server.process().Errors();
  }
  EXPECT_EQ(Count("facilities"), kRowsOfTwo);
  ServerProcess server(ground_->data_dir(), ground_->Server());
  const auto again = Import(server);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->created_count(), kRows) << again->ShortDebugString();
  EXPECT_EQ(Count("facilities"), kRows);
  EXPECT_EQ(Count("journal"), kRows) << "each once";
}

INSTANTIATE_TEST_SUITE_P(, ImportWorkbookTest, testing::Values(Engine::kSqlite, Engine::kMysql),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace tsunagu::faults
