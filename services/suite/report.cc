#include "services/suite/report.h"

#include <iostream>
#include <map>
#include <memory>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/host/words.h"
#include "common/service/report_name.h"
#include "common/text/csv.h"
#include "common/text/json.h"
#include "common/text/row_sink.h"
#include "services/suite/contracts.h"
#include "services/suite/lines_file.h"
#include "services/suite/new_file.h"
#include "services/suite/report_lines.h"
#include "services/suite/report_request.h"
#include "tsunagu/options.pb.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::suite {
namespace {

namespace v1 = platform::v1;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// By name.
absl::StatusOr<std::map<std::string, const MethodDescriptor*>> Reports(Contracts& contracts) {
  std::map<std::string, const MethodDescriptor*> reports;
  ASSIGN_OR_RETURN(const std::vector<std::string> services, contracts.Services());
  for (const std::string& name : services) {
    ASSIGN_OR_RETURN(const auto* service, contracts.FindService(name));
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      const MethodDescriptor& method = *service->method(i);
      if (method.output_type()->full_name() == v1::Report::descriptor()->full_name()) {
        reports.emplace(ReportNameOf(method), &method);
      }
    }
  }
  return reports;
}

absl::StatusOr<const MethodDescriptor*> FindReport(Contracts& contracts, const std::string& name) {
  ASSIGN_OR_RETURN(const auto reports, Reports(contracts));
  const auto found = reports.find(name);
  if (found != reports.end()) return found->second;
  const std::string there =
      absl::StrJoin(reports, ", ", [](std::string* out, const auto& report) { out->append(report.first); });
  return FailHere(absl::StatusCode::kNotFound, "REPORT_NOT_FOUND",
                  absl::StrCat("「", name, "」という帳票はありません。あるのは ", there, " です。"),
                  absl::StrCat("There is no report \"", name, "\". There are: ", there, "."));
}

// Returns all rows of all pages. `hidden` is the number of rows that are not shown.
absl::StatusOr<std::vector<v1::FigureRow>> RowsOf(const Client& client, const MethodDescriptor& method,
                                                  const std::string& token, const std::string& key, int64_t& hidden) {
  v1::ListFigureRowsRequest request;
  // "tsunagu.registry.v1" is the package of services/registry.
  const std::vector<std::string> package = absl::StrSplit(method.file()->package(), '.');
  request.set_parent(absl::StrCat("services/", package.size() > 1 ? package[1] : package[0]));
  request.set_report_token(token);
  request.set_key(key);
  request.set_page_size(1000);
  std::vector<v1::FigureRow> rows;
  do {
    ASSIGN_OR_RETURN(const auto page, client.peer->Unary<v1::ListFigureRowsResponse>(
                                          "tsunagu.platform.v1.ReportService/ListFigureRows", request, client.stream));
    rows.insert(rows.end(), page.rows().begin(), page.rows().end());
    hidden += page.hidden_count();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return rows;
}

absl::Status WriteJson(const Message& message, std::ostream& out) {
  ASSIGN_OR_RETURN(const std::string json, contract::MessageToJson(message, false));
  out << absl::StripTrailingAsciiWhitespace(json) << "\n";
  return absl::OkStatus();
}

absl::Status WriteList(Contracts& contracts, Language language, std::ostream& out) {
  ASSIGN_OR_RETURN(const auto reports, Reports(contracts));
  for (const auto& [name, method] : reports) {
    const ReportRule& rule = method->options().GetExtension(tsunagu::method).report();
    out << name << "  " << (language == Language::kJapanese ? rule.ja() : rule.en()) << "\n";
  }
  return absl::OkStatus();
}

absl::Status WriteFigureRows(const Client& client, const MethodDescriptor& method, const v1::Report& report,
                             const ReportOptions& options, std::ostream& out) {
  const Language language = client.once.language;
  int64_t hidden = 0;
  ASSIGN_OR_RETURN(const std::vector<v1::FigureRow> rows, RowsOf(client, method, report.token(), options.key, hidden));
  switch (options.form) {
    case ReportOptions::Form::kTable:
      out << DrawRows(rows, language);
      break;
    case ReportOptions::Form::kCsv:
      WriteCsv(RowLines(rows, language), out);
      break;
    case ReportOptions::Form::kJson:
      for (const v1::FigureRow& row : rows) RETURN_IF_ERROR(WriteJson(row, out));
      break;
    case ReportOptions::Form::kWorkbook:
      RETURN_IF_ERROR(WriteWorkbook(RowLines(rows, language), report.name(), options.file));
      break;
  }
  if (hidden > 0) {
    std::cerr << (language == Language::kJapanese
                      ? absl::StrCat("ほかに", hidden, "件ありますが、現在は閲覧できる範囲の外にあります。\n")
                      : absl::StrCat(hidden, " more were counted, which you may not see any more.\n"));
  }
  return absl::OkStatus();
}

absl::Status WriteFigures(const v1::Report& report, Language language, const ReportOptions& options,
                          std::ostream& out) {
  switch (options.form) {
    case ReportOptions::Form::kTable:
      out << DrawReport(report, language);
      return absl::OkStatus();
    case ReportOptions::Form::kCsv:
      WriteCsv(FigureLines(report, language), out);
      return absl::OkStatus();
    case ReportOptions::Form::kJson:
      return WriteJson(report, out);
    case ReportOptions::Form::kWorkbook:
      return WriteWorkbook(FigureLines(report, language), report.name(), options.file);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteReport(const Client& client, const ReportOptions& options, std::ostream& out) {
  const Language language = client.once.language;
  Contracts contracts(client);
  if (options.name.empty()) {
    RETURN_IF_ERROR(WriteList(contracts, language, out));
    return Flush(out);
  }
  ASSIGN_OR_RETURN(const MethodDescriptor* method, FindReport(contracts, options.name));
  ASSIGN_OR_RETURN(const auto request, ReportRequestOf(contracts, *method, options));
  v1::Report report;
  RETURN_IF_ERROR(client.peer->UnaryUntyped(PathOf(*method), *request, report, client.stream));
  RETURN_IF_ERROR(options.key.empty() ? WriteFigures(report, language, options, out)
                                      : WriteFigureRows(client, *method, report, options, out));
  return Flush(out);
}

void AddReport(CLI::App& app, std::function<int()>& chosen) {
  struct Flags {
    ClientFlags client;
    ReportOptions options;
    bool csv = false, json = false;
  };
  CLI::App* command =
      app.add_subcommand("report", Words("帳票の数値と、その根拠を見る", "Figures, and what is behind them"));
  auto flags = std::make_shared<Flags>();
  ReportOptions& options = flags->options;
  command->add_option(
      "name", options.name,
      Words("帳票の名前（placementなど）。省略すると一覧を表示する", "placement, ...; without it, all are listed"));
  command->add_option("field", options.fields,
                      Words("そのほかの条件: area=areas/310000", "What else it is asked: area=areas/310000"));
  command->add_option("--as-of", options.as_of,
                      Words("基準日（指定がなければ今日）", "The day that is asked about; today if not given"));
  command->add_option("--known-at", options.known_at,
                      Words("この時点で把握していた内容で集計する", "As it was known then"));
  command->add_option("--by", options.by,
                      Words("内訳の単位: prefectures（都道府県）、regions（圏域）など",
                            "For each of these as well: prefectures, regions, ..."));
  command->add_option("--explain", options.key,
                      Words("この数値の根拠となる記録の一覧", "List the records behind this figure"));
  CLI::Option* csv = command->add_flag("--csv", flags->csv, Words("CSVで出力する", "As CSV"));
  CLI::Option* json = command->add_flag("--json", flags->json, Words("正規形のJSONで出力する", "As canonical JSON"));
  CLI::Option* xlsx =
      command->add_option("--xlsx", options.file, Words("このExcelファイルに書き出す", "Into this workbook"));
  csv->excludes(json)->excludes(xlsx);
  json->excludes(xlsx);
  RunAsClient(*command, flags, chosen, [](const Client& client, const Flags& flags) {
    ReportOptions options = flags.options;
    if (flags.csv) options.form = ReportOptions::Form::kCsv;
    if (flags.json) options.form = ReportOptions::Form::kJson;
    if (!options.file.empty()) options.form = ReportOptions::Form::kWorkbook;
    return WriteReport(client, options, std::cout);
  });
}

}  // namespace tsunagu::suite
