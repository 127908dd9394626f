#include "services/suite/input.h"

#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/print_error.h"
#include "services/suite/suite_fixture.h"

namespace tsunagu::suite {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> Lines(Input& input, size_t most = 100) {
  std::vector<std::string> lines;
  while (const auto line = *input.ReadLine(most)) lines.push_back(*line);
  return lines;
}

struct Pipe {
  Pipe() {
    EXPECT_EQ(pipe(ends), 0);
    input = *Input::Open(absl::StrCat("/dev/fd/", ends[0]));
  }
  ~Pipe() {
    close(ends[0]);
    close(ends[1]);
  }
  int ends[2];
  std::unique_ptr<Input> input;
};

TEST(Input, LinesOfText) {
  EXPECT_THAT(Lines(*Input::Of("a\n\nb\r\nlast")), ElementsAre("a", "", "b\r", "last"));
  EXPECT_THAT(Lines(*Input::Of("a\n")), ElementsAre("a"));
  EXPECT_THAT(Lines(*Input::Of("")), ElementsAre());
}

TEST(Input, LongLinesComeInParts) {
  EXPECT_THAT(Lines(*Input::Of("abcdefgh\nij"), 2), ElementsAre("abc", "def", "gh", "ij"));
}

TEST(Input, LinesAcrossPieces) {
  Folder folder;
  std::string text;
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&text, "line ", i, "\n");
  const auto input = *Input::Open(folder.Write("long", text));
  EXPECT_EQ(input->size(), static_cast<int64_t>(text.size()));
  const std::vector<std::string> lines = Lines(*input);
  ASSERT_EQ(lines.size(), 100'000u);
  EXPECT_EQ(lines.back(), "line 99999");
}

TEST(Input, PiecesAndTheRest) {
  const auto input = Input::Of("abcdef");
  EXPECT_EQ(*input->Read(4), "abcd");
  EXPECT_EQ(*input->ReadAll(10), "ef");
  EXPECT_EQ(*Input::Of("abc")->Read(10), "abc");
  EXPECT_EQ(*Input::Of("")->Read(10), "");
}

TEST(Input, ALineIsGivenBeforeTheNextIsThere) {
  Pipe pipe;
  ASSERT_EQ(write(pipe.ends[1], "one\ntw", 6), 6);
  EXPECT_EQ(**pipe.input->ReadLine(100), "one");
}

TEST(Input, StopEndsAWait) {
  Pipe pipe;
  std::thread reader([&] { EXPECT_EQ(*pipe.input->Read(10), ""); });
  pipe.input->Stop();
  reader.join();
  EXPECT_FALSE(pipe.input->ReadLine(10)->has_value());
}

TEST(Input, WhatCannotBeRead) {
  Folder folder;
  const std::string missing = (folder.path / "missing").string();
  EXPECT_THAT(ErrorJson(Input::Open(missing).status(), Language::kJapanese),
              HasSubstr("そのようなファイルはありません"));
  EXPECT_THAT(ErrorJson(Input::Open(folder.path.string()).status(), Language::kEnglish), HasSubstr("Is a directory"));
}

}  // namespace
}  // namespace tsunagu::suite
