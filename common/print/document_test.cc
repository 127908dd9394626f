#include "common/print/document.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::print {
namespace {

using testing::HasSubstr;

std::string OutputOf(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  char bytes[4096];
  for (size_t size; (size = std::fread(bytes, 1, sizeof bytes, pipe)) > 0;) output.append(bytes, size);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return output;
}

std::string FileWith(const std::string& bytes) {
  const std::string path = absl::StrCat(testing::TempDir(), "/page.pdf");
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

// Makes a page with each of `lines` in a separate box, and possibly a code.
std::string Page(const std::vector<std::string>& lines, const absl::optional<QrCode>& code = absl::nullopt) {
  auto document = Document::Begin("見本", jp::CivilDay(2050, 4, 3));
  EXPECT_TRUE(document.ok()) << document.status();
  double top = 20;
  for (const std::string& line : lines) {
    EXPECT_TRUE((*document)->Text({20, top, 170, 20}, {24, Align::kCentre, false, true}, line).ok());
    top += 20;
  }
  if (code) (*document)->Code(20, 200, 75, *code);
  (*document)->EndPage();
  EXPECT_TRUE((*document)->Finish().ok());
  return (*document)->Take();
}

TEST(DocumentTest, TextIsText) {
  const std::string read = OutputOf("pdftotext " + FileWith(Page({"𠮷田 髙子", "﨑山 はなこ", "ﾊﾅｺ・ハナコ"})) + " -");
  EXPECT_THAT(read, HasSubstr("𠮷田 髙子"));
  EXPECT_THAT(read, HasSubstr("﨑山 はなこ"));
  EXPECT_THAT(read, HasSubstr("ﾊﾅｺ・ハナコ"));
}

TEST(DocumentTest, TheSameCallsMakeTheSameBytes) {
  const auto code = QrCode::Of(std::string(1800, 'a'));
  EXPECT_EQ(Page({"見本 花子"}, code), Page({"見本 花子"}, code));
  EXPECT_THAT(OutputOf("pdfinfo " + FileWith(Page({"見本"}))), HasSubstr("Page size:       595.276 x 841.89 pts (A4)"));
  EXPECT_THAT(OutputOf("pdfinfo -isodates " + FileWith(Page({"見本"}))), HasSubstr("2050-04-0"));
}

TEST(DocumentTest, WhatIsTooLongBecomesSmaller) {
  const auto document = Document::Begin("見本", jp::CivilDay(2050, 4, 3));
  std::string name;
  for (int i = 0; i < 40; ++i) name += "髙";
  const auto height = (*document)->Text({20, 20, 170, 20}, {24, Align::kCentre, false, true}, name);
  ASSERT_TRUE(height.ok());
  EXPECT_LT(*height, *(*document)->Text({20, 60, 170, 20}, {24, Align::kCentre, false, true}, "髙"));
}

// No font has U+10FFFD.
TEST(DocumentTest, NoBoxInPlaceOfACharacter) {
  const auto document = Document::Begin("見本", jp::CivilDay(2050, 4, 3));
  EXPECT_EQ(ReasonWord(FaultOf((*document)->Text({20, 20, 170, 20}, {}, "\xF4\x8F\xBF\xBD").status())),
            "CHARACTER_NOT_PRINTABLE");
}

// In a separate process, because a process looks for fonts only once.
TEST(DocumentDeathTest, WithoutAFontNothingIsPrinted) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto begin_without_fonts = [] {
    const std::string config = testing::TempDir() + "/no-fonts.conf";
    std::ofstream(config) << "<fontconfig></fontconfig>";
    setenv("FONTCONFIG_FILE", config.c_str(), 1);
    const auto document = Document::Begin("見本", jp::CivilDay(2050, 4, 3));
    std::fprintf(stderr, "%s\n",
                 document.ok() ? "printed" : Text(FaultOf(document.status()), Language::kEnglish).c_str());
    std::_Exit(document.ok() ? 0 : 3);
  };
  EXPECT_EXIT(begin_without_fonts(), testing::ExitedWithCode(3), "fonts-noto-cjk");
}

TEST(QrCodeTest, SaysWhatItWasMadeOf) {
  for (const size_t size : {1u, 1700u, 2400u, 2953u}) {
    const std::string text(size, 'k');
    const auto code = QrCode::Of(text);
    ASSERT_TRUE(code.has_value()) << size;
    const std::string file = FileWith(Page({}, code));
    const std::string image = testing::TempDir() + "/page";
    OutputOf(absl::StrCat("pdftoppm -r 300 -png -singlefile ", file, " ", image));
    EXPECT_EQ(OutputOf(absl::StrCat("zbarimg -q --raw ", image, ".png 2>/dev/null")), text + "\n");
  }
  EXPECT_FALSE(QrCode::Of(std::string(2954, 'k')).has_value());
}

}  // namespace
}  // namespace tsunagu::print
