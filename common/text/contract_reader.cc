#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/contract/own_id.h"
#include "common/text/cell_values.h"
#include "common/text/columns.h"
#include "common/text/file_format.h"
#include "common/text/heading.h"

namespace tsunagu {
namespace {

using contract::Field;
using contract::Schema;
using google::protobuf::Message;

class Reader : public RowReader {
 public:
  enum class Part { kField, kId, kParent };
  struct Column {
    std::string heading;
    Part part = Part::kField;
    const Field* field = nullptr;  // for kField
    size_t index = 0;              // among the columns of the file
  };
  Reader(const Schema& schema, std::vector<Column> columns, std::vector<size_t> left_out)
      : schema_(schema), columns_(std::move(columns)), left_out_(std::move(left_out)) {
    for (const Column& column : columns_) {
      if (column.field != nullptr) fields_.push_back(column.field);
    }
  }
  std::string layout() const override { return "contract"; }
  const std::vector<const Field*>& fields() const override { return fields_; }
  const std::vector<size_t>& left_out() const override { return left_out_; }
  void Read(absl::Span<const std::string> cells, Message& record, std::string& id, Faults& faults) override {
    std::string own, above;
    for (const Column& column : columns_) {
      const std::string cell = TrimmedCell(cells[column.index]);
      switch (column.part) {
        case Part::kField:
          ReadCell(cell, *column.field, column.heading, record, faults);
          break;
        case Part::kId:
          own = contract::OwnId(cell);
          break;
        case Part::kParent:
          above = ReadParent(cell, column.heading, faults);
          break;
      }
    }
    id = schema_.has_parent() && above.empty() ? "" : above + own;
  }
  std::string ColumnOf(absl::string_view field) const override {
    const absl::string_view top = field.substr(0, field.find_first_of(".["));
    for (const Column& column : columns_) {
      if (top == NameOf(column)) return column.heading;
    }
    // When the server makes the ids, only the parent in a name can be wrong.
    if (top == "name" && schema_.has_parent() && schema_.rule().server_id()) return ColumnOf("parent");
    return NotThere(field, top);
  }

 private:
  // Returns the name that a missing column would have, in the language of the other columns.
  std::string NotThere(absl::string_view field, absl::string_view top) const {
    const bool japanese = std::any_of(columns_.begin(), columns_.end(), [](const Column& column) {
      return column.field != nullptr && column.heading == column.field->rule.ja();
    });
    const Field* known = japanese ? schema_.Find(top) : nullptr;
    return known == nullptr || known->rule.ja().empty() ? std::string(field) : known->rule.ja();
  }

  static absl::string_view NameOf(const Column& column) {
    return column.part == Part::kField ? absl::string_view(column.field->name())
           : column.part == Part::kId  ? "name"
                                       : "parent";
  }

  // Returns "c1/" for "courses/c1" or "c1"; "key/" for text that may be the key of an imported parent.
  std::string ReadParent(const std::string& cell, absl::string_view heading, Faults& faults) const {
    if (cell.empty()) {
      faults.Add(heading, "FIELD_REQUIRED"_reason);
      return "";
    }
    const bool is_name = absl::StrContains(cell, '/');
    const auto above = schema_.IdUnder(is_name ? cell : schema_.parent()->NameOf(cell), "");
    if (above.ok()) return *above;
    if (!is_name && !schema_.parent()->rule().import_key().empty())
      return absl::StrCat(cell, "/");  // possibly the parent's key
    faults.Add(heading, "MALFORMED_NAME"_reason, {{"pattern", schema_.parent()->pattern()}});
    return "";
  }

  const Schema& schema_;
  const std::vector<Column> columns_;
  const std::vector<size_t> left_out_;
  std::vector<const Field*> fields_;
};

// Returns all columns that the contract defines, by their possible headings.
std::map<std::string, Reader::Column> KnownColumns(const Schema& schema) {
  std::map<std::string, Reader::Column> known;
  if (HasIdColumn(schema)) known[FoldedHeading(IdColumn(schema))].part = Reader::Part::kId;
  for (const Language language : {Language::kJapanese, Language::kEnglish}) {
    if (schema.has_parent()) known[FoldedHeading(ParentColumn(schema, language))].part = Reader::Part::kParent;
  }
  for (const Field& field : schema.fields()) {
    if (!IsColumn(field)) continue;
    known[FoldedHeading(field.name())].field = &field;
    if (!field.rule.ja().empty()) known[FoldedHeading(field.rule.ja())].field = &field;
  }
  return known;
}

// Adds the names of missing required columns, in both languages.
void AddMissing(const Schema& schema, const std::set<const Field*>& there, bool names_parent, Faults& faults) {
  std::vector<std::string> missing, missing_ja;
  if (schema.has_parent() && !names_parent) {
    missing.push_back(ParentColumn(schema, Language::kEnglish));
    missing_ja.push_back(ParentColumn(schema, Language::kJapanese));
  }
  for (const Field& field : schema.fields()) {
    if (!IsColumn(field) || !field.required || there.count(&field) != 0) continue;
    missing.push_back(field.name());
    missing_ja.push_back(field.rule.ja().empty() ? field.name() : field.rule.ja());
  }
  if (missing.empty()) return;
  faults.Add("", "MISSING_COLUMNS"_reason,
             {{"columns", absl::StrJoin(missing, ", ")}, {"columns_ja", absl::StrJoin(missing_ja, ", ")}});
}

}  // namespace

ContractMatch MatchContract(const Schema& schema, absl::Span<const std::string> heading) {
  const std::map<std::string, Reader::Column> known = KnownColumns(schema);
  ContractMatch match;
  std::vector<Reader::Column> columns;
  std::vector<size_t> left_out;
  std::vector<std::string> unknown;
  std::set<const Field*> there;
  std::set<Reader::Part> parts;
  for (size_t index = 0; index < heading.size(); ++index) {
    const auto found = known.find(FoldedHeading(heading[index]));
    if (found == known.end()) {
      left_out.push_back(index);
      unknown.push_back(heading[index]);
      continue;
    }
    Reader::Column column = found->second;
    column.heading = heading[index];
    column.index = index;
    const bool is_field = column.part == Reader::Part::kField;
    const bool first = is_field ? there.insert(column.field).second : parts.insert(column.part).second;
    if (!first) {
      match.faults.Add(ShownCells({heading[index]}), "DUPLICATE_FIELD"_reason);
      continue;
    }
    columns.push_back(std::move(column));
  }
  match.known = static_cast<int>(columns.size());
  AddMissing(schema, there, parts.count(Reader::Part::kParent) != 0, match.faults);
  if (match.faults.empty() && match.known > 0) {
    match.reader = std::make_unique<Reader>(schema, std::move(columns), std::move(left_out));
  } else if (const std::string names = ShownCells(unknown); !names.empty()) {
    match.faults.Add("", "UNKNOWN_COLUMNS"_reason, {{"columns", names}});
  }
  return match;
}

}  // namespace tsunagu
