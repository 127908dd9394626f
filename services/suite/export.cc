#include "services/suite/export.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <memory>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/host/words.h"
#include "services/suite/contracts.h"
#include "services/suite/import.h"
#include "services/suite/new_file.h"
#include "tsunagu/platform/v1/transfer.pb.h"

namespace tsunagu::suite {
namespace {

namespace v1 = platform::v1;

constexpr char kMethod[] = "tsunagu.platform.v1.TransferService/ExportRows";

void Warn(const v1::RowOutcome& row, Language language, std::ostream& warnings) {
  const bool japanese = language == Language::kJapanese;
  for (const auto& fault : row.faults()) {
    warnings << (japanese ? "" : "row ") << row.row() << (japanese ? "行目  警告  " : "  warned  ")
             << (fault.column().empty() ? "-" : OneLine(fault.column())) << "  " << fault.reason() << "  "
             << OneLine(fault.text()) << "\n";
  }
}

struct ExportFlags {
  ClientFlags client;
  ExportOptions options;
  std::string file = "-";
};

absl::Status ToStandardOutput(const Client& client, const ExportOptions& options) {
  // Drawing progress between the rows on the same terminal would spoil both.
  Progress progress = isatty(STDOUT_FILENO) != 0 ? Progress(nullptr, client.once.language, Clock::System())
                                                 : Progress::OnTerminal(client.once.language);
  const auto write = [](absl::string_view bytes) {
    const bool ok = std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() && std::fflush(stdout) == 0;
    return ok ? absl::OkStatus() : NotWritable("-", errno);
  };
  return ExportRows(client, options, write, std::cerr, progress).status();
}

absl::Status ToFile(const Client& client, const ExportOptions& options, const std::string& path) {
  const Language language = client.once.language;
  ASSIGN_OR_RETURN(const auto file, NewFile::Create(path));
  int64_t rows = 0;
  {
    Progress progress = Progress::OnTerminal(language);
    const auto write = [&](absl::string_view bytes) { return file->Write(bytes); };
    ASSIGN_OR_RETURN(rows, ExportRows(client, options, write, std::cerr, progress));
  }
  RETURN_IF_ERROR(file->Finish());
  std::cerr << options.collection << ": " << WithCommas(rows)
            << (language == Language::kJapanese ? "行 → " : " rows → ") << path << std::endl;
  return absl::OkStatus();
}

absl::Status Run(const ExportFlags& flags) {
  ASSIGN_OR_RETURN(const Client client, Client::Open(flags.client));
  return flags.file == "-" ? ToStandardOutput(client, flags.options) : ToFile(client, flags.options, flags.file);
}

}  // namespace

absl::StatusOr<int64_t> ExportRows(const Client& client, const ExportOptions& options,
                                   const std::function<absl::Status(absl::string_view)>& write, std::ostream& warnings,
                                   Progress& progress) {
  std::string service = options.service;
  if (service.empty()) {
    ASSIGN_OR_RETURN(service, Contracts(client).KeeperOf(options.collection));
  }
  v1::ExportRowsRequest request;
  request.set_parent(absl::StrCat("services/", absl::StripPrefix(service, "services/")));
  request.set_collection(options.collection);
  request.set_encoding(EncodingOf(options.encoding));
  request.set_filter(options.filter);
  if (options.workbook) request.set_format(v1::FILE_FORMAT_XLSX);
  const auto stream = client.peer->Stream(kMethod, client.stream);
  if (stream->Write(request)) stream->WritesDone();
  v1::ExportRowsResponse response;
  int64_t rows = 0;
  while (true) {
    response.Clear();
    ASSIGN_OR_RETURN(const bool more, stream->Read(response));
    if (!more) break;
    RETURN_IF_ERROR(write(response.data()));
    rows = response.row_count();
    progress.AddBytes(static_cast<int64_t>(response.data().size()));
    progress.SetRows(rows);
    if (response.warned_size() > 0) progress.Hide();
    for (const v1::RowOutcome& row : response.warned()) Warn(row, client.once.language, warnings);
  }
  RETURN_IF_ERROR(stream->Finish());
  return rows;
}

void AddExport(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "export", Words("CSVかExcelのファイルに書き出す", "Export as a CSV file or a workbook (.xlsx)"));
  auto flags = std::make_shared<ExportFlags>();
  ExportOptions& options = flags->options;
  command
      ->add_option("collection", options.collection,
                   Words("書き出すものの種類: areas（地域）、facilities（事業所）など", "What: areas, facilities, ..."))
      ->required();
  CLI::Option* csv = command->add_option(
      "-o,--output", flags->file, Words("書き出すCSVファイル。- は標準出力", "CSV file, or - for standard output"));
  csv->capture_default_str();
  CLI::Option* encoding = command->add_option(
      "--encoding", options.encoding,
      Words("文字コード: utf8-bom（Excel向け）、utf8、cp932", "utf8-bom (for Excel), utf8 or cp932"));
  encoding->check(CLI::IsMember({"utf8-bom", "utf8", "cp932"}))->capture_default_str();
  CLI::Option* workbook = command->add_option(
      "--xlsx", flags->file,
      Words("CSVの代わりに書き出すExcelファイル。- は標準出力", "Excel file instead, or - for standard output"));
  workbook->excludes(csv)->excludes(encoding);
  command->add_option("--filter", options.filter, Words("書き出す行の条件（AIP-160の書き方）", "Which rows (AIP-160)"));
  command->add_option(
      "--service", options.service,
      Words("それを管理するサービス（サーバーに尋ねずに決める場合）", "Who keeps it, where that is not to be asked"));
  AddClientFlags(*command, flags->client);
  command->callback([flags, workbook, &chosen] {
    flags->options.workbook = workbook->count() > 0 || absl::EndsWithIgnoreCase(flags->file, ".xlsx");
    chosen = [flags] {
      const absl::Status status = Run(*flags);
      return status.ok() ? 0 : PrintError(status, LanguageOf(flags->client));
    };
  });
}

}  // namespace tsunagu::suite
