#include "common/base/file.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string name = (std::filesystem::temp_directory_path() / "tsunagu-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~FileTest() override { std::filesystem::remove_all(path_); }

  std::filesystem::path path_;
};

TEST_F(FileTest, IsReadToItsEnd) {
  for (const size_t size : {0, 1, 65'536, 200'000}) {
    const std::string text(size, 'x');
    std::ofstream(path_ / "file", std::ios::binary) << text;
    const auto read = ReadWholeFile(path_ / "file");
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, text) << size;
  }
}

TEST_F(FileTest, WhatIsNoFileIsSaid) {
  const absl::Status missing = ReadWholeFile(path_ / "nothing").status();
  EXPECT_TRUE(absl::IsNotFound(missing));
  EXPECT_THAT(std::string(missing.message()), AllOf(HasSubstr("nothing"), HasSubstr("FILE_NOT_READABLE")));
  const absl::Status folder = ReadWholeFile(path_).status();
  EXPECT_EQ(folder.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(folder.message()), AllOf(HasSubstr("フォルダーです"), HasSubstr("FILE_NOT_READABLE")));
}

}  // namespace
}  // namespace tsunagu
