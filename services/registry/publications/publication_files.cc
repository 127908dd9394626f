#include "services/registry/publications/publication_files.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/json_text.h"
#include "common/jp/civil_day.h"
#include "common/text/csv.h"
#include "services/registry/rules/publication.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::registry {
namespace {

constexpr char kWithheld[] = "x";

std::string DayOf(const v1::Publication& publication) { return jp::FormatIso(jp::DayOf(publication.as_of_date())); }

std::string LabelOf(v1::Publication::Table table) {
  return v1::Publication::Table_descriptor()->FindValueByNumber(table)->options().GetExtension(tsunagu::ja);
}

// Returns STAGES for TABLE_STAGES.
std::string WordOf(v1::Publication::Table table) {
  return std::string(absl::StripPrefix(v1::Publication::Table_Name(table), "TABLE_"));
}

// Returns an empty text if there is no data.
std::string Told(const PublicationLedger& ledger, int figure) {
  if (figure < 0) return "";
  return ledger.figures(figure).withheld() ? kWithheld : absl::StrCat(rules::ValueOf(ledger, figure));
}

std::string Member(absl::string_view name, absl::string_view text) {
  return absl::StrCat(JsonText(name), ":", JsonText(text));
}

std::string TableJson(const PublicationTable& table, const PublicationLedger& ledger) {
  std::vector<std::string> columns, rows;
  for (const auto& column : table.columns) {
    columns.push_back(absl::StrCat("{", Member("code", column.code), ",", Member("ja", column.ja), ",",
                                   Member("en", column.en), "}"));
  }
  for (const auto& row : table.rows) {
    std::vector<std::string> values;
    for (const int figure : row.figures) {
      const std::string told = Told(ledger, figure);
      values.push_back(told.empty() ? "null" : told == kWithheld ? JsonText(told) : told);
    }
    rows.push_back(absl::StrCat("\n{", Member("place", row.place), ",", Member("label", row.label), ",\"values\":[",
                                absl::StrJoin(values, ","), "]}"));
  }
  return absl::StrCat("\n{", Member("table", WordOf(table.table)), ",", Member("label", LabelOf(table.table)),
                      ",\"columns\":[", absl::StrJoin(columns, ","), "],\"rows\":[", absl::StrJoin(rows, ","), "]}");
}

}  // namespace

std::string PublicationJson(const v1::Publication& publication, const PublicationTables& tables) {
  std::vector<std::string> parts;
  for (const PublicationTable& table : tables.tables) parts.push_back(TableJson(table, tables.ledger));
  return absl::StrCat("{", Member("title", publication.display_name()), ",",
                      Member("prefecture", publication.prefecture()), ",", Member("as_of_date", DayOf(publication)),
                      ",", Member("survey_round", publication.survey_round()),
                      ",\"least_count\":", publication.least_count(),
                      ",\"zeros_told\":", publication.zeros() == v1::Publication::ZEROS_TOLD ? "true" : "false", ",",
                      Member("withheld", kWithheld), ",\"tables\":[", absl::StrJoin(parts, ","), "]}\n");
}

std::string PublicationCsv(const v1::Publication& publication, const PublicationTables& tables) {
  std::string file =
      absl::StrCat("\xef\xbb\xbf", contract::CsvLine({"基準日", "表", "場所", "名称", "項目", "項目の名称", "数"}));
  for (const PublicationTable& table : tables.tables) {
    for (const auto& row : table.rows) {
      for (size_t i = 0; i < table.columns.size(); ++i) {
        absl::StrAppend(&file, contract::CsvLine({DayOf(publication), LabelOf(table.table), row.place,
                                                  contract::MarkFormula(row.label), table.columns[i].code,
                                                  contract::MarkFormula(table.columns[i].ja),
                                                  Told(tables.ledger, row.figures[i])}));
      }
    }
  }
  return file;
}

}  // namespace tsunagu::registry
