#include "common/text/workbook_layout.h"

#include <utility>

#include "common/text/columns.h"
#include "common/text/file_format.h"

namespace tsunagu {
namespace {

using contract::Field;
using contract::Kind;

constexpr int64_t kRowsToFill = 1000;

std::vector<std::string> WordsOf(const google::protobuf::EnumDescriptor& type, Language language) {
  std::vector<std::string> words;
  for (int i = 1; i < type.value_count(); ++i) words.push_back(EnumWord(*type.value(i), language));
  return words;
}

void Describe(const Field& field, Language language, sheet::Column& column) {
  if (field.repeated) return;  // several values in one cell are text
  if (field.kind == Kind::kInteger) column.kind = sheet::ColumnKind::kInteger;
  if (field.kind == Kind::kDate) column.kind = sheet::ColumnKind::kDate;
  if (field.kind == Kind::kBool) column.choices = {"true", "false"};
  if (field.kind == Kind::kEnum) column.choices = WordsOf(*field.descriptor->enum_type(), language);
  if (!column.choices.empty()) column.kind = sheet::ColumnKind::kChoice;
}

}  // namespace

sheet::Layout WorkbookLayout(const contract::Schema& schema, Language language, absl::Time created) {
  sheet::Layout layout;
  layout.sheet_name = language == Language::kJapanese ? schema.rule().ja() : schema.collection();
  layout.rows_to_fill = kRowsToFill;
  layout.created = created;
  if (language == Language::kEnglish) {
    layout.refusal_title = "Not in the list";
    layout.refusal_text = "Choose from the list.";
  }
  for (std::string& heading : ContractHeading(schema, language)) {
    layout.columns.emplace_back().heading = std::move(heading);
  }
  size_t column = (schema.has_parent() ? 1 : 0) + (HasIdColumn(schema) ? 1 : 0);
  for (const Field& field : schema.fields()) {
    if (IsColumn(field)) Describe(field, language, layout.columns[column++]);
  }
  return layout;
}

}  // namespace tsunagu
