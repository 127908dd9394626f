#ifndef TSUNAGU_COMMON_TEXT_CSV_H_
#define TSUNAGU_COMMON_TEXT_CSV_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "common/text/encoding.h"

namespace tsunagu::contract {

// One row of a file.
struct CsvRow {
  // The row number that a spreadsheet shows: the heading is 1, blank lines count, line ends inside quotes do not.
  int64_t line = 0;
  // In UTF-8, without quotes, otherwise unchanged. Empty when the row is too long or unreadable.
  std::vector<std::string> cells;
  // OK, or why the row is refused: ROW_TOO_LONG; UNREADABLE_CHARACTERS; QUOTE_NOT_CLOSED {row, column} for a quote that
  // is never closed, or for text after the closing quote.
  absl::Status fault;
};

// Reads CSV (RFC 4180) piece by piece in constant memory, wherever the pieces are cut: about 1 MiB for a row and 64 KiB
// until the encoding is known. Rows end with CRLF, LF or CR. Blank lines are skipped. A quote inside an unquoted cell
// is an ordinary character. TakeSeparator finds the separator. Byte order marks before the text, however many, and 0x1A
// after it are ignored. Not thread-safe.
//
// Encoding::kAuto: a byte order mark means UTF-8 or UTF-16; otherwise GuessEncoding decides by the first 64 KiB that
// are not all ASCII. No row of these 64 KiB is delivered before they are complete or the file ends. A row that is not
// well-formed in that encoding carries a fault; reading continues with the next row.
//
// A row over 1 MiB or 4,096 cells is ROW_TOO_LONG; reading continues after its next line end.
class CsvReader {
 public:
  using Each = std::function<absl::Status(CsvRow row)>;

  CsvReader(Encoding encoding, Each each) : encoding_(encoding), each_(std::move(each)) {}

  // Reads the next piece. The first error of `each` stops the reading and is returned by this and every later call.
  // Errors: NOT_CSV for a spreadsheet, PDF or other binary file, NUL bytes at the beginning, or no line end in the
  // first 1 MiB; OTHER_ENCODING; QUOTE_NOT_CLOSED in the first row, when nothing after it could be read.
  absl::Status Feed(absl::string_view bytes);
  // Delivers the remaining rows at the end of the file. The same errors.
  absl::Status Finish();

  // kAuto until a character outside ASCII was read; kUtf8 for UTF-16.
  Encoding encoding() const { return encoding_; }

 private:
  enum class State { kCellStart, kPlain, kQuoted, kQuoteInQuoted, kSkipping };

  absl::Status Begin();
  absl::Status BeginText(absl::string_view text);
  absl::Status Parse(absl::string_view bytes);
  absl::Status ParseText(absl::string_view bytes);
  absl::Status Take(char c);
  void TakeQuoted(absl::string_view& bytes);
  absl::Status EndRow();
  void EndCell();
  absl::Status Decode(CsvRow& row) const;
  absl::Status TooLong();
  absl::Status QuoteNotClosed() const;

  Encoding encoding_;
  const Each each_;
  std::string window_;  // what was read while the encoding is unknown
  bool began_ = false;
  absl::optional<Utf16Text> utf16_;
  char separator_ = ',';
  size_t ends_of_file_ = 0;  // 0x1A that were read and may end the file
  absl::Status stopped_;

  State state_ = State::kCellStart;
  bool after_cr_ = false;
  int64_t line_ = 1;
  size_t row_bytes_ = 0;
  std::string cell_;
  std::vector<std::string> cells_;
  absl::Status fault_;
};

// Returns the cells as one row of a file, with CRLF. Cells are quoted when they hold a comma, quote or line end, and
// when the row would otherwise be blank.
std::string CsvLine(absl::Span<const std::string> cells);

// Keeps a spreadsheet from running a cell as a formula: puts ' before a cell that starts with = + - @ ' tab or carriage
// return.
std::string MarkFormula(absl::string_view cell);
// Removes exactly one leading ', if there is one. UnmarkFormula(MarkFormula(x)) == x.
std::string UnmarkFormula(absl::string_view cell);

// Whether a cell holds U+FFFD: characters were lost before the file came here.
bool HasReplacementCharacter(absl::Span<const std::string> cells);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_CSV_H_
