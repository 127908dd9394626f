#include "services/subsidy/payment_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/jp/cp932.h"
#include "common/text/csv.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::subsidy {
namespace {

using v1::PaymentLayout;
using v1::PaymentRequest;

constexpr char kLineEnd[] = "\r\n";

template <typename Enum>
std::string JapaneseOf(Enum value) {
  const auto* found = google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(value);
  return found->options().GetExtension(tsunagu::ja);
}

std::string DayText(jp::CivilDay day, PaymentLayout::DateForm form) {
  switch (form) {
    case PaymentLayout::DATE_FORM_DIGITS:
      return absl::StrReplaceAll(jp::FormatIso(day), {{"-", ""}});
    case PaymentLayout::DATE_FORM_SLASHES:
      return absl::StrReplaceAll(jp::FormatIso(day), {{"-", "/"}});
    case PaymentLayout::DATE_FORM_WAREKI:
      return jp::FormatWareki(day);
    default:
      return jp::FormatIso(day);
  }
}

std::string ValueOf(const PaymentLayout::Column& column, const v1::PaymentBatch& batch, const PaymentRequest& request) {
  switch (column.source()) {
    case PaymentLayout::SOURCE_KEY:
      return request.key();
    case PaymentLayout::SOURCE_NUMBER:
      return absl::StrCat(request.number());
    case PaymentLayout::SOURCE_BATCH:
      return batch.document_number();
    case PaymentLayout::SOURCE_REQUEST_DATE:
      return DayText(jp::DayOf(batch.request_date()), column.date_form());
    case PaymentLayout::SOURCE_PAYEE_CODE:
      return request.payee_code();
    case PaymentLayout::SOURCE_PAYEE_NAME:
      return request.payee_name();
    case PaymentLayout::SOURCE_KIND:
      return JapaneseOf(request.kind());
    case PaymentLayout::SOURCE_YEN:
      return absl::StrCat(request.yen());
    case PaymentLayout::SOURCE_BUDGET_CODE:
      return request.budget_code();
    case PaymentLayout::SOURCE_FISCAL_YEAR:
      return absl::StrCat(request.fiscal_year());
    case PaymentLayout::SOURCE_PROGRAMME:
      return request.programme_name();
    case PaymentLayout::SOURCE_DECISION_NUMBER:
      return request.decision_number();
    case PaymentLayout::SOURCE_TEXT:
      return column.text();
    default:
      return "";
  }
}

// Text in the encoding of one file.
class Encoder {
 public:
  explicit Encoder(PaymentLayout::Encoding encoding) : encoding_(encoding) {}

  std::string Encode(const std::string& text) {
    if (encoding_ != PaymentLayout::ENCODING_CP932) return text;
    jp::Encoded encoded = jp::ToCp932(text);
    for (std::string& one : encoded.missing) {
      if (std::find(missing_.begin(), missing_.end(), one) == missing_.end()) missing_.push_back(std::move(one));
    }
    return std::move(encoded.bytes);
  }
  std::vector<std::string> TakeMissing() { return std::move(missing_); }

 private:
  const PaymentLayout::Encoding encoding_;
  std::vector<std::string> missing_;
};

// Returns the bytes of a cell, padded to its width.
std::string Filled(const std::string& text, const PaymentLayout::Column& column, Encoder& encoder, Faults& faults) {
  std::string bytes = encoder.Encode(text);
  const auto width = static_cast<size_t>(column.width());
  if (width == 0) return bytes;
  if (bytes.size() > width) {
    faults.Add("layout", "COLUMN_TOO_NARROW"_reason,
               {{"heading", column.heading().empty() ? JapaneseOf(column.source()) : column.heading()},
                {"text", text},
                {"width", absl::StrCat(width)}});
    return bytes;
  }
  const std::string rest(width - bytes.size(), column.padding() == PaymentLayout::PADDING_ZEROS ? '0' : ' ');
  return column.padding() == PaymentLayout::PADDING_UNSPECIFIED ? bytes + rest : rest + bytes;
}

// The cells are already encoded: in CP932 no byte of a multibyte character is a comma, a quote or a line end.
std::string Line(const std::vector<std::string>& cells, const PaymentLayout::Form& form) {
  if (form.shape() == PaymentLayout::SHAPE_CSV) return contract::CsvLine(cells);
  std::string line;
  for (const std::string& cell : cells) line += cell;
  return line + kLineEnd;
}

std::string Trailer(const PaymentLayout::Form& form, size_t count, int64_t yen, Encoder& encoder) {
  const std::string text = encoder.Encode(form.trailer());
  if (form.shape() == PaymentLayout::SHAPE_CSV) {
    return contract::CsvLine(std::vector<std::string>{text, absl::StrCat(count), absl::StrCat(yen)});
  }
  std::string line = absl::StrCat(text, absl::StrFormat("%06d%015d", count, yen));
  size_t width = 0;
  for (const auto& column : form.columns()) width += static_cast<size_t>(column.width());
  line.resize(std::max(line.size(), width), ' ');
  return line + kLineEnd;
}

}  // namespace

void CheckPaymentForm(const PaymentLayout::Form& form, Faults& faults) {
  for (const auto needed : {PaymentLayout::SOURCE_KEY, PaymentLayout::SOURCE_YEN}) {
    const bool there = std::any_of(form.columns().begin(), form.columns().end(),
                                   [&](const auto& column) { return column.source() == needed; });
    if (there) continue;
    faults.Add("form.columns", "LAYOUT_INCOMPLETE"_reason,
               {{"source", PaymentLayout::Source_Name(needed)}, {"source_ja", JapaneseOf(needed)}});
  }
  for (int i = 0; form.shape() == PaymentLayout::SHAPE_FIXED && i < form.columns_size(); ++i) {
    if (form.columns(i).width() == 0) faults.Add(absl::StrCat("form.columns[", i, "].width"), "WIDTH_MISSING"_reason);
  }
  const auto& result = form.result();
  for (const std::string* heading :
       {&result.key(), &result.day(), &result.voucher(), &result.yen(), &result.refusal()}) {
    const bool there = std::any_of(result.columns().begin(), result.columns().end(),
                                   [&](const auto& column) { return column.heading() == *heading; });
    if (there || heading->empty() || result.columns().empty()) continue;
    faults.Add("form.result.columns", "LAYOUT_INCOMPLETE"_reason, {{"source", *heading}, {"source_ja", *heading}});
  }
}

absl::StatusOr<PaymentFile> WritePaymentFile(const v1::PaymentBatch& batch, absl::Span<const PaymentRequest> requests) {
  const PaymentLayout::Form& form = batch.form();
  Encoder encoder(form.encoding());
  Faults faults;
  PaymentFile file;
  if (form.has_heading()) {
    std::vector<std::string> cells;
    for (const auto& column : form.columns()) cells.push_back(Filled(column.heading(), column, encoder, faults));
    file.bytes += Line(cells, form);
  }
  int64_t total = 0;
  for (const PaymentRequest& request : requests) {
    std::vector<std::string> cells;
    for (const auto& column : form.columns()) {
      cells.push_back(Filled(ValueOf(column, batch, request), column, encoder, faults));
    }
    file.bytes += Line(cells, form);
    total += request.yen();
  }
  RETURN_IF_ERROR(faults.ToStatus());
  if (!form.trailer().empty()) file.bytes += Trailer(form, requests.size(), total, encoder);
  file.replaced = encoder.TakeMissing();
  return file;
}

}  // namespace tsunagu::subsidy
