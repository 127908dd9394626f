#include <utility>

#include "absl/strings/str_join.h"
#include "common/jp/cp932.h"
#include "common/text/csv.h"
#include "common/text/row_sink.h"

namespace tsunagu {
namespace {

constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

class CsvSink : public RowSink {
 public:
  explicit CsvSink(CsvText text) : text_(text), ready_(text == CsvText::kUtf8WithMark ? kByteOrderMark : "") {}

  absl::StatusOr<absl::optional<Fault>> Add(std::vector<std::string> cells) override {
    for (std::string& cell : cells) cell = contract::MarkFormula(cell);
    const std::string line = contract::CsvLine(cells);
    if (text_ != CsvText::kCp932) {
      ready_ += line;
      return absl::optional<Fault>();
    }
    const jp::Encoded encoded = jp::ToCp932(line);
    ready_ += encoded.bytes;
    if (encoded.missing.empty()) return absl::optional<Fault>();
    return absl::make_optional(
        MakeFault("", "CANNOT_ENCODE"_reason, {{"characters", absl::StrJoin(encoded.missing, " ")}}));
  }

  absl::Status Finish() override { return absl::OkStatus(); }

  absl::StatusOr<std::string> Take() override { return std::exchange(ready_, ""); }

 private:
  const CsvText text_;
  std::string ready_;
};

}  // namespace

std::unique_ptr<RowSink> CsvFile(CsvText text) { return std::make_unique<CsvSink>(text); }

}  // namespace tsunagu
