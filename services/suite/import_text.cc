#include "services/suite/import_text.h"

#include "absl/strings/str_cat.h"
#include "services/suite/print_error.h"
#include "services/suite/progress.h"

namespace tsunagu::suite {
namespace {

namespace v1 = platform::v1;
using Json = nlohmann::ordered_json;

// Only if a count is not 0, or was requested.
std::string MoreCounts(const v1::ImportSummary& summary, bool full, Language language) {
  const bool japanese = language == Language::kJapanese;
  std::string more;
  if (full) {
    absl::StrAppend(&more, japanese ? "　ファイルにない記録 " : ", ", WithCommas(summary.missing_count()),
                    japanese ? "" : " missing");
  }
  if (summary.not_wanted_count() == 0) return more;
  absl::StrAppend(&more, japanese ? "　対象外 " : ", ", WithCommas(summary.not_wanted_count()),
                  japanese ? "（" : " not wanted (");
  for (int i = 0; i < summary.not_wanted_size(); ++i) {
    absl::StrAppend(&more,
                    i == 0     ? ""
                    : japanese ? "、"
                               : ", ",
                    OneLine(summary.not_wanted(i).value()), " ", WithCommas(summary.not_wanted(i).row_count()));
  }
  return more + (japanese ? "）" : ")");
}

}  // namespace

Json RowJson(const v1::RowOutcome& row) {
  Json faults = Json::array();
  for (const auto& fault : row.faults()) {
    Json one;
    if (!fault.cell().empty()) one["cell"] = fault.cell();
    one["column"] = fault.column();
    one["reason"] = fault.reason();
    one["text"] = fault.text();
    faults.push_back(std::move(one));
  }
  return {{"row", row.row()}, {"refused", row.refused()}, {"faults", std::move(faults)}};
}

std::string RowLines(const v1::RowOutcome& row, Language language) {
  const bool japanese = language == Language::kJapanese;
  const std::string number = japanese ? absl::StrCat(row.row(), "行目") : absl::StrCat("row ", row.row());
  const char* fate = row.refused() ? (japanese ? "拒否" : "refused") : (japanese ? "警告" : "warned");
  std::string lines;
  for (const auto& fault : row.faults()) {
    absl::StrAppend(&lines, fault.cell().empty() ? number : fault.cell(), "  ", fate, "  ",
                    fault.column().empty() ? "-" : OneLine(fault.column()), "  ", fault.reason(), "  ",
                    OneLine(fault.text()), "\n");
  }
  return lines.empty() ? absl::StrCat(number, "  ", fate, "\n") : lines;
}

Json SummaryJson(const v1::ImportSummary& summary) {
  Json warnings = Json::array();
  for (const auto& warning : summary.warnings()) {
    warnings.push_back({{"reason", warning.reason()}, {"text", warning.text()}});
  }
  return {{"row_count", summary.row_count()},
          {"created_count", summary.created_count()},
          {"updated_count", summary.updated_count()},
          {"unchanged_count", summary.unchanged_count()},
          {"warned_count", summary.warned_count()},
          {"refused_count", summary.refused_count()},
          {"missing_count", summary.missing_count()},
          {"not_wanted_count", summary.not_wanted_count()},
          {"warnings", std::move(warnings)},
          {"dry_run", summary.dry_run()},
          {"layout", summary.layout()}};
}

std::string WarningLine(const v1::RowOutcome::RowFault& warning, Language language) {
  return absl::StrCat(language == Language::kJapanese ? "ファイル全体  警告  " : "file  warned  ", warning.reason(),
                      "  ", OneLine(warning.text()), "\n");
}

std::string MissingLine(const v1::MissingRecord& missing, Language language) {
  const std::string called = missing.display_name().empty() ? "" : "  " + OneLine(missing.display_name());
  return absl::StrCat(language == Language::kJapanese ? "ファイルになし  " : "missing  ", missing.name(), called, "\n");
}

std::string SummaryLine(const std::string& collection, const v1::ImportSummary& summary, bool full, Language language) {
  const bool japanese = language == Language::kJapanese;
  const auto count = [](int64_t number) { return WithCommas(number); };
  std::string line = collection;
  if (summary.dry_run()) line += japanese ? "（試行。何も保存していません）" : " (dry run: nothing was stored)";
  if (japanese) {
    absl::StrAppend(&line, ": ", count(summary.row_count()), "行　新規 ", count(summary.created_count()), "　更新 ",
                    count(summary.updated_count()), "　変更なし ", count(summary.unchanged_count()), "　警告 ",
                    count(summary.warned_count()), "　拒否 ", count(summary.refused_count()));
  } else {
    absl::StrAppend(&line, ": ", count(summary.row_count()), " rows: ", count(summary.created_count()), " created, ",
                    count(summary.updated_count()), " updated, ", count(summary.unchanged_count()), " unchanged, ",
                    count(summary.warned_count()), " warned, ", count(summary.refused_count()), " refused");
  }
  line += MoreCounts(summary, full, language);
  if (!summary.layout().empty() && summary.layout() != "contract") {
    absl::StrAppend(&line, japanese ? "　様式 " : ", layout ", summary.layout());
  }
  return line + "\n";
}

}  // namespace tsunagu::suite
