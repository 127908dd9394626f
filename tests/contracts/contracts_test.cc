#include "tests/contracts/contracts.h"

#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::contracts {
namespace {

std::vector<Check> AllChecks() {
  std::vector<Check> all;
  for (const auto* some : {&MethodChecks(), &RecordChecks(), &ReasonChecks()}) {
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

class ContractsTest : public testing::TestWithParam<Check> {};

TEST_P(ContractsTest, Holds) {
  Findings findings;
  GetParam().run(OurContracts(), findings);
  EXPECT_THAT(findings.all(), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(All, ContractsTest, testing::ValuesIn(AllChecks()),
                         [](const testing::TestParamInfo<Check>& info) { return info.param.name; });

// A contract that is not linked would pass every check.
TEST(ContractsTest, SeesEveryContractOfTheTree) {
  std::vector<std::string> on_disk, linked;
  const std::filesystem::path root = TSUNAGU_SOURCE_DIR "/protos";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".proto") on_disk.push_back(std::filesystem::relative(entry.path(), root));
  }
  for (const auto* file : OurContracts()) linked.push_back(file->name());
  EXPECT_THAT(linked, testing::UnorderedElementsAreArray(on_disk));
  EXPECT_THAT(linked, testing::Contains("tsunagu/registry/v1/area.proto"));
}

}  // namespace
}  // namespace tsunagu::contracts
