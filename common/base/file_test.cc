#include "common/base/file.h"

#include <stdlib.h>
#include <sys/stat.h>

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

TEST_F(FileTest, APartBelongsToItsWriterAloneUnlessItIsToBeLikeAnother) {
  const std::string path = path_ / "file", part = path + ".part";
  struct stat written {};
  EXPECT_EQ(WritePart(path, "once\n"), "");
  ASSERT_EQ(stat(part.c_str(), &written), 0);
  EXPECT_EQ(written.st_mode & 07777, 0600u);
  struct stat like = written;
  like.st_mode = S_IFREG | 0640;
  EXPECT_EQ(WritePart(path, "twice\n", &like), "");
  ASSERT_EQ(stat(part.c_str(), &written), 0);
  EXPECT_EQ(written.st_mode & 07777, 0640u);
  EXPECT_EQ(*ReadWholeFile(part), "twice\n");
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(SyncPath(part) && SyncPath(path_) && SyncFolderOf(path));
}

TEST_F(FileTest, APartThatCannotBeMadeIsNamed) {
  const std::string path = path_ / "nothing" / "file";
  EXPECT_EQ(WritePart(path, "text"), path + ".part");
  EXPECT_EQ(errno, ENOENT);
  EXPECT_FALSE(SyncFolderOf(path));
  EXPECT_EQ(errno, ENOENT);
}

}  // namespace
}  // namespace tsunagu
