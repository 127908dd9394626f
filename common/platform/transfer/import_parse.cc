// Parses the file: its heading, and each row as a record.
#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/contract/validate.h"
#include "common/platform/transfer/import.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "common/text/cell_values.h"
#include "common/text/lost_characters.h"
#include "common/text/sheet/cell.h"

namespace tsunagu {

absl::Status Import::TakeHeading(const FileRow& row) {
  ASSIGN_OR_RETURN(reader_, search_->Take(row));
  if (reader_ == nullptr) return absl::OkStatus();
  heading_.assign(row.cells.begin(), row.cells.begin() + static_cast<int64_t>(WidthOf(row.cells)));
  for (size_t i = 0; i < heading_.size(); ++i) indexes_.try_emplace(FoldedHeading(heading_[i]), i);
  summary_.set_layout(reader_->layout());
  const std::vector<Fault>& warnings = search_->warnings().all();
  if (!warnings.empty()) *answers_.emplace_back().mutable_row() = OutcomeOf(row.line, false, warnings);
  return absl::OkStatus();
}

void Import::Fit(FileRow& row) const {
  const size_t width = heading_.size();
  while (row.cells.size() > width && TrimmedCell(row.cells.back()).empty()) row.cells.pop_back();
  if (source_->names_cells() && row.cells.size() < width) row.cells.resize(width);
  while (!row.cell_faults.empty() && row.cell_faults.back().column >= row.cells.size()) row.cell_faults.pop_back();
  for (std::string& cell : row.cells) {
    const bool has_return = cell.find('\r') != std::string::npos;
    if (has_return) cell = absl::StrReplaceAll(cell, {{"\r\n", "\n"}, {"\r", "\n"}});
  }
}

Import::ParsedRow Import::Parse(FileRow row) {
  ParsedRow parsed;
  parsed.line = row.line;
  absl::StrAppend(&chunk_bytes_, row.line, "\n", absl::StrJoin(row.cells, "\x1f"), "\n");
  if (!row.fault.ok()) {
    Faults fault;
    fault.Add("", row.fault);
    AddAll(fault, parsed.faults);
    return parsed;
  }
  Fit(row);
  if (row.cells.size() != heading_.size()) {
    parsed.faults.push_back(
        MakeFault("", "WRONG_COLUMN_COUNT"_reason,
                  {{"expected", absl::StrCat(heading_.size())}, {"found", absl::StrCat(row.cells.size())}}));
    return parsed;
  }
  for (const size_t index : reader_->left_out()) row.cells[index].clear();
  for (FileRow::CellFault& one : row.cell_faults) {
    if (std::binary_search(reader_->left_out().begin(), reader_->left_out().end(), one.column)) continue;
    one.fault.set_field(heading_[one.column]);
    parsed.faults.push_back(std::move(one.fault));
  }
  if (contract::HasReplacementCharacter(row.cells)) {
    parsed.faults.push_back(MakeFault("", "BROKEN_CHARACTERS"_reason));
  }
  parsed.record = resource_->table->schema().New();
  Faults faults;
  reader_->Read(row.cells, *parsed.record, parsed.id, faults);
  for (const contract::Field* field : reader_->fields()) {
    if (HasGetaMark(*parsed.record, *field)) faults.Add(field->name(), "GETA_MARK"_reason);
  }
  AddAll(faults, parsed.faults);
  parsed.not_wanted = std::any_of(parsed.faults.begin(), parsed.faults.end(),
                                  [](const Fault& fault) { return ReasonOf(fault) == "NOT_WANTED"_reason; });
  if (!parsed.not_wanted) CheckRepeated(parsed);
  resource_->table->Receive(*parsed.record);
  Faults contract;
  contract::ValidateRecord(resource_->table->schema(), *parsed.record, "", contract);
  parsed.contract_checked = contract.empty();
  return parsed;
}

void Import::CheckRepeated(ParsedRow& row) {
  const std::string key = KeyOf(row);
  if (key.empty()) return;
  has_keys_ = true;
  if (options_.full()) lists_.insert(ListOf(*row.record));
  const auto [first, fresh] = seen_.try_emplace(absl::Hash<std::string>()(key), row.line);
  if (fresh) return;
  row.faults.push_back(MakeFault("", "DUPLICATE_ROW"_reason, {{"row", absl::StrCat(first->second)}}));
}

platform::v1::RowOutcome Import::OutcomeOf(int64_t line, bool refused, const std::vector<Fault>& faults) const {
  platform::v1::RowOutcome outcome;
  outcome.set_row(line);
  outcome.set_refused(refused);
  for (const Fault& fault : faults) {
    platform::v1::RowOutcome::RowFault& one = *outcome.add_faults();
    one.set_column(fault.field().empty() ? "" : reader_->ColumnOf(fault.field()));
    one.set_cell(CellOf(one.column(), line));
    one.set_reason(ReasonWord(fault));
    one.set_text(Text(fault, call_.headers.language));
  }
  return outcome;
}

// Returns "B7"; empty when the file's cells have no names, and for faults outside of cells.
std::string Import::CellOf(absl::string_view column, int64_t line) const {
  if (!source_->names_cells() || column.empty()) return "";
  const auto found = indexes_.find(FoldedHeading(column));
  return found == indexes_.end() ? "" : sheet::CellName(static_cast<int64_t>(found->second) + 1, line);
}

}  // namespace tsunagu
