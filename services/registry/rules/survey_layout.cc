#include "services/registry/rules/survey_layout.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/contract/own_id.h"
#include "common/jp/civil_day.h"
#include "services/registry/rules/survey.h"

namespace tsunagu::registry::rules {
namespace {

using Form = v1::SurveyForm;
using Look = FormCell::Look;
using Response = v1::SurveyResponse;

// The name of the layout: a new layout gets a new number.
constexpr absl::string_view kKind = "tsunagu調査票1";
constexpr size_t kLongestName = 100;
constexpr int kColumns = kCountedColumn;
constexpr int kHeadRows = 5;  // above the notes

int HeadingRow(const Form& form) { return kHeadRows + form.layout().notes_size() + 1; }

FormCell Cell(int row, int column, std::string text, Look look) {
  FormCell cell;
  cell.row = row;
  cell.column = column;
  cell.text = std::move(text);
  cell.look = look;
  return cell;
}

FormCell Wide(int row, int column, std::string text, Look look) {
  FormCell cell = Cell(row, column, std::move(text), look);
  cell.columns = kColumns - column + 1;
  return cell;
}

void AddHead(const Form& form, const v1::SurveyRound& round, const Response& response, absl::string_view body_name,
             std::vector<FormCell>& cells) {
  const std::string identity[] = {std::string(kKind), form.name(), form.etag(), round.name(), response.body()};
  int column = 0;
  for (const std::string& text : identity) cells.push_back(Cell(1, ++column, text, Look::kIdentity));
  const std::string& title = form.layout().title().empty() ? form.display_name() : form.layout().title();
  cells.push_back(Wide(2, 1, title, Look::kTitle));
  auto add = [&, row = 3](const char* label, std::string value) mutable {
    FormCell name = Cell(row, 1, label, Look::kLabel);
    name.columns = 2;
    cells.push_back(std::move(name));
    cells.push_back(Wide(row++, kLabelColumn, std::move(value), Look::kValue));
  };
  add("団体", absl::StrCat(body_name, "（", contract::OwnId(response.body()), "）"));
  add("調査", round.display_name());
  add("基準日", absl::StrCat(jp::FormatWareki(jp::DayOf(round.as_of_date())), "（回答期限 ",
                             jp::FormatWareki(jp::DayOf(round.due_date())), "）"));
  for (int i = 0; i < form.layout().notes_size(); ++i) {
    cells.push_back(Wide(kHeadRows + 1 + i, 1, form.layout().notes(i), Look::kNote));
  }
}

// Returns how many items, from this one on, are under its heading; 0 if the heading began earlier.
int SectionRows(const Form& form, int item) {
  const std::string& section = form.items(item).section();
  if (section.empty() || (item > 0 && form.items(item - 1).section() == section)) return section.empty() ? 1 : 0;
  int rows = 1;
  while (item + rows < form.items_size() && form.items(item + rows).section() == section) ++rows;
  return rows;
}

FormCell AnswerCell(int row, int item, std::string text) {
  FormCell cell = Cell(row, kAnswerColumn, std::move(text), Look::kAnswer);
  cell.item = item;
  return cell;
}

void AddItem(const Form& form, int index, const Response::Answer* answer, std::vector<FormCell>& cells) {
  const Form::Item& item = form.items(index);
  const int row = RowOfItem(form, index);
  cells.push_back(Cell(row, kNumberColumn, absl::StrCat(index + 1), Look::kFixed));
  if (const int rows = SectionRows(form, index); rows > 0) {
    FormCell section = Cell(row, kSectionColumn, item.section(), Look::kFixed);
    section.rows = rows;
    cells.push_back(std::move(section));
  }
  cells.push_back(Cell(row, kLabelColumn, item.label(), Look::kFixed));
  cells.push_back(AnswerCell(row, index, answer == nullptr ? "" : Shown(item, answer->value())));
  cells.push_back(Cell(row, kUnitColumn, item.unit(), Look::kFixed));
  cells.push_back(Cell(row, kCountedColumn, answer == nullptr ? "" : Shown(item, answer->counted()), Look::kFixed));
}

void AddHeading(const Form& form, std::vector<FormCell>& cells) {
  int column = 0;
  for (const char* text : {"番号", "区分", "項目", "回答", "単位", "登録からの集計"}) {
    cells.push_back(Cell(HeadingRow(form), ++column, text, Look::kHeading));
  }
}

// Returns whether the text is a name: faults repeat the text to the user, and nothing but a name is accepted.
bool IsName(const std::string& text, absl::string_view collection) {
  return text.size() > collection.size() && text.size() <= kLongestName && absl::StartsWith(text, collection) &&
         std::all_of(text.begin() + collection.size(), text.end(),
                     [](char c) { return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace

absl::optional<FormIdentity> IdentityOf(const std::vector<std::string>& first_row) {
  if (first_row.size() < 5 || first_row[0] != kKind) return absl::nullopt;
  const bool are_names = IsName(first_row[1], "surveyForms/") && IsName(first_row[3], "surveyRounds/") &&
                         IsName(first_row[4], "areas/") && first_row[2].size() <= kLongestName;
  if (!are_names) return absl::nullopt;
  return FormIdentity{first_row[1], first_row[2], first_row[3], first_row[4]};
}

int RowOfItem(const Form& form, int item) { return HeadingRow(form) + 1 + item; }

std::vector<FormCell> FixedCells(const Form& form) {
  std::vector<FormCell> cells;
  AddHeading(form, cells);
  for (int i = 0; i < form.items_size(); ++i) {
    cells.push_back(Cell(RowOfItem(form, i), kNumberColumn, absl::StrCat(i + 1), Look::kFixed));
    cells.push_back(Cell(RowOfItem(form, i), kLabelColumn, form.items(i).label(), Look::kFixed));
  }
  cells.push_back(Cell(RowOfItem(form, form.items_size()), kLabelColumn, "備考", Look::kFixed));
  return cells;
}

std::vector<FormCell> LayOut(const Form& form, const v1::SurveyRound& round, const Response& response,
                             absl::string_view body_name) {
  std::vector<FormCell> cells;
  AddHead(form, round, response, body_name, cells);
  AddHeading(form, cells);
  for (int i = 0; i < form.items_size(); ++i) {
    // Answers are in the order of the form, one for each item.
    AddItem(form, i, i < response.answers_size() ? &response.answers(i) : nullptr, cells);
  }
  const int last = RowOfItem(form, form.items_size());
  cells.push_back(Cell(last, kLabelColumn, "備考", Look::kFixed));
  cells.push_back(AnswerCell(last, form.items_size(), response.note()));
  return cells;
}

}  // namespace tsunagu::registry::rules
