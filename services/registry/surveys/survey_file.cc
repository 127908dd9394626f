#include "services/registry/surveys/survey_file.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/digest.h"
#include "common/base/status_macros.h"
#include "common/jp/cp932.h"
#include "common/jp/fold.h"
#include "common/text/cell_values.h"
#include "common/text/csv.h"
#include "common/text/sheet/cell.h"
#include "common/text/sheet/characters.h"
#include "common/text/sheet/form.h"
#include "common/text/sheet/reader.h"
#include "common/text/sheet/spool.h"
#include "services/registry/rules/survey.h"

namespace tsunagu::registry {
namespace {

using Form = v1::SurveyForm;
using Item = v1::SurveyForm::Item;
using Response = v1::SurveyResponse;
using rules::FormCell;
using Look = rules::FormCell::Look;

constexpr absl::string_view kSheet = "調査票", kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kMostRows = 1'000;
constexpr size_t kMostCharacters = 1'000;

// A form is small, so a file that needs more resources is not a form.
sheet::Limits SmallLimits() {
  sheet::Limits limits;
  limits.part_bytes = 8 << 20;
  limits.sheet_bytes = 16 << 20;
  limits.total_bytes = 32 << 20;
  limits.string_bytes = 4 << 20;
  limits.rows = kMostRows;
  limits.counts_blank_rows = true;
  return limits;
}

sheet::FormCell::Kind KindOf(Form::Kind kind) {
  switch (kind) {
    case Form::KIND_NUMBER:
      return sheet::FormCell::Kind::kInteger;
    case Form::KIND_DATE:
      return sheet::FormCell::Kind::kDate;
    case Form::KIND_YES_NO:
    case Form::KIND_CHOICE:
      return sheet::FormCell::Kind::kChoice;
    default:
      return sheet::FormCell::Kind::kText;
  }
}

sheet::FormCell::Look LookOf(Look look) {
  switch (look) {
    case Look::kIdentity:
      return sheet::FormCell::Look::kSmall;
    case Look::kTitle:
      return sheet::FormCell::Look::kTitle;
    case Look::kLabel:
      return sheet::FormCell::Look::kLabel;
    case Look::kHeading:
      return sheet::FormCell::Look::kHeading;
    case Look::kAnswer:
      return sheet::FormCell::Look::kAnswer;
    case Look::kNote:
      return sheet::FormCell::Look::kPlain;
    case Look::kValue:
    case Look::kFixed:
      return sheet::FormCell::Look::kBox;
  }
  return sheet::FormCell::Look::kBox;
}

absl::StatusOr<std::string> WorkbookOf(const Form& form, const std::vector<FormCell>& cells) {
  sheet::Form written;
  written.sheet_name = std::string(kSheet);
  const int answer_width = form.layout().answer_width() > 0 ? form.layout().answer_width() : 16;
  written.widths = {12, 18, 44, answer_width, 8, 16};
  written.heading_row = rules::RowOfItem(form, 0) - 1;
  written.refusal_title = "入れられない値です";
  written.refusal_text = "一覧から選ぶか、0以上の整数、または日付を入れてください。";
  for (const FormCell& cell : cells) {
    sheet::FormCell& one = written.cells.emplace_back();
    one.row = cell.row;
    one.column = cell.column;
    one.rows = cell.rows;
    one.columns = cell.columns;
    one.text = cell.text;
    one.look = LookOf(cell.look);
    if (cell.item < 0 || cell.item >= form.items_size()) continue;
    const Item& item = form.items(cell.item);
    one.kind = KindOf(item.kind());
    one.choices.assign(item.choices().begin(), item.choices().end());
    if (item.kind() == Form::KIND_YES_NO) one.choices = {"有", "無"};
  }
  ASSIGN_OR_RETURN(const sheet::Spool spool, sheet::Spool::Create(0));
  RETURN_IF_ERROR(sheet::WriteForm(written, spool.path()));
  ASSIGN_OR_RETURN(const int64_t size, spool.Size());
  std::string bytes(static_cast<size_t>(size), '\0');
  RETURN_IF_ERROR(spool.Read(0, absl::MakeSpan(&bytes[0], bytes.size())).status());
  return bytes;
}

std::vector<std::vector<std::string>> RowsOf(const std::vector<FormCell>& cells) {
  std::vector<std::vector<std::string>> rows;
  for (const FormCell& cell : cells) {
    rows.resize(std::max(rows.size(), static_cast<size_t>(cell.row)), std::vector<std::string>(rules::kCountedColumn));
    rows[cell.row - 1][cell.column - 1] = cell.text;
  }
  return rows;
}

// Returns whether both are equal in CP932: — and ―.
bool SameInCp932(absl::string_view a, absl::string_view b) { return jp::ToCp932(a).bytes == jp::ToCp932(b).bytes; }

absl::Status OurReason(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  if (reason == "SHEET_TOO_MANY_ROWS"_reason) {
    return FailAt("data", "SURVEY_FILE_TOO_LONG"_reason, {{"max", absl::StrCat(kMostRows)}});
  }
  // Nothing was accepted, so the row does not matter.
  if (reason == "SHEET_EXPANDS_TOO_MUCH"_reason) return FailAt("data", "WORKBOOK_EXPANDS_TOO_MUCH"_reason);
  if (reason == "SHEET_NOT_FOUND"_reason || reason == "SHEET_IS_EMPTY"_reason || reason == "NOT_CSV"_reason) {
    return FailAt("data", "SURVEY_FILE_OF_NO_FORM"_reason);
  }
  return status;
}

}  // namespace

v1::SurveyFile FileOf(std::string bytes) {
  v1::SurveyFile file;
  file.set_sha256(absl::BytesToHexString(Sha256(bytes)));
  file.set_data(std::move(bytes));
  return file;
}

std::string CsvOf(absl::Span<const std::vector<std::string>> rows) {
  std::string csv(kByteOrderMark);
  for (std::vector<std::string> row : rows) {
    for (std::string& cell : row) cell = contract::MarkFormula(cell);
    csv += contract::CsvLine(row);
  }
  return csv;
}

v1::SurveyFile InCp932(absl::string_view csv) {
  jp::Encoded encoded = jp::ToCp932(csv.substr(kByteOrderMark.size()));
  v1::SurveyFile file = FileOf(std::move(encoded.bytes));
  file.mutable_replaced_characters()->Assign(encoded.missing.begin(), encoded.missing.end());
  return file;
}

absl::StatusOr<v1::SurveyFile> WriteSurveyFile(const Form& form, const v1::SurveyRound& round, const Response& response,
                                               absl::string_view body_name, v1::SurveyFile::Format format) {
  const std::vector<FormCell> cells = rules::LayOut(form, round, response, body_name);
  if (format == v1::SurveyFile::FORMAT_CSV) return FileOf(CsvOf(RowsOf(cells)));
  if (format == v1::SurveyFile::FORMAT_CSV_CP932) return InCp932(CsvOf(RowsOf(cells)));
  ASSIGN_OR_RETURN(std::string bytes, WorkbookOf(form, cells));
  return FileOf(std::move(bytes));
}

absl::StatusOr<FilledForm> FilledForm::Read(absl::string_view data) {
  FilledForm filled;
  const std::unique_ptr<RowSource> rows = FoundOutRows(contract::Encoding::kAuto, std::string(kSheet), SmallLimits());
  absl::Status read = rows->Feed(data);
  if (read.ok()) read = filled.Keep(*rows);
  if (read.ok()) read = rows->Finish();
  if (read.ok()) read = filled.Keep(*rows);
  if (!read.ok()) return OurReason(read);
  filled.merged_ = rows->merged();
  filled.names_sheet_ = rows->names_cells();
  filled.is_cp932_ = rows->is_cp932();
  std::vector<std::string> first;
  for (int column = 1; column <= 5; ++column) first.push_back(filled.TextAt(1, column));
  const auto identity = rules::IdentityOf(first);
  if (!identity) return FailAt("data", "SURVEY_FILE_OF_NO_FORM"_reason);
  filled.identity_ = *identity;
  return filled;
}

absl::Status FilledForm::Keep(RowSource& rows) {
  for (;;) {
    ASSIGN_OR_RETURN(auto row, rows.Next());
    if (!row) return absl::OkStatus();
    const int64_t line = row->line;
    rows_[line] = *std::move(row);
    if (rows_.size() > kMostRows) return Fail("SHEET_TOO_MANY_ROWS"_reason);
  }
}

std::string FilledForm::CellName(int row) const {
  const std::string name = sheet::CellName(rules::kAnswerColumn, row);
  return names_sheet_ ? absl::StrCat(kSheet, "!", name) : name;
}

std::string FilledForm::TextAt(int row, int column) const {
  const auto found = rows_.find(row);
  if (found == rows_.end() || found->second.cells.size() < static_cast<size_t>(column)) return "";
  return TrimmedCell(found->second.cells[column - 1]);
}

bool FilledForm::IsInPlace(const Form& form, Faults& faults) const {
  for (const FormCell& cell : rules::FixedCells(form)) {
    const std::string expected = TrimmedCell(cell.text), found = TextAt(cell.row, cell.column);
    if (found == expected || SameInCp932(found, expected)) continue;
    const std::string name = sheet::CellName(cell.column, cell.row);
    faults.Add(names_sheet_ ? absl::StrCat(kSheet, "!", name) : name, "SURVEY_CELL_MOVED"_reason,
               {{"expected", expected}});
    return false;
  }
  return true;
}

void FilledForm::CheckMerged(const Form& form, Faults& faults) const {
  const int first = rules::RowOfItem(form, 0), last = rules::RowOfItem(form, form.items_size());
  if (merged_.size() > sheet::kMostMerged) {
    return faults.Add(CellName(first), "SURVEY_TOO_MANY_MERGED"_reason, {{"max", absl::StrCat(sheet::kMostMerged)}});
  }
  for (const std::string& range : merged_) {
    const std::vector<std::string> corners = absl::StrSplit(range, ':');
    const sheet::Place from = sheet::PlaceOf(corners.front()), to = sheet::PlaceOf(corners.back());
    if (from.column > rules::kAnswerColumn || to.column < rules::kAnswerColumn) continue;
    const int row = std::max(static_cast<int>(from.row), first);
    if (row > std::min<int64_t>(to.row, last)) continue;
    faults.Add(CellName(row), "SURVEY_CELLS_MERGED"_reason, {{"range", range}});
  }
}

bool FilledForm::TakeText(int row, std::string& text, Faults& faults) const {
  const auto found = rows_.find(row);
  if (found == rows_.end()) return true;
  if (!found->second.fault.ok()) {
    faults.Add(CellName(row), found->second.fault);
    return false;
  }
  for (const FileRow::CellFault& fault : found->second.cell_faults) {
    if (fault.column != rules::kAnswerColumn - 1) continue;
    const Reason reason = ReasonOf(fault.fault);
    const bool is_formula = reason == "CELL_HAS_FORMULA"_reason || reason == "FORMULA_WITHOUT_VALUE"_reason;
    faults.Add(CellName(row), is_formula ? Fail("SURVEY_CELL_IS_FORMULA"_reason) : ToStatus(fault.fault));
    return false;
  }
  text = TextAt(row, rules::kAnswerColumn);
  if (sheet::Utf16Length(text) <= kMostCharacters) return true;
  faults.Add(CellName(row), "FIELD_TOO_LONG"_reason, {{"max", absl::StrCat(kMostCharacters)}});
  return false;
}

bool FilledForm::TakeValue(const Item& item, int row, std::string& value, Faults& faults) const {
  const std::string stored = std::exchange(value, "");
  std::string text;
  if (!TakeText(row, text, faults)) return false;
  if (text.empty()) return true;
  const std::string cell = CellName(row);
  Faults wrong;
  if (item.kind() == Form::KIND_NUMBER) {
    const auto number = ReadWholeNumber(text);
    value = number.ok() ? absl::StrCat(*number) : text;
    if (ReasonOf(number.status()) == "NUMBER_WITH_EXPONENT"_reason) wrong.Add(cell, number.status());
  } else if (item.kind() == Form::KIND_YES_NO) {
    const auto is_yes = ReadYesOrNo(text);
    value = is_yes.ok() ? (*is_yes ? "1" : "0") : text;
  } else if (item.kind() == Form::KIND_DATE) {
    Reason warning;
    const auto day = ReadDay(text, warning);
    value = day.ok() ? jp::FormatIso(*day) : text;
    if (!day.ok()) wrong.Add(cell, day.status());
  } else if (item.kind() == Form::KIND_CHOICE) {
    value = text;
    for (const std::string& choice : item.choices()) {
      if (jp::Fold(choice) == jp::Fold(text) || SameInCp932(choice, text)) value = choice;
    }
  } else {
    value = KeptText(stored, text);
  }
  if (wrong.empty()) rules::CheckValue(item, value, cell, wrong);
  for (const Fault& fault : wrong.all()) faults.Add("", ToStatus(fault));
  return wrong.empty();
}

std::string FilledForm::KeptText(const std::string& stored, std::string text) const {
  return is_cp932_ && !stored.empty() && SameInCp932(stored, text) ? stored : text;
}

void FilledForm::Take(const Form& form, bool complete, Response& response, Faults& faults) const {
  CheckMerged(form, faults);
  if (!IsInPlace(form, faults)) return;
  std::map<std::string, std::string> stored;
  for (const auto& answer : response.answers()) stored[answer.item()] = answer.value();
  response.clear_answers();
  std::set<std::string> unclear;
  for (int i = 0; i < form.items_size(); ++i) {
    const Item& item = form.items(i);
    auto& answer = *response.add_answers();
    answer.set_item(item.code());
    answer.set_value(stored[item.code()]);
    if (!TakeValue(item, rules::RowOfItem(form, i), *answer.mutable_value(), faults)) unclear.insert(item.code());
  }
  std::string note;
  if (TakeText(rules::RowOfItem(form, form.items_size()), note, faults))
    response.set_note(KeptText(response.note(), note));
  if (!complete) return;
  rules::CheckComplete(rules::Without(form, unclear), response, faults, [&](const Item& item) {
    for (int i = 0; i < form.items_size(); ++i) {
      if (form.items(i).code() == item.code()) return CellName(rules::RowOfItem(form, i));
    }
    return std::string();
  });
}

}  // namespace tsunagu::registry
