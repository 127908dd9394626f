#include "services/suite/import.h"

#include <iostream>
#include <memory>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/clock.h"
#include "common/base/entropy.h"
#include "common/base/status_macros.h"
#include "common/host/words.h"
#include "nlohmann/json.hpp"
#include "services/suite/contracts.h"
#include "services/suite/import_text.h"

namespace tsunagu::suite {
namespace {

namespace v1 = platform::v1;
using Json = nlohmann::ordered_json;

constexpr char kMethod[] = "tsunagu.platform.v1.TransferService/ImportRows";
constexpr size_t kPiece = 256 << 10;

absl::Status Send(v1::ImportRowsRequest request, Input& input, rpc::PeerStream& stream, Progress& progress) {
  for (bool begun = false;; begun = true) {
    ASSIGN_OR_RETURN(*request.mutable_data(), input.Read(kPiece));
    const auto size = static_cast<int64_t>(request.data().size());
    if (size == 0 && begun) break;
    if (!stream.Write(request)) return absl::OkStatus();  // the call has ended: its status has the reason
    if (size == 0) break;
    progress.AddBytes(size);
    request.Clear();
  }
  stream.WritesDone();
  return absl::OkStatus();
}

// The answers: printed as they arrive, and kept as far as the summary needs them.
class Answers {
 public:
  Answers(const ImportOptions& options, Language language, std::ostream& out, Progress& progress)
      : options_(options), language_(language), out_(out), progress_(progress) {}

  absl::Status Receive(rpc::PeerStream& stream) {
    v1::ImportRowsResponse answer;
    while (true) {
      answer.Clear();
      ASSIGN_OR_RETURN(const bool more, stream.Read(answer));
      if (!more) return absl::OkStatus();
      row_count_ = answer.row_count();
      progress_.SetRows(row_count_);
      if (answer.outcome_case() != v1::ImportRowsResponse::OUTCOME_NOT_SET) Tell(answer);
    }
  }

  absl::StatusOr<v1::ImportSummary> Ended(const absl::Status& status) const {
    if (status.ok() && summarised_) return summary_;
    if (status.ok()) return absl::DataLossError("the import ended without a summary");
    const bool again = absl::IsUnavailable(status) || absl::IsAborted(status) || absl::IsDeadlineExceeded(status) ||
                       absl::IsResourceExhausted(status) || absl::IsCancelled(status);
    if (!again) return status;
    return WithMetadata(WithMetadata(status, "request_id", options_.request_id), "row_count", absl::StrCat(row_count_));
  }

 private:
  void Tell(const v1::ImportRowsResponse& answer) {
    progress_.Hide();
    if (answer.has_row()) {
      out_ << (options_.json ? Dump(RowJson(answer.row())) : RowLines(answer.row(), language_));
      return;
    }
    if (answer.has_missing()) {
      const v1::MissingRecord& missing = answer.missing();
      out_ << (options_.json ? Dump({{"missing", {{"name", missing.name()}, {"display_name", missing.display_name()}}}})
                             : MissingLine(missing, language_));
      return;
    }
    summary_ = answer.summary();
    summarised_ = true;
    for (const auto& warning : summary_.warnings()) {
      if (!options_.json) out_ << WarningLine(warning, language_);
    }
    out_ << (options_.json ? Dump({{"summary", SummaryJson(summary_)}, {"request_id", options_.request_id}})
                           : SummaryLine(options_.collection, summary_, options_.full, language_))
         << std::flush;
  }

  static std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

  const ImportOptions& options_;
  const Language language_;
  std::ostream& out_;
  Progress& progress_;
  int64_t row_count_ = 0;
  bool summarised_ = false;
  v1::ImportSummary summary_;
};

struct ImportFlags {
  ClientFlags client;
  ImportOptions options;
  std::string file;
};

absl::StatusOr<v1::ImportSummary> Run(const ImportFlags& flags) {
  ASSIGN_OR_RETURN(const auto input, Input::Open(flags.file));
  ASSIGN_OR_RETURN(const Client client, Client::Open(flags.client));
  Progress progress = Progress::OnTerminal(LanguageOf(flags.client));
  progress.SetTotal(input->size());
  ASSIGN_OR_RETURN(v1::ImportSummary summary, ImportRows(client, flags.options, *input, std::cout, progress));
  RETURN_IF_ERROR(Flush(std::cout));
  return summary;
}

}  // namespace

v1::TextEncoding EncodingOf(absl::string_view word) {
  if (word == "utf8") return v1::TEXT_ENCODING_UTF8;
  if (word == "cp932") return v1::TEXT_ENCODING_CP932;
  return v1::TEXT_ENCODING_UNSPECIFIED;
}

absl::StatusOr<v1::ImportSummary> ImportRows(const Client& client, ImportOptions options, Input& input,
                                             std::ostream& out, Progress& progress) {
  if (options.service.empty()) {
    ASSIGN_OR_RETURN(options.service, Contracts(client).KeeperOf(options.collection));
  }
  if (options.request_id.empty()) options.request_id = NewId(Clock::System().Now(), Entropy::System());
  v1::ImportRowsRequest first;
  first.set_parent(absl::StrCat("services/", absl::StripPrefix(options.service, "services/")));
  first.set_collection(options.collection);
  first.set_encoding(EncodingOf(options.encoding));
  if (options.workbook) first.set_format(v1::FILE_FORMAT_XLSX);
  first.set_sheet(options.sheet);
  first.set_dry_run(options.dry_run);
  first.set_atomic(options.atomic);
  first.set_rename(options.rename);
  first.set_full(options.full);
  first.set_strict(options.strict);
  first.set_request_id(options.request_id);
  const auto stream = client.peer->Stream(kMethod, client.stream);
  Answers answers(options, client.stream.language, out, progress);
  return answers.Ended(Converse(
      *stream, input, [&] { return Send(first, input, *stream, progress); }, [&] { return answers.Receive(*stream); }));
}

void AddImport(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command =
      app.add_subcommand("import", Words("CSVかExcelのファイルを取り込む", "Import a CSV file or a workbook (.xlsx)"));
  auto flags = std::make_shared<ImportFlags>();
  ImportOptions& options = flags->options;
  command
      ->add_option("collection", options.collection,
                   Words("ファイルの内容の種類: areas（地域）、facilities（事業所）など",
                         "What it holds: areas, facilities, ..."))
      ->required();
  command
      ->add_option("file", flags->file,
                   Words("CSVか.xlsxのファイル。- は標準入力", "CSV file or .xlsx, or - for standard input"))
      ->required();
  command->add_flag("--dry-run", options.dry_run,
                    Words("試すだけで、何も保存しない", "Say what would happen, store nothing"));
  command->add_flag(
      "--atomic", options.atomic,
      Words("1行でも取り込めなければ、どの行も取り込まない（10,000行まで）", "All rows or none (up to 10,000)"));
  command->add_flag("--rename", options.rename,
                    Words("登録済みの記録の名称を変える行も取り込む", "Rows may give a record another name"));
  command->add_flag("--full", options.full,
                    Words("ファイルを一覧の全体とみなし、ファイルにない記録を示す",
                          "It is the whole list: say which records are not in it"));
  command->add_flag("--strict", options.strict,
                    Words("知らない列のあるファイルは取り込まない", "Refuse a file with columns that are not known"));
  command->add_option("--encoding", options.encoding, Words("文字コード: auto、utf8、cp932", "auto, utf8 or cp932"))
      ->check(CLI::IsMember({"auto", "utf8", "cp932"}))
      ->capture_default_str();
  command->add_option("--sheet", options.sheet,
                      Words("ブックのシート名（先頭のシートでない場合）", "Sheet of the workbook, if not the first"));
  command->add_option("--request-id", options.request_id,
                      Words("同じ取り込みを安全に送り直すためのID", "To send the same import again safely"));
  command->add_option(
      "--service", options.service,
      Words("それを管理するサービス（サーバーに尋ねずに決める場合）", "Who keeps it, where that is not to be asked"));
  command->add_flag("--json", options.json, Words("1行に1つのJSONで出力する", "One JSON object a line"));
  AddClientFlags(*command, flags->client);
  command->callback([flags, &chosen] {
    flags->options.workbook = absl::EndsWithIgnoreCase(flags->file, ".xlsx") || !flags->options.sheet.empty();
    chosen = [flags] {
      const auto summary = Run(*flags);
      if (!summary.ok()) return PrintError(summary.status(), LanguageOf(flags->client));
      return summary->refused_count() > 0 ? 1 : 0;
    };
  });
}

}  // namespace tsunagu::suite
