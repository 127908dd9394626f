// Checks that rows are streamed and do not accumulate in memory.
#include <cstdint>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/text/sheet/reader.h"
#include "common/text/sheet/spool.h"
#include "common/text/sheet/writer.h"
#include "gtest/gtest.h"

namespace tsunagu::sheet {
namespace {

// The peak memory of this process since the last reset, in kilobytes.
int64_t PeakMemory() {
  std::ifstream status("/proc/self/status");
  int64_t kilobytes = 0;
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") status >> kilobytes;
  }
  return kilobytes;
}

// Sanitizers keep freed memory, so the measurement would not be about this code.
#if defined(__SANITIZE_ADDRESS__) || defined(_GLIBCXX_TSAN)
constexpr bool kMemoryCounts = false;
#else
constexpr bool kMemoryCounts = true;
#endif

TEST(Workbook, ReadsAndWritesAHundredThousandRowsInConstantMemory) {
  constexpr int kRows = 100'000;
  std::ofstream("/proc/self/clear_refs") << "5";  // resets the peak
  const int64_t before = PeakMemory();
  auto spool = Spool::Create(0);
  ASSERT_TRUE(spool.ok()) << spool.status();
  const Layout layout{"名簿",
                      {{"番号", ColumnKind::kInteger}, {"団体コード"}, {"氏名"}, {"生年月日", ColumnKind::kDate}}};
  auto writer = Writer::Create(layout, spool->path());
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (int i = 0; i < kRows; ++i) {
    ASSERT_TRUE((*writer)->Add({absl::StrCat(i), "011002", absl::StrCat("髙橋 ", i), "2024-04-01"}).ok());
  }
  ASSERT_TRUE((*writer)->Finish().ok());
  const int64_t written = PeakMemory();
  EXPECT_LT(written - before, kMemoryCounts ? 20 * 1024 : INT64_MAX);
  auto book = Workbook::Open(*spool);
  ASSERT_TRUE(book.ok()) << book.status();
  auto sheet = (*book)->Sheet("名簿");
  ASSERT_TRUE(sheet.ok()) << sheet.status();
  int rows = 0;
  for (auto row = (*sheet)->Next(); row.ok() && *row != nullptr; row = (*sheet)->Next()) {
    ASSERT_EQ((*row)->cells[0].text, rows == 0 ? "番号" : absl::StrCat(rows - 1));
    ++rows;
  }
  EXPECT_EQ(rows, kRows + 1);
  EXPECT_LT(PeakMemory() - written, kMemoryCounts ? 10 * 1024 : INT64_MAX);
  RecordProperty("writing_kilobytes", absl::StrCat(written - before));
  RecordProperty("reading_kilobytes", absl::StrCat(PeakMemory() - written));
}

}  // namespace
}  // namespace tsunagu::sheet
