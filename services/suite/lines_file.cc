#include "services/suite/lines_file.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/text/csv.h"
#include "common/text/row_sink.h"
#include "common/text/sheet/writer.h"
#include "services/suite/new_file.h"

namespace tsunagu::suite {

void WriteCsv(const ReportLines& lines, std::ostream& out) {
  std::vector<std::string> heading;
  for (const sheet::Column& column : lines.columns) heading.push_back(column.heading);
  out << contract::CsvLine(heading);
  for (std::vector<std::string> row : lines.rows) {
    for (std::string& cell : row) cell = contract::MarkFormula(cell);
    out << contract::CsvLine(row);
  }
}

absl::Status WriteWorkbook(ReportLines lines, const std::string& name, const std::string& path) {
  sheet::Layout layout;
  layout.sheet_name = name;
  layout.columns = std::move(lines.columns);
  ASSIGN_OR_RETURN(const auto file, NewFile::Create(path));
  ASSIGN_OR_RETURN(const auto workbook, WorkbookFile(std::move(layout)));
  for (std::vector<std::string>& row : lines.rows) RETURN_IF_ERROR(workbook->Add(std::move(row)).status());
  RETURN_IF_ERROR(workbook->Finish());
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const std::string piece, workbook->Take());
    RETURN_IF_ERROR(file->Write(piece));
    more = !piece.empty();
  }
  return file->Finish();
}

}  // namespace tsunagu::suite
