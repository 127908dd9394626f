#ifndef TSUNAGU_TESTS_WIRE_TABLES_H_
#define TSUNAGU_TESTS_WIRE_TABLES_H_

#include <iconv.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/text/sheet/archive_test.h"
#include "gtest/gtest.h"

// Tables of text, and the files that hold them.
namespace tsunagu::wire {

using Table = std::vector<std::vector<std::string>>;

// As Excel writes it: only cells that need quotes have them.
inline std::string CsvOf(const Table& table, const std::string& separator = ",") {
  std::string file;
  for (const std::vector<std::string>& row : table) {
    for (size_t i = 0; i < row.size(); ++i) {
      const bool quoted = row[i].find_first_of(separator + "\"\r\n") != std::string::npos;
      const std::string cell = absl::StrReplaceAll(row[i], {{"\"", "\"\""}});
      absl::StrAppend(&file, i == 0 ? "" : separator, quoted ? "\"" : "", cell, quoted ? "\"" : "");
    }
    file += "\r\n";
  }
  return file;
}

// All cells are text.
inline std::string WorkbookOf(const Table& table) {
  std::string rows;
  for (const std::vector<std::string>& row : table) {
    rows += "<row>";
    for (const std::string& cell : row) {
      const std::string text =
          absl::StrReplaceAll(cell, {{"&", "&amp;"}, {"<", "&lt;"}, {"\r", "_x000D_"}, {"\xEF\xBB\xBF", "&#xFEFF;"}});
      absl::StrAppend(&rows, cell.empty() ? "<c/>" : "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">", text,
                      cell.empty() ? "" : "</t></is></c>");
    }
    rows += "</row>";
  }
  return sheet::testing::Book{rows}.Bytes();
}

inline std::string InEncoding(const char* encoding, const std::string& utf8) {
  const iconv_t converter = iconv_open(encoding, "UTF-8");
  EXPECT_NE(converter, reinterpret_cast<iconv_t>(-1)) << encoding;
  std::string from = utf8, to(utf8.size() * 4 + 16, '\0');
  char *in = from.data(), *out = to.data();
  size_t in_left = from.size(), out_left = to.size();
  EXPECT_NE(iconv(converter, &in, &in_left, &out, &out_left), static_cast<size_t>(-1)) << encoding;
  EXPECT_NE(iconv(converter, nullptr, nullptr, &out, &out_left), static_cast<size_t>(-1)) << encoding;
  iconv_close(converter);
  to.resize(to.size() - out_left);
  return to;
}

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_TABLES_H_
