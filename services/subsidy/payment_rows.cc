#include "services/subsidy/payment_rows.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/cp932.h"

namespace tsunagu::subsidy {
namespace {

using contract::CsvRow;
using v1::PaymentLayout;

constexpr size_t kCountDigits = 6, kYenDigits = 15;  // as in the file that is sent

absl::StatusOr<std::string> Decoded(const PaymentLayout::Form& form, absl::string_view bytes) {
  if (form.encoding() == PaymentLayout::ENCODING_CP932) return jp::FromCp932(bytes);
  if (!jp::IsUtf8(bytes)) return Fail("UNREADABLE_CHARACTERS"_reason);
  return std::string(bytes);
}

// Returns the cells of the line of totals; empty for any other line. A key that begins with the same letters is not
// that line, since only digits follow them there.
std::vector<std::string> TotalsIn(const PaymentLayout::Form& form, absl::string_view line) {
  const std::string begin =
      form.encoding() == PaymentLayout::ENCODING_CP932 ? jp::ToCp932(form.trailer()).bytes : form.trailer();
  if (begin.empty() || !absl::ConsumePrefix(&line, begin)) return {};
  line = absl::StripTrailingAsciiWhitespace(line);
  const bool are_digits = std::all_of(line.begin(), line.end(), absl::ascii_isdigit);
  if (line.size() != kCountDigits + kYenDigits || !are_digits) return {};
  return {form.trailer(), std::string(line.substr(0, kCountDigits)), std::string(line.substr(kCountDigits))};
}

CsvRow RowOf(const PaymentLayout::Form& form, int64_t number, absl::string_view line) {
  CsvRow row;
  row.line = number;
  row.cells = TotalsIn(form, line);
  if (!row.cells.empty()) return row;
  size_t width = 0;
  for (const auto& column : form.result().columns()) width += static_cast<size_t>(column.width());
  if (line.size() != width) {
    row.fault = FailAt(
        "data", "RESULT_LINE_WIDTH"_reason,
        {{"line", absl::StrCat(number)}, {"found", absl::StrCat(line.size())}, {"expected", absl::StrCat(width)}});
    return row;
  }
  for (const auto& column : form.result().columns()) {
    auto cell = Decoded(form, line.substr(0, static_cast<size_t>(column.width())));
    line.remove_prefix(static_cast<size_t>(column.width()));
    if (!cell.ok()) row.fault = cell.status();
    if (!cell.ok()) break;
    row.cells.push_back(*std::move(cell));
  }
  return row;
}

}  // namespace

absl::Status ReadResultRows(const PaymentLayout::Form& form, absl::string_view bytes,
                            absl::FunctionRef<absl::Status(CsvRow)> take) {
  if (form.result().columns().empty()) {
    contract::CsvReader csv(contract::Encoding::kAuto, [&](CsvRow row) { return take(std::move(row)); });
    RETURN_IF_ERROR(csv.Feed(bytes));
    return csv.Finish();
  }
  CsvRow heading;
  for (const auto& column : form.result().columns()) heading.cells.push_back(column.heading());
  RETURN_IF_ERROR(take(std::move(heading)));
  int64_t number = 0;
  for (absl::string_view line : absl::StrSplit(bytes, '\n')) {
    ++number;
    absl::ConsumeSuffix(&line, "\r");
    if (absl::StripAsciiWhitespace(line).empty() || line == "\x1A") continue;  // the end of a file, for some systems
    RETURN_IF_ERROR(take(RowOf(form, number, line)));
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::subsidy
