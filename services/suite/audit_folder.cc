#include "services/suite/audit_folder.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/base/file.h"
#include "common/base/status_macros.h"
#include "common/text/csv.h"
#include "common/text/sheet/spool.h"
#include "common/text/sheet/writer.h"
#include "services/suite/new_file.h"
#include "services/suite/print_error.h"

namespace tsunagu::suite {
namespace {

constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";  // which Excel needs
constexpr size_t kLongestCell = 30'000;            // of a workbook

std::string Csv(const ReportLines& lines) {
  std::vector<std::string> heading;
  for (const sheet::Column& column : lines.columns) heading.push_back(column.heading);
  std::string csv = absl::StrCat(kByteOrderMark, contract::CsvLine(heading));
  for (std::vector<std::string> row : lines.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (lines.columns[i].kind == sheet::ColumnKind::kText) row[i] = contract::MarkFormula(row[i]);
    }
    absl::StrAppend(&csv, contract::CsvLine(row));
  }
  return csv;
}

std::string TotalOf(const AuditTable& table) {
  if (table.total_of.empty()) return "";
  size_t column = 0;
  while (table.lines.columns[column].heading != table.total_of) ++column;
  int64_t total = 0;
  for (const auto& row : table.lines.rows) {
    int64_t yen = 0;
    if (absl::SimpleAtoi(row[column], &yen)) total += yen;
  }
  return absl::StrCat(total);
}

// Replaces the text of NewFolder's errors, which is about copies.
absl::Status InOurWords(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  if (reason == "BACKUP_FAILED"_reason) {
    const auto args = FaultOf(status).args();
    return FailHere(absl::StatusCode::kFailedPrecondition, "FILE_NOT_WRITABLE",
                    absl::StrCat("フォルダーに書けません: ", args.at("path"), "（", args.at("detail"), "）"),
                    absl::StrCat("Cannot write the folder ", args.at("path"), ": ", args.at("detail")));
  }
  if (reason == "BACKUP_EXISTS"_reason) {
    const std::string there = FaultOf(status).args().at("path");
    return FailHere(
        absl::StatusCode::kFailedPrecondition, "FOLDER_NOT_EMPTY",
        absl::StrCat(
            there,
            " にはすでにファイルがあります。上書きはしません。新しいフォルダーか、空のフォルダーを指定してください。"
            "「.part」で終わるものは、書き出し中か、中断されたものです。書き出し中でなければ削除してください。"),
        absl::StrCat(there,
                     " is not empty, and nothing is overwritten. Name a new folder or an empty one. One that "
                     "ends in .part is still being written, or was interrupted; then remove it."));
  }
  return status;
}

}  // namespace

absl::StatusOr<AuditFolder> AuditFolder::Create(const std::string& path, Language language) {
  auto folder = NewFolder::Create(path);
  if (!folder.ok()) return InOurWords(folder.status());
  return AuditFolder(*std::move(folder), language);
}

absl::Status AuditFolder::Write(Entry entry, absl::string_view bytes) {
  const std::filesystem::path path = std::filesystem::path(folder_->part()) / entry.path;
  std::error_code ignored;  // then the file cannot be created, which is reported
  std::filesystem::create_directories(path.parent_path(), ignored);
  ASSIGN_OR_RETURN(const auto file, NewFile::Create(path.string()));
  RETURN_IF_ERROR(file->Write(bytes));
  RETURN_IF_ERROR(file->Finish());
  entry.bytes = absl::StrCat(bytes.size());
  entry.hash = absl::BytesToHexString(Sha256(bytes));
  entries_.push_back(std::move(entry));
  return absl::OkStatus();
}

absl::Status AuditFolder::Add(const std::string& path, absl::string_view ja, absl::string_view en,
                              absl::string_view bytes) {
  Entry entry;
  entry.path = path;
  entry.contents = std::string(language_ == Language::kJapanese ? ja : en);
  return Write(std::move(entry), bytes);
}

absl::Status AuditFolder::Add(const AuditTable& table) {
  Entry entry;
  entry.path = table.file;
  entry.contents = language_ == Language::kJapanese ? table.ja : table.en;
  entry.total_of = table.total_of;
  entry.rows = absl::StrCat(table.lines.rows.size());
  entry.total = TotalOf(table);
  return Write(std::move(entry), Csv(table.lines));
}

absl::Status AuditFolder::AddWorkbook(const std::string& path, const std::vector<AuditTable>& tables,
                                      absl::Time created) {
  ASSIGN_OR_RETURN(const sheet::Spool spool, sheet::Spool::Create(0));
  std::unique_ptr<sheet::Writer> writer;
  for (const AuditTable& table : tables) {
    sheet::Layout layout;
    layout.sheet_name = language_ == Language::kJapanese ? table.ja : table.en;
    layout.columns = table.lines.columns;
    layout.created = created;
    if (writer == nullptr) {
      ASSIGN_OR_RETURN(writer, sheet::Writer::Create(std::move(layout), spool.path()));
    } else {
      RETURN_IF_ERROR(writer->AddSheet(std::move(layout)));
    }
    for (std::vector<std::string> row : table.lines.rows) {
      for (std::string& cell : row) {
        if (cell.size() > kLongestCell) cell = absl::StrCat("→ ", table.file);
      }
      RETURN_IF_ERROR(writer->Add(row));
    }
  }
  RETURN_IF_ERROR(writer->Finish());
  ASSIGN_OR_RETURN(const std::string bytes, ReadWholeFile(spool.path()));
  return Add(path, "すべての表", "all tables", bytes);
}

absl::StatusOr<std::string> AuditFolder::Finish() {
  const bool ja = language_ == Language::kJapanese;
  AuditTable index{"index.csv", "目次", "index", {}, ""};
  using sheet::ColumnKind;
  index.lines.columns = {{ja ? "ファイル" : "file"},
                         {ja ? "内容" : "contents"},
                         {ja ? "件数" : "rows", ColumnKind::kInteger},
                         {ja ? "合計した項目" : "total of"},
                         {ja ? "合計" : "total", ColumnKind::kInteger},
                         {ja ? "バイト数" : "bytes", ColumnKind::kInteger},
                         {"SHA-256"}};
  for (const Entry& one : entries_) {
    index.lines.rows.push_back({one.path, one.contents, one.rows, one.total_of, one.total, one.bytes, one.hash});
  }
  RETURN_IF_ERROR(Add(index));
  std::string sums;
  for (const Entry& one : entries_) absl::StrAppend(&sums, one.hash, "  ", one.path, "\n");
  RETURN_IF_ERROR(Add("SHA256SUMS", "", "", sums));
  RETURN_IF_ERROR(InOurWords(folder_->Finish()));
  return absl::BytesToHexString(Sha256(sums));
}

}  // namespace tsunagu::suite
