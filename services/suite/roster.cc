#include "services/suite/roster.h"

#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "common/base/status_macros.h"
#include "common/host/words.h"
#include "common/jp/civil_day.h"
#include "services/suite/client.h"
#include "services/suite/input.h"
#include "services/suite/lines_file.h"
#include "services/suite/print_error.h"
#include "services/suite/report_lines.h"
#include "tsunagu/training/v1/roster.pb.h"

namespace tsunagu::suite {
namespace {

namespace v1 = training::v1;

struct Options {
  ClientFlags client;
  std::string audience;
  std::string as_of;
  std::string curriculum;
  std::string workbook;
};

std::string Told(const google::type::Date& day, Language language) {
  if (day.year() == 0) return "";
  return language == Language::kJapanese ? jp::FormatWareki(jp::DayOf(day)) : jp::FormatIso(jp::DayOf(day));
}

std::vector<std::string> LineOf(const v1::RosterEntry& entry, Language language) {
  return {entry.certificate_number(),
          entry.holder(),
          entry.office(),
          entry.body_name(),
          entry.curriculum_title(),
          Told(entry.completion_date(), language),
          Told(entry.expiry_date(), language)};
}

ReportLines Heading(Language language) {
  const bool ja = language == Language::kJapanese;
  ReportLines lines;
  for (const auto& [japanese, english] :
       {std::pair("修了証番号", "certificate"), std::pair("氏名", "name"), std::pair("所属事業所", "office"),
        std::pair("推薦団体", "body"), std::pair("研修", "course"), std::pair("修了日", "completed"),
        std::pair("有効期限", "expires")}) {
    sheet::Column& column = lines.columns.emplace_back();
    column.heading = ja ? japanese : english;
  }
  return lines;
}

absl::StatusOr<v1::ReadRosterRequest> RequestOf(const Options& options) {
  v1::ReadRosterRequest request;
  request.set_audience(options.audience == "public" ? v1::ReadRosterRequest::AUDIENCE_PUBLIC
                                                    : v1::ReadRosterRequest::AUDIENCE_MUNICIPALITIES);
  request.set_curriculum(options.curriculum);
  if (options.as_of.empty()) return request;
  ASSIGN_OR_RETURN(const jp::CivilDay day, jp::ParseDay(options.as_of));
  *request.mutable_as_of_date() = jp::ToDate(day);
  return request;
}

absl::Status WriteRoster(const Client& client, const Options& options, std::ostream& out) {
  ASSIGN_OR_RETURN(const v1::ReadRosterRequest request, RequestOf(options));
  const Language language = client.once.language;
  ReportLines lines = Heading(language);
  const auto stream = client.peer->Stream("tsunagu.training.v1.RosterService/ReadRoster", client.stream);
  if (stream->Write(request)) stream->WritesDone();
  v1::RosterEntry entry;
  for (;;) {
    entry.Clear();
    ASSIGN_OR_RETURN(const bool more, stream->Read(entry));
    if (!more) break;
    lines.rows.push_back(LineOf(entry, language));
  }
  RETURN_IF_ERROR(stream->Finish());
  if (!options.workbook.empty()) return WriteWorkbook(std::move(lines), "roster", options.workbook);
  WriteCsv(lines, out);
  return Flush(out);
}

}  // namespace

void AddRoster(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command =
      app.add_subcommand("roster", Words("修了者名簿を、本人が同意した範囲で出力する",
                                         "Who completed a course, as far as each agreed to it being told"));
  auto options = std::make_shared<Options>();
  command
      ->add_option("--for", options->audience,
                   Words("提供先: public（公表）、municipalities（市区町村）", "For whom: public, municipalities"))
      ->required()
      ->check(CLI::IsMember({"public", "municipalities"}));
  command->add_option("--as-of", options->as_of,
                      Words("基準日（指定がなければ今日）", "The day that is asked about; today if not given"));
  command->add_option("--curriculum", options->curriculum,
                      Words("このカリキュラムだけ（curricula/…）", "Only this curriculum: curricula/..."));
  command->add_option("--xlsx", options->workbook, Words("このExcelファイルに書き出す", "Into this workbook"));
  AddClientFlags(*command, options->client);
  command->callback([options, &chosen] {
    chosen = [options] {
      const auto client = Client::Open(options->client);
      const absl::Status done = client.ok() ? WriteRoster(*client, *options, std::cout) : client.status();
      return done.ok() ? 0 : PrintError(done, LanguageOf(options->client));
    };
  });
}

}  // namespace tsunagu::suite
