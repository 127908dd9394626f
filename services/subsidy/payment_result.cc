#include "services/subsidy/payment_result.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/cell_values.h"
#include "common/text/csv.h"
#include "common/text/heading.h"
#include "services/subsidy/payment_rows.h"

namespace tsunagu::subsidy {
namespace {

constexpr size_t kMostNamed = 10;

std::string At(int64_t line, absl::string_view what = "") {
  return absl::StrCat("line[", line, "]", what.empty() ? "" : ".", what);
}

class Reader {
 public:
  Reader(const v1::PaymentLayout::Form& form, absl::Span<const v1::PaymentRequest> requests)
      : form_(form), requests_(requests) {
    for (size_t i = 0; i < requests.size(); ++i) places_[requests[i].key()] = i;
  }

  absl::Status Take(contract::CsvRow row) {
    RETURN_IF_ERROR(row.fault);
    for (std::string& cell : row.cells) cell = TrimmedCell(cell);
    if (columns_.empty()) return TakeHeading(row);
    row.cells.resize(std::max(row.cells.size(), size_t{3}));
    if (!form_.trailer().empty() && row.cells[0] == form_.trailer()) {
      TakeTrailer(row);
    } else {
      TakeRow(row);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<PaymentResult>> Finish(const StatedTotals& stated) {
    if (columns_.empty()) return MissingColumn(form_.result().key());
    if (stated.count != 0) CheckCount("stated_count", "送付票", "the sheet", stated.count);
    if (stated.yen != 0) CheckSum("stated_yen", "送付票", "the sheet", stated.yen);
    CheckCount("data", "請求", "the batch", static_cast<int64_t>(requests_.size()));
    RETURN_IF_ERROR(faults_.ToStatus());
    return std::move(results_);
  }

 private:
  static absl::Status MissingColumn(const std::string& heading) {
    return FailAt("data", "RESULT_COLUMN_MISSING"_reason, {{"heading", heading}});
  }

  absl::Status TakeHeading(const contract::CsvRow& row) {
    std::map<std::string, size_t> places;
    for (size_t i = 0; i < row.cells.size(); ++i) places.emplace(FoldedHeading(row.cells[i]), i);
    const auto& result = form_.result();
    for (const std::string* heading :
         {&result.key(), &result.day(), &result.voucher(), &result.yen(), &result.refusal()}) {
      const auto place = places.find(FoldedHeading(*heading));
      if (heading->empty()) {
        columns_.push_back(row.cells.size());  // no such column
      } else if (place != places.end()) {
        columns_.push_back(place->second);
      } else {
        columns_.clear();
        return MissingColumn(*heading);
      }
    }
    return absl::OkStatus();
  }

  enum Column { kKey, kDate, kVoucher, kYen, kRefusal };
  std::string Cell(const contract::CsvRow& row, Column column) const {
    const size_t place = columns_[column];
    return place < row.cells.size() ? row.cells[place] : "";
  }

  void TakeRow(const contract::CsvRow& row) {
    ++rows_;
    const std::string line = absl::StrCat(row.line), key = Cell(row, kKey);
    const auto yen = ReadWholeNumber(Cell(row, kYen));
    if (yen.ok()) {
      sum_ += *yen;
    } else {
      faults_.Add(At(row.line, "yen"), yen.status());
    }
    const auto place = places_.find(key);
    if (place == places_.end())
      return faults_.Add(At(row.line), "RESULT_KEY_UNKNOWN"_reason, {{"line", line}, {"key", key}});
    const auto [first, is_new] = lines_.emplace(key, row.line);
    if (!is_new) {
      return faults_.Add(At(row.line), "RESULT_KEY_REPEATED"_reason,
                         {{"line", line}, {"key", key}, {"first", absl::StrCat(first->second)}});
    }
    const int64_t expected = requests_[place->second].yen();
    if (yen.ok() && *yen != expected) {
      faults_.Add(At(row.line), "RESULT_YEN_DIFFERS"_reason,
                  {{"line", line},
                   {"key", key},
                   {"yen", absl::StrCat(*yen)},
                   {"expected", absl::StrCat(expected)},
                   {"difference", absl::StrCat(*yen - expected)}});
    }
    PaymentResult& result = results_.emplace_back();
    result.line = row.line;
    result.request = place->second;
    result.refusal = Cell(row, kRefusal);
    if (!result.refusal.empty()) return;
    result.voucher = Cell(row, kVoucher);
    if (result.voucher.empty()) faults_.Add(At(row.line, "voucher"), "FIELD_REQUIRED"_reason);
    Reason warning;
    const auto day = ReadDay(Cell(row, kDate), warning);
    if (day.ok()) {
      result.paid = *day;
    } else {
      faults_.Add(At(row.line, "payment_date"), day.status());
    }
  }

  void TakeTrailer(const contract::CsvRow& row) {
    const std::string ja = absl::StrCat(row.line, "行目"), en = absl::StrCat("line ", row.line);
    const auto count = ReadWholeNumber(row.cells[1]), yen = ReadWholeNumber(row.cells[2]);
    faults_.Add(At(row.line, "count"), count.status());
    faults_.Add(At(row.line, "yen"), yen.status());
    if (count.ok()) CheckCount(At(row.line), ja, en, *count);
    if (yen.ok()) CheckSum(At(row.line), ja, en, *yen);
  }

  void CheckCount(const std::string& field, const std::string& ja, const std::string& en, int64_t expected) {
    if (rows_ == expected) return;
    std::vector<std::string> missing;
    for (const v1::PaymentRequest& request : requests_) {
      if (lines_.count(request.key()) != 0) continue;
      missing.push_back(missing.size() < kMostNamed ? request.key() : "…");
      if (missing.size() > kMostNamed) break;
    }
    faults_.Add(field, "RESULT_COUNT_DIFFERS"_reason,
                {{"where", en},
                 {"where_ja", ja},
                 {"expected", absl::StrCat(expected)},
                 {"found", absl::StrCat(rows_)},
                 {"difference", absl::StrCat(rows_ - expected)},
                 {"missing", missing.empty() ? "-" : absl::StrJoin(missing, ", ")}});
  }
  // The difference is the stated total minus the rows (M23: 80,343 + 4,732, stated 85,029: -46).
  void CheckSum(const std::string& field, const std::string& ja, const std::string& en, int64_t stated) {
    if (sum_ == stated) return;
    faults_.Add(field, "RESULT_SUM_DIFFERS"_reason,
                {{"where", en},
                 {"where_ja", ja},
                 {"stated", absl::StrCat(stated)},
                 {"sum", absl::StrCat(sum_)},
                 {"difference", absl::StrCat(stated - sum_)}});
  }

  const v1::PaymentLayout::Form& form_;
  const absl::Span<const v1::PaymentRequest> requests_;
  std::map<std::string, size_t> places_;  // index of the request, by key
  std::map<std::string, int64_t> lines_;  // line in the file, by key
  std::vector<size_t> columns_;           // index in a row, by Column
  std::vector<PaymentResult> results_;
  int64_t rows_ = 0, sum_ = 0;
  Faults faults_;
};

}  // namespace

absl::StatusOr<std::vector<PaymentResult>> ReadPaymentResult(const v1::PaymentLayout::Form& form,
                                                             absl::string_view bytes, const StatedTotals& stated,
                                                             absl::Span<const v1::PaymentRequest> requests) {
  Reader reader(form, requests);
  RETURN_IF_ERROR(ReadResultRows(form, bytes, [&](contract::CsvRow row) { return reader.Take(std::move(row)); }));
  return reader.Finish(stated);
}

}  // namespace tsunagu::subsidy
