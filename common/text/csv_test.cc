#include "common/text/csv.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/jp/cp932.h"
#include "gtest/gtest.h"

namespace tsunagu::contract {
namespace {

std::string Repeat(size_t count, const std::string& text) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

// "line[cell|cell]" for every row, "line!REASON[…]" for a fault, and the error of the file at the end.
std::string Read(const std::string& file, size_t piece, Encoding encoding = Encoding::kAuto) {
  std::string shown;
  CsvReader reader(encoding, [&](CsvRow row) {
    const std::string fault = row.fault.ok() ? "" : "!" + ReasonWord(FaultOf(row.fault));
    absl::StrAppend(&shown, row.line, fault, "[", absl::StrJoin(row.cells, "|"), "]");
    return absl::OkStatus();
  });
  absl::Status status;
  for (size_t at = 0; at < file.size() && status.ok(); at += piece) status = reader.Feed(file.substr(at, piece));
  if (status.ok()) status = reader.Finish();
  if (!status.ok()) absl::StrAppend(&shown, ReasonWord(FaultOf(status)));
  return shown;
}

std::string Cp932(const std::string& utf8) { return jp::ToCp932(utf8).bytes; }

struct File {
  const char* name;
  std::string bytes;
  std::string rows;
  Encoding encoding = Encoding::kAuto;
};

class CsvFile : public ::testing::TestWithParam<File> {};

TEST_P(CsvFile, ReadsTheSameHoweverItIsCut) {
  const File& file = GetParam();
  for (const size_t piece : {size_t{1}, size_t{2}, size_t{3}, size_t{7}, file.bytes.size() + 1}) {
    EXPECT_EQ(Read(file.bytes, piece, file.encoding), file.rows) << "in pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, CsvFile,
    ::testing::Values(
        File{"Empty", "", ""}, File{"OnlyByteOrderMark", "\xEF\xBB\xBF", ""},
        File{"LineFeeds", "a,b\nc,d\n", "1[a|b]2[c|d]"}, File{"NoEndAtTheEnd", "a,b\nc,d", "1[a|b]2[c|d]"},
        File{"Crlf", "a,b\r\nc,d\r\n", "1[a|b]2[c|d]"}, File{"CarriageReturns", "a,b\rc,d\r", "1[a|b]2[c|d]"},
        File{"EmptyCells", ",\n,,\n", "1[|]2[||]"}, File{"CommaAtTheEnd", "a,", "1[a|]"},
        File{"BlankLinesCount", "a\n\n\r\nb\n", "1[a]4[b]"}, File{"QuotedBlank", "a\n\"\"\n", "1[a]2[]"},
        File{"Quotes", "\"a,b\",\"c\"\"d\"\n", "1[a,b|c\"d]"},
        File{"LineEndInQuotes", "\"a\nb\r\nc\",d\r\ne\n", "1[a\nb\r\nc|d]2[e]"},
        File{"QuoteInsideCell", "a\"b,c\n", "1[a\"b|c]"}, File{"SpaceIsKept", " a , b\n", "1[ a | b]"},
        File{"TextBehindQuote", "\"a\"b,c\nd,e\n", "1!QUOTE_NOT_CLOSED[ab|c]2[d|e]"},
        File{"QuoteNotClosed", "a\n\"b\nc", "1[a]2!QUOTE_NOT_CLOSED[b\nc]"},
        File{"Utf8", "名称,東京\n", "1[名称|東京]"}, File{"Utf8Mark", "\xEF\xBB\xBF名称\n", "1[名称]"},
        File{"Utf8MarkBeforeQuote", "\xEF\xBB\xBF\"a\"\n", "1[a]"},
        File{"Cp932", Cp932("名称,東京都\r\n表ソ能,①㈱髙\r\n"), "1[名称|東京都]2[表ソ能|①㈱髙]"},
        File{"Cp932Quoted", Cp932("\"表\",\"ポ\"\n"), "1[表|ポ]"},
        File{"Cp932Told", "\xC3\xBD\n", "1[ﾃｽ]", Encoding::kCp932},
        File{"Utf8Told", "\xC3\xBD\n", "1[ý]", Encoding::kUtf8},
        File{"Utf8OneBrokenRow", "名称,所在地\n東京\x93,都\n大阪,府\n",
             "1[名称|所在地]2!UNREADABLE_CHARACTERS[]3[大阪|府]"},
        File{"Cp932OneBrokenRow", Cp932("名称\n") + "\xFF\n" + Cp932("大阪\n東京\n"),
             "1[名称]2!UNREADABLE_CHARACTERS[]3[大阪]4[東京]"},
        File{"NotUtf8AsTold", Cp932("名称\n") + "a\n", "1!UNREADABLE_CHARACTERS[]2[a]", Encoding::kUtf8},
        File{"Zip", "PK\x03\x04more", "NOT_CSV"}, File{"Pdf", "%PDF-1.7\n", "NOT_CSV"},
        File{"OldExcel", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "NOT_CSV"},
        File{"Nul", std::string("a\0b\n", 4), "NOT_CSV"},
        File{"Utf16",
             std::string("\xFF\xFE"
                         "a\0\t\0\x71\x67\n\0",
                         10),
             "1[a|東]"},
        File{"Utf16BigEndian", std::string("\xFE\xFF\0a\0,\xD8\x42\xDF\xB7", 10), "1[a|𠮷]"},
        File{"Utf16HalfAPair",
             std::string("\xFF\xFE"
                         "a\0\n\0\x42\xD8\n\0b\0",
                         12),
             "1[a]2!UNREADABLE_CHARACTERS[]3[b]"},
        File{"Utf16Cut",
             std::string("\xFF\xFE"
                         "a\0\n\0b",
                         7),
             "1[a]2!UNREADABLE_CHARACTERS[]"},
        File{"Utf16Nul", std::string("\xFF\xFE\0\0", 4), "NOT_CSV"},
        File{"TwoMarks", "\xEF\xBB\xBF\xEF\xBB\xBF\"a\",b\n", "1[a|b]"},
        File{"Tabs", "a\tb;c\n1,2\t3\n", "1[a|b;c]2[1,2|3]"}, File{"Semicolons", "a;b\n1,2;3\n", "1[a|b]2[1,2|3]"},
        File{"TheFirstLineDecides", "a,b\n1;2;3,4\n", "1[a|b]2[1;2;3|4]"},
        File{"QuotedSeparatorsDoNotCount", "\"a,b,c\";d\n", "1[a,b,c|d]"},
        File{"SeparatorLine", "sep=;\r\na,b;c\r\n", "1[a,b|c]"}, File{"SeparatorLineOnly", "sep=;", ""},
        File{"SeparatorLineQuoted", "\"SEP=\t\"\na\tb\n", "1[a|b]"},
        File{"NoSeparatorLine", "sep=x\na,b\n", "1[sep=x]2[a|b]"}, File{"EndOfFile", "a,b\n\x1A", "1[a|b]"},
        File{"EndOfFileInTheRow", "a,\"b\"\x1A\x1A", "1[a|b]"}, File{"EndOfFileInTheMiddle", "a\x1A,b\n", "1[a\x1A|b]"},
        File{"EucJp", "\xCC\xBE\xBE\xCE,\xA4\xA2\n", "OTHER_ENCODING"},
        File{"HalfWidthKana", "\xC3\xBD\xC4,\xB1\xB2\n", "1[ﾃｽﾄ|ｱｲ]"},
        File{"Iso2022Jp", "a,\x1B$B\x4C\x3E\x1B(B\n", "OTHER_ENCODING"},
        File{"ShiftJis2004", Cp932("名称\n") + "\x87\x9F\n", "OTHER_ENCODING"},
        File{"ShiftJis2004AsTold", Cp932("名称\n") + "\x87\x9F\n", "1[名称]2!UNREADABLE_CHARACTERS[]",
             Encoding::kCp932}),
    [](const auto& row) { return row.param.name; });

TEST(CsvReader, DecidesTheEncodingWhereTextBegins) {
  // More than a window of ASCII, then CP932.
  const std::string file = Repeat(20'000, "a,b,c\n") + Cp932("東京都,表\n");
  const std::string rows = Read(file, 1000);
  EXPECT_EQ(rows.substr(rows.size() - 25), Read(file, file.size()).substr(rows.size() - 25));
  EXPECT_NE(rows.find("20001[東京都|表]"), std::string::npos);
}

TEST(CsvReader, WindowMayCutACharacter) {
  for (int shift = 0; shift < 4; ++shift) {
    const std::string file = std::string(shift, 'a') + Repeat(30'000, "東") + "\n京\n";
    EXPECT_NE(Read(file, 4096).find("2[京]"), std::string::npos) << shift;
  }
}

TEST(CsvReader, GoesOnBehindARowThatIsTooLong) {
  const std::string fits(1024 * 1024, 'x');
  const std::string much = fits + "x";
  EXPECT_EQ(Read("a\n" + much + "\nb\n", 10'000), "1[a]2!ROW_TOO_LONG[]3[b]");
  EXPECT_EQ(Read("a\n\"" + much + "\nb\n", 10'000), "1[a]2!QUOTE_NOT_CLOSED[]3[b]");
  EXPECT_EQ(Read("a\n" + much, 10'000), "1[a]2!ROW_TOO_LONG[]");
  EXPECT_EQ(Read("a\n" + std::string(4096, ',') + "\nb\n", 10'000), "1[a]2!ROW_TOO_LONG[]3[b]");
  EXPECT_TRUE(Read("a\n" + fits + "\nb\n", 100'000) == "1[a]2[" + fits + "]3[b]");
  EXPECT_TRUE(Read("a\n" + std::string(4095, ',') + "\nb\n", 10'000) == "1[a]2[" + std::string(4095, '|') + "]3[b]");
}

TEST(CsvReader, AQuoteThatIsNeverClosedNamesItsRow) {
  Fault fault;
  CsvReader reader(Encoding::kAuto, [&](CsvRow row) {
    if (!row.fault.ok()) fault = FaultOf(row.fault);
    return absl::OkStatus();
  });
  ASSERT_TRUE(reader.Feed("a,b\n1,2\n3,\"4\n" + Repeat(400'000, "5,6\n")).ok() && reader.Finish().ok());
  EXPECT_EQ(fault.reason(), "QUOTE_NOT_CLOSED");
  EXPECT_EQ(fault.args().at("row"), "3");
  EXPECT_EQ(fault.args().at("column"), "2");
}

TEST(CsvReader, HeadingWithoutEndIsNoCsv) { EXPECT_EQ(Read(std::string(1024 * 1024 + 1, 'x'), 10'000), "NOT_CSV"); }

TEST(CsvReader, LateNulSpoilsItsRowOnly) {
  const std::string file = Repeat(20'000, "a,b\n") + std::string("x\0y\n", 4) + "z\n";
  const std::string rows = Read(file, 5000);
  EXPECT_NE(rows.find("20001!UNREADABLE_CHARACTERS[]20002[z]"), std::string::npos);
}

TEST(CsvReader, StopsAtTheFirstErrorOfItsReceiver) {
  int rows = 0;
  CsvReader reader(Encoding::kUtf8, [&](CsvRow) { return ++rows == 2 ? Fail("CANCELLED"_reason) : absl::OkStatus(); });
  EXPECT_TRUE(reader.Feed("a\nb\nc\n").ok()) << "less than a window is not looked at yet";
  EXPECT_EQ(ReasonOf(reader.Finish()), "CANCELLED"_reason);
  EXPECT_EQ(ReasonOf(reader.Feed("d\n")), "CANCELLED"_reason);
  EXPECT_EQ(rows, 2);
}

TEST(CsvReader, TellsTheEncoding) {
  auto encoding = [](const std::string& file) {
    CsvReader reader(Encoding::kAuto, [](CsvRow) { return absl::OkStatus(); });
    EXPECT_TRUE(reader.Feed(file).ok() && reader.Finish().ok());
    return reader.encoding();
  };
  EXPECT_EQ(encoding("a\n"), Encoding::kAuto);
  EXPECT_EQ(encoding("あ\n"), Encoding::kUtf8);
  EXPECT_EQ(encoding(Cp932("あ\n")), Encoding::kCp932);
}

TEST(CsvLine, QuotesWhereNeeded) {
  EXPECT_EQ(CsvLine({"a", "", "b c"}), "a,,b c\r\n");
  EXPECT_EQ(CsvLine({"a,b", "c\"d", "e\nf", "\r"}), "\"a,b\",\"c\"\"d\",\"e\nf\",\"\r\"\r\n");
  EXPECT_EQ(CsvLine({""}), "\"\"\r\n");
  EXPECT_EQ(CsvLine({"", ""}), ",\r\n");
}

TEST(MarkFormula, MarksWhatASpreadsheetWouldRun) {
  for (const std::string cell : {"=1+1", "+1", "-1", "@a", "'a", "\ta", "\ra", "="}) {
    EXPECT_EQ(MarkFormula(cell), "'" + cell);
  }
  for (const std::string cell : {"", "a", " =1", "1-1", "東京", "a'"}) EXPECT_EQ(MarkFormula(cell), cell);
  EXPECT_EQ(UnmarkFormula("''a"), "'a");
  EXPECT_EQ(UnmarkFormula("a"), "a");
}

TEST(HasReplacementCharacter, LooksIntoEveryCell) {
  EXPECT_FALSE(HasReplacementCharacter({"a", "東"}));
  EXPECT_TRUE(HasReplacementCharacter({"a", "東\xEF\xBF\xBD"}));
}

TEST(Csv, WhatIsWrittenIsRead) {
  std::mt19937 random(3);
  const std::string pieces[] = {"a", ",", "\"", "\r", "\n", "'", "=", "-", "\t", " ", "表", "ソ", "髙", "\"\"", "0"};
  for (int round = 0; round < 400; ++round) {
    std::vector<std::vector<std::string>> rows;
    std::string file = "a,b\n";  // the heading, which determines the separator
    for (int i = 1 + random() % 8; i > 0; --i) {
      std::vector<std::string>& cells = rows.emplace_back();
      for (int j = 1 + random() % 5; j > 0; --j) {
        std::string& cell = cells.emplace_back();
        for (int k = random() % 6; k > 0; --k) cell += pieces[random() % std::size(pieces)];
      }
      std::vector<std::string> marked;
      for (const std::string& cell : cells) marked.push_back(MarkFormula(cell));
      file += CsvLine(marked);
    }
    const bool cp932 = random() % 2 == 0;
    if (cp932) file = Cp932(file);
    std::vector<std::vector<std::string>> read;
    CsvReader reader(cp932 ? Encoding::kCp932 : Encoding::kUtf8, [&](CsvRow row) {
      if (row.line == 1) return absl::OkStatus();
      EXPECT_TRUE(row.fault.ok());
      EXPECT_EQ(row.line, static_cast<int64_t>(read.size()) + 2);
      for (std::string& cell : row.cells) cell = UnmarkFormula(cell);
      read.push_back(std::move(row.cells));
      return absl::OkStatus();
    });
    const size_t piece = 1 + random() % 20;
    for (size_t at = 0; at < file.size(); at += piece) ASSERT_TRUE(reader.Feed(file.substr(at, piece)).ok());
    ASSERT_TRUE(reader.Finish().ok());
    ASSERT_EQ(read, rows) << file;
  }
}

}  // namespace
}  // namespace tsunagu::contract
