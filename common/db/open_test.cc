#include "common/db/open.h"

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/entropy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

class OpenTest : public testing::Test {
 protected:
  OpenTest() { std::filesystem::create_directories(folder_); }
  ~OpenTest() override { std::filesystem::remove_all(folder_); }
  // The name of the folder looks like an option.
  const std::string folder_ = absl::StrCat(testing::TempDir(), "/what?", Base32(Entropy::System().Bytes(10)));
};

TEST_F(OpenTest, FileWithAndWithoutOption) {
  EXPECT_TRUE(Open(folder_ + "/a.db").ok());
  EXPECT_TRUE(Open(folder_ + "/b.db?max_batch=1").ok());
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/b.db"));
}

TEST_F(OpenTest, RefusesWhatItDoesNotKnow) {
  for (const char* option : {"?max_batch=0", "?max_batch=", "?max_batch=one", "?batch=1", "?"}) {
    EXPECT_EQ(Open(folder_ + "/c.db" + option).status().code(), absl::StatusCode::kInvalidArgument) << option;
  }
  EXPECT_EQ(Open("postgres://host/a").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Open("").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tsunagu::store
