// The output of `tsunagu contracts` is complete: it compiles in an empty folder, without a network.
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "tests/process/process.h"

namespace tsunagu::process {
namespace {

using testing::HasSubstr;

class ContractsTest : public testing::Test {
 protected:
  ContractsTest() {
    const Outcome written = RunToEnd({Binary("tsunagu"), "contracts", "-o", folder_ / "contracts.zip"});
    EXPECT_EQ(written.code, 0) << written.errors;
    Shell("mkdir in && cd in && cmake -E tar xf ../contracts.zip");
  }
  // Runs in the folder; the test fails if the command does.
  std::string Shell(const std::string& command) {
    const Outcome outcome = RunToEnd({"/bin/sh", "-c", absl::StrCat("set -e; cd ", folder_.path(), "; ", command)});
    EXPECT_EQ(outcome.code, 0) << command << "\n" << outcome.errors;
    return outcome.output;
  }

  Folder folder_;
};

TEST_F(ContractsTest, ProtocCompilesThemForPythonAndCpp) {
  Shell(
      "cd in && mkdir py cpp && files=$(find tsunagu google -name '*.proto') && "
      "protoc -I . --python_out=py $files && protoc -I . --cpp_out=cpp tsunagu/registry/v1/*.proto");
  EXPECT_TRUE(std::filesystem::exists(folder_ / "in/py/tsunagu/registry/v1/area_pb2.py"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "in/py/tsunagu/matching/v1/round_pb2.py"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "in/cpp/tsunagu/registry/v1/area.pb.h"));
}

TEST_F(ContractsTest, BufBuildsThem) {
  const std::string buf = TSUNAGU_SOURCE_DIR "/node_modules/.bin/buf";
  if (!std::filesystem::exists(buf)) GTEST_SKIP() << buf << " is not there";
  Shell(absl::StrCat("cd in && HOME=$PWD/../home ", buf, " build"));
}

TEST_F(ContractsTest, TheyAreThoseOfTheSource) {
  Shell("cd in && diff -r tsunagu " TSUNAGU_SOURCE_DIR "/protos/tsunagu");
  EXPECT_THAT(ReadFile(folder_ / "in/tsunagu/registry/v1/area.proto"), HasSubstr("// "));
  EXPECT_THAT(ReadFile(folder_ / "in/README.md"), HasSubstr("googleapis"));
}

TEST_F(ContractsTest, TheDescriptorsHaveTheirCommentsAndStandAlone) {
  google::protobuf::FileDescriptorSet set;
  ASSERT_TRUE(set.ParseFromString(ReadFile(folder_ / "in/contracts.binpb")));
  google::protobuf::DescriptorPool pool;
  for (const auto& file : set.file()) ASSERT_NE(pool.BuildFile(file), nullptr) << file.name();
  const auto* area = pool.FindMessageTypeByName("tsunagu.registry.v1.Area");
  ASSERT_NE(area, nullptr);
  google::protobuf::SourceLocation where;
  ASSERT_TRUE(area->GetSourceLocation(&where));
  EXPECT_FALSE(where.leading_comments.empty());
}

TEST_F(ContractsTest, ToStandardOutputTheSame) {
  Shell(absl::StrCat(Binary("tsunagu"), " contracts -o - > again.zip; cmp again.zip contracts.zip"));
}

}  // namespace
}  // namespace tsunagu::process
