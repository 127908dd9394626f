#include "services/suite/report_lines.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/util/time_util.h"
#include "services/suite/text_table.h"

namespace tsunagu::suite {
namespace {

namespace v1 = platform::v1;
using sheet::ColumnKind;

std::string In(Language language, const v1::Label& label) {
  return language == Language::kJapanese ? label.ja() : label.en();
}

std::string In(Language language, const char* ja, const char* en) { return language == Language::kJapanese ? ja : en; }

// Returns "26 %", "6.2"; a dash if the divisor is 0.
std::string Shown(const v1::Figure& figure) {
  if (figure.value().empty()) return "–";
  return figure.unit().en() == "%" ? absl::StrCat(figure.value(), " %") : figure.value();
}

std::string Draw(const ReportLines& lines) {
  std::vector<TextTable::Column> columns;
  for (const sheet::Column& column : lines.columns) {
    columns.push_back({column.heading, column.kind != ColumnKind::kText});
  }
  TextTable table(std::move(columns));
  for (const auto& row : lines.rows) table.Add(row);
  return table.Draw("");
}

std::string GroupOf(const v1::Figure& figure, Language language) {
  return figure.group().empty() ? In(language, "全体", "all") : In(language, figure.group_label());
}

bool HasGroups(const v1::Report& report) {
  return std::any_of(report.figures().begin(), report.figures().end(),
                     [](const v1::Figure& figure) { return !figure.group().empty(); });
}

// Returns the figures as a table of populations, possibly in several groups, and measures, in their given order.
ReportLines Matrix(const v1::Report& report, Language language) {
  const bool grouped = HasGroups(report);
  ReportLines lines;
  if (grouped) lines.columns.push_back({In(language, "範囲", "group"), ColumnKind::kText});
  lines.columns.push_back({In(language, "区分", "population"), ColumnKind::kText});
  std::map<std::string, size_t> columns;
  std::map<std::pair<std::string, std::string>, size_t> rows;
  for (const v1::Figure& figure : report.figures()) {
    if (columns.try_emplace(figure.measure(), lines.columns.size()).second) {
      lines.columns.push_back({In(language, figure.measure_label()), ColumnKind::kDecimal});
    }
    if (rows.try_emplace({figure.group(), figure.population()}, lines.rows.size()).second) {
      std::vector<std::string>& row = lines.rows.emplace_back();
      if (grouped) row.push_back(GroupOf(figure, language));
      row.push_back(In(language, figure.population_label()));
    }
  }
  for (auto& row : lines.rows) row.resize(lines.columns.size());
  for (const v1::Figure& figure : report.figures()) {
    lines.rows[rows[{figure.group(), figure.population()}]][columns[figure.measure()]] = Shown(figure);
  }
  return lines;
}

}  // namespace

ReportLines FigureLines(const v1::Report& report, Language language) {
  const bool grouped = HasGroups(report);
  ReportLines lines;
  lines.columns = {{In(language, "キー", "key"), ColumnKind::kText},
                   {In(language, "区分", "population"), ColumnKind::kText},
                   {In(language, "項目", "measure"), ColumnKind::kText},
                   {In(language, "値", "value"), ColumnKind::kDecimal},
                   {In(language, "単位", "unit"), ColumnKind::kText},
                   {In(language, "分子", "numerator"), ColumnKind::kInteger},
                   {In(language, "分母", "denominator"), ColumnKind::kInteger},
                   {In(language, "注記", "notes"), ColumnKind::kText}};
  if (grouped) lines.columns.insert(lines.columns.begin() + 1, {In(language, "範囲", "group"), ColumnKind::kText});
  for (const v1::Figure& figure : report.figures()) {
    std::string notes;
    for (const v1::Label& note : figure.notes()) absl::StrAppend(&notes, notes.empty() ? "" : " ", In(language, note));
    std::vector<std::string> row = {figure.key(),
                                    In(language, figure.population_label()),
                                    In(language, figure.measure_label()),
                                    figure.value(),
                                    In(language, figure.unit()),
                                    absl::StrCat(figure.numerator()),
                                    figure.has_denominator() ? absl::StrCat(figure.denominator()) : "",
                                    notes};
    if (grouped) row.insert(row.begin() + 1, GroupOf(figure, language));
    lines.rows.push_back(std::move(row));
  }
  return lines;
}

ReportLines RowLines(const std::vector<v1::FigureRow>& rows, Language language) {
  ReportLines lines;
  lines.columns = {{In(language, "記録", "record"), ColumnKind::kText},
                   {In(language, "名称", "name"), ColumnKind::kText},
                   {In(language, "数え方", "counted as"), ColumnKind::kText},
                   {In(language, "値", "value"), ColumnKind::kInteger}};
  for (const v1::FigureRow& row : rows) {
    const std::string name = row.erased() ? In(language, "消去済み", "erased") : row.display_name();
    lines.rows.push_back({row.resource_name(), name, row.counted_as(), absl::StrCat(row.value())});
  }
  return lines;
}

std::string DrawReport(const v1::Report& report, Language language) {
  const jp::CivilDay day = jp::DayOf(report.as_of_date());
  std::string text = language == Language::kJapanese
                         ? absl::StrCat(report.title().ja(), "（", jp::FormatWareki(day), "時点）\n\n")
                         : absl::StrCat(report.title().en(), " as of ", jp::FormatIso(day), "\n\n");
  absl::StrAppend(&text, Draw(Matrix(report, language)), "\n");
  if (!report.area().empty()) {
    absl::StrAppend(&text, In(language, "範囲: ", "Area: "), report.area(), "\n");
  }
  if (report.partial()) {
    absl::StrAppend(&text, In(language, "閲覧できる範囲だけを数えました。\n", "Only what you may see was counted.\n"));
  }
  return absl::StrCat(text, In(language, "数え方", "Rule "), report.rule_version(), ": ", In(language, report.rule()),
                      "\n", In(language, "この時点の記録による: ", "As known at "),
                      google::protobuf::util::TimeUtil::ToString(report.known_time()),
                      In(language, "（変更履歴の位置", " (place "), report.place(),
                      In(language, "）\n", " of the journal)\n"));
}

std::string DrawRows(const std::vector<v1::FigureRow>& rows, Language language) {
  return Draw(RowLines(rows, language));
}

}  // namespace tsunagu::suite
