#include "services/suite/survey.h"

#include <iostream>
#include <map>
#include <memory>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "common/jp/civil_day.h"
#include "common/text/columns.h"
#include "services/suite/input.h"
#include "services/suite/instant.h"
#include "services/suite/lines_file.h"
#include "services/suite/new_file.h"
#include "services/suite/print_error.h"
#include "services/suite/report_lines.h"
#include "services/suite/text_table.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/survey_round.pb.h"

namespace tsunagu::suite {
namespace {

namespace v1 = registry::v1;
using v1::SurveyFile;

constexpr size_t kLargestForm = 3 << 20;

template <typename M>
absl::StatusOr<M> Ask(const Client& client, absl::string_view method, const google::protobuf::Message& request) {
  return client.peer->Unary<M>(absl::StrCat("tsunagu.registry.v1.", method), request, client.stream);
}

std::string RoundName(const std::string& round) { return FullName("surveyRounds", round); }

// r8/312011 is short for surveyRounds/r8/surveyResponses/312011.
std::string ResponseName(const std::string& response) {
  if (absl::StartsWith(response, "surveyRounds/")) return response;
  const std::vector<std::string> parts = absl::StrSplit(response, '/');
  return parts.size() == 2 ? absl::StrCat("surveyRounds/", parts[0], "/surveyResponses/", parts[1]) : response;
}

std::string CodeOf(const v1::SurveyResponse& response) { return contract::OwnId(response.name()); }

std::string Word(const google::protobuf::EnumDescriptor* type, int value, Language language) {
  return value == 0 ? "" : EnumWord(*type->FindValueByNumber(value), language);
}

std::string Day(const google::type::Date& day, Language language) {
  return language == Language::kJapanese ? jp::FormatWareki(jp::DayOf(day)) : jp::FormatIso(jp::DayOf(day));
}

absl::StatusOr<std::vector<v1::SurveyResponse>> ListResponses(const Client& client, const std::string& round) {
  std::vector<v1::SurveyResponse> all;
  v1::ListSurveyResponsesRequest request;
  request.set_parent(RoundName(round));
  request.set_page_size(100);
  do {
    ASSIGN_OR_RETURN(
        auto page, Ask<v1::ListSurveyResponsesResponse>(client, "SurveyResponseService/ListSurveyResponses", request));
    for (auto& response : *page.mutable_survey_responses()) all.push_back(std::move(response));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

absl::StatusOr<std::string> NameOfBody(const Client& client, const std::string& body) {
  v1::GetAreaRequest request;
  request.set_name(body);
  ASSIGN_OR_RETURN(const auto area, Ask<v1::Area>(client, "AreaService/GetArea", request));
  return area.display_name();
}

absl::Status WriteFile(const SurveyFile& file, const std::string& path, Language language, std::ostream& told) {
  ASSIGN_OR_RETURN(const auto written, NewFile::Create(path));
  RETURN_IF_ERROR(written->Write(file.data()));
  RETURN_IF_ERROR(written->Finish());
  told << path << "\n";
  if (file.replaced_characters_size() > 0) {
    told << (language == Language::kJapanese ? "文字コードにないため置き換えた文字: "
                                             : "Replaced, as the encoding does not have them: ")
         << absl::StrJoin(file.replaced_characters(), " ") << "\n";
  }
  return Flush(told);
}

absl::Status WriteOne(const Client& client, const std::string& response, SurveyFile::Format format,
                      const std::string& path, std::ostream& told) {
  v1::MakeSurveyFileRequest request;
  request.set_name(ResponseName(response));
  request.set_format(format);
  ASSIGN_OR_RETURN(const auto file, Ask<SurveyFile>(client, "SurveyResponseService/MakeSurveyFile", request));
  return WriteFile(file, path, client.once.language, told);
}

absl::Status WriteAll(const Client& client, const std::string& round, SurveyFile::Format format,
                      const std::string& path, std::ostream& told) {
  v1::ExportSurveyResponsesRequest request;
  request.set_parent(RoundName(round));
  request.set_format(format);
  ASSIGN_OR_RETURN(const auto file, Ask<SurveyFile>(client, "SurveyResponseService/ExportSurveyResponses", request));
  RETURN_IF_ERROR(WriteFile(file, path, client.once.language, told));
  told << "SHA-256: " << file.sha256() << "\n";
  return Flush(told);
}

absl::StatusOr<v1::SurveyResponse> ReadOne(const Client& client, const SurveyAnswers& answers,
                                           const std::string& path) {
  ASSIGN_OR_RETURN(const auto input, Input::Open(path));
  v1::ImportSurveyFileRequest request;
  request.set_parent(RoundName(answers.round.empty() ? "-" : answers.round));
  request.set_body(FullName("areas", answers.body));
  request.set_submit(answers.submit);
  ASSIGN_OR_RETURN(*request.mutable_data(), input->ReadAll(kLargestForm));
  if (request.data().size() > kLargestForm) {
    return FailHere(absl::StatusCode::kInvalidArgument, "SURVEY_FILE_TOO_LARGE", "調査票のファイルは3 MiBまでです。",
                    "The file of a form has at most 3 MiB.");
  }
  return Ask<v1::SurveyResponse>(client, "SurveyResponseService/ImportSurveyFile", request);
}

absl::StatusOr<ReportLines> Differences(const Client& client, const std::string& round, const std::string& previous,
                                        bool changed_only) {
  const Language language = client.once.language;
  const bool ja = language == Language::kJapanese;
  ReportLines lines;
  for (const auto& [japanese, english] :
       {std::pair("団体コード", "code"), std::pair("団体", "body"), std::pair("項目", "item"),
        std::pair("単位", "unit"), std::pair("前回", "last time"), std::pair("前回の根拠", "from (last time)"),
        std::pair("今回", "this time"), std::pair("今回の根拠", "from"), std::pair("増減", "difference")}) {
    lines.columns.emplace_back().heading = ja ? japanese : english;
  }
  v1::CompareSurveyRoundsRequest request;
  request.set_parent(RoundName(round));
  request.set_previous(RoundName(previous));
  request.set_changed_only(changed_only);
  const auto stream =
      client.peer->Stream("tsunagu.registry.v1.SurveyResponseService/CompareSurveyRounds", client.stream);
  if (stream->Write(request)) stream->WritesDone();
  v1::SurveyDifference one;
  for (;;) {
    one.Clear();
    ASSIGN_OR_RETURN(const bool more, stream->Read(one));
    if (!more) break;
    const auto* provenance = v1::SurveyResponse::Provenance_descriptor();
    lines.rows.push_back({contract::OwnId(one.body()), one.body_name(), one.label(), one.unit(), one.previous_value(),
                          Word(provenance, one.previous_provenance(), language), one.value(),
                          Word(provenance, one.provenance(), language),
                          one.has_difference() ? absl::StrCat(one.difference()) : ""});
  }
  RETURN_IF_ERROR(stream->Finish());
  return lines;
}

}  // namespace

absl::Status ShowSurvey(const Client& client, const std::string& round, std::ostream& told) {
  const Language language = client.once.language;
  const bool ja = language == Language::kJapanese;
  v1::GetSurveyRoundRequest request;
  request.set_name(RoundName(round));
  ASSIGN_OR_RETURN(const auto found, Ask<v1::SurveyRound>(client, "SurveyRoundService/GetSurveyRound", request));
  ASSIGN_OR_RETURN(const auto responses, ListResponses(client, round));
  TextTable table(
      {{ja ? "団体" : "body"}, {ja ? "状態" : "state"}, {ja ? "提出" : "handed in"}, {ja ? "回答" : "answers", true}});
  std::map<int, int> by_state;
  for (const auto& response : responses) {
    ASSIGN_OR_RETURN(const std::string body, NameOfBody(client, response.body()));
    int answered = 0;
    for (const auto& answer : response.answers()) answered += answer.value().empty() ? 0 : 1;
    ++by_state[response.state()];
    table.Add(
        {body, Word(v1::SurveyResponse::State_descriptor(), response.state(), language),
         response.has_submit_time()
             ? absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(response.submit_time().seconds()), Japan())
             : "",
         absl::StrCat(answered, "/", response.answers_size())});
  }
  told << "■ " << found.display_name() << (ja ? "（基準日 " : " (of ") << Day(found.as_of_date(), language)
       << (ja ? "、回答期限 " : ", due ") << Day(found.due_date(), language) << (ja ? "）" : ")") << "\n"
       << table.Draw("  ") << "  ";
  const char* separator = "";
  for (const auto& [state, count] : by_state) {
    told << separator << Word(v1::SurveyResponse::State_descriptor(), state, language) << " " << count;
    separator = ja ? "、" : ", ";
  }
  told << "\n";
  return Flush(told);
}

absl::Status WriteSurveyForms(const Client& client, const std::string& round, SurveyFile::Format format,
                              const std::string& directory, std::ostream& told) {
  ASSIGN_OR_RETURN(const auto responses, ListResponses(client, round));
  const bool is_csv = format == SurveyFile::FORMAT_CSV || format == SurveyFile::FORMAT_CSV_CP932;
  for (const auto& response : responses) {
    const std::string path = absl::StrCat(directory, "/", CodeOf(response), is_csv ? ".csv" : ".xlsx");
    RETURN_IF_ERROR(WriteOne(client, response.name(), format, path, told));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> ReadSurveyForms(const Client& client, const SurveyAnswers& answers, std::ostream& told,
                                    std::ostream& errors) {
  const Language language = client.once.language;
  int refused = 0;
  for (const std::string& path : answers.files) {
    const auto taken = ReadOne(client, answers, path);
    if (taken.ok()) {
      told << path << ": " << taken->name() << " "
           << Word(v1::SurveyResponse::State_descriptor(), taken->state(), language) << "\n";
      RETURN_IF_ERROR(Flush(told));
      continue;
    }
    // If many files are sent, each result is reported; an unreachable server would give the same error for each.
    if (absl::IsUnavailable(taken.status()) || absl::IsUnauthenticated(taken.status())) return taken.status();
    ++refused;
    errors << path << ": " << ErrorJson(taken.status(), language) << "\n";
  }
  return refused;
}

namespace {

struct Flags {
  ClientFlags client;
  std::string round, previous, response, format = "xlsx", directory, file;
  SurveyAnswers answers;
  bool changed = false;
};

SurveyFile::Format FormatOf(const Flags& flags) {
  return flags.format == "csv"         ? SurveyFile::FORMAT_CSV
         : flags.format == "csv-cp932" ? SurveyFile::FORMAT_CSV_CP932
                                       : SurveyFile::FORMAT_XLSX;
}

void AddRound(CLI::App& command, Flags& flags) {
  command
      .add_option("round", flags.round, Words("調査: surveyRounds/… かそのID", "The round: surveyRounds/... or its id"))
      ->required();
}

void AddFormat(CLI::App& command, Flags& flags) {
  command.add_option("--format", flags.format, Words("xlsx、csv（UTF-8）、csv-cp932", "xlsx, csv (UTF-8), csv-cp932"))
      ->check(CLI::IsMember({"xlsx", "csv", "csv-cp932"}))
      ->capture_default_str();
}

void AddFormCommands(CLI::App& survey, std::function<int()>& chosen) {
  auto all = std::make_shared<Flags>();
  CLI::App* forms = survey.add_subcommand(
      "forms", Words("団体ごとの調査票をフォルダーに書き出す", "Write the form of each body into a folder"));
  AddRound(*forms, *all);
  forms->add_option("--directory", all->directory, Words("書き出すフォルダー", "The folder"))
      ->required()
      ->check(CLI::ExistingDirectory);
  AddFormat(*forms, *all);
  RunAsClient(*forms, all, chosen, [](const Client& client, const Flags& flags) {
    return WriteSurveyForms(client, flags.round, FormatOf(flags), flags.directory, std::cout);
  });

  auto one = std::make_shared<Flags>();
  CLI::App* form = survey.add_subcommand("form", Words("一つの団体の調査票を書き出す", "Write the form of one body"));
  form->add_option("response", one->response, Words("回答: 調査のID/団体コード", "The response: ROUND/CODE"))
      ->required();
  form->add_option("--out", one->file, Words("書き出すファイル", "The file to write"))->required();
  AddFormat(*form, *one);
  RunAsClient(*form, one, chosen, [](const Client& client, const Flags& flags) {
    return WriteOne(client, flags.response, FormatOf(flags), flags.file, std::cout);
  });

  auto back = std::make_shared<Flags>();
  CLI::App* read = survey.add_subcommand("read", Words("記入された調査票を読み込む", "Take forms that were filled in"));
  read->add_option("files", back->answers.files,
                   Words("記入されたファイル。- は標準入力", "The files, or - for standard input"))
      ->required();
  read->add_option("--round", back->answers.round, Words("この調査のものだけ", "Only of this round"));
  read->add_option("--body", back->answers.body,
                   Words("この団体のものだけ（団体コード）", "Only of this body: its code"));
  read->add_flag("--submit", back->answers.submit, Words("読み込んで提出する", "Hand them in at once"));
  RunAsClient(*read, back, chosen, [](const Client& client, const Flags& flags) -> absl::StatusOr<int> {
    ASSIGN_OR_RETURN(const int refused, ReadSurveyForms(client, flags.answers, std::cout, std::cerr));
    return refused == 0 ? 0 : 1;
  });
}

}  // namespace

void AddSurvey(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* survey = app.add_subcommand(
      "survey",
      Words("調査票を送り、回答を集め、まとめる", "Send the forms of a survey, take the answers, put them together"));
  survey->require_subcommand(1);
  AddLanguageFlag(*survey);

  auto shown = std::make_shared<Flags>();
  CLI::App* show = survey->add_subcommand("show", Words("どの団体が回答したかを表示する", "Who has answered"));
  AddRound(*show, *shown);
  RunAsClient(*show, shown, chosen,
              [](const Client& client, const Flags& flags) { return ShowSurvey(client, flags.round, std::cout); });

  AddFormCommands(*survey, chosen);

  auto exported = std::make_shared<Flags>();
  CLI::App* all = survey->add_subcommand(
      "export", Words("すべての回答を一つのファイルに書き出す", "Write all answers into one file"));
  AddRound(*all, *exported);
  all->add_option("--out", exported->file, Words("書き出すファイル", "The file to write"))->required();
  AddFormat(*all, *exported);
  RunAsClient(*all, exported, chosen, [](const Client& client, const Flags& flags) {
    return WriteAll(client, flags.round, FormatOf(flags), flags.file, std::cout);
  });

  auto compared = std::make_shared<Flags>();
  CLI::App* compare = survey->add_subcommand(
      "compare", Words("前回の調査との差を出力する", "What became of each answer since another round"));
  AddRound(*compare, *compared);
  compare->add_option("--previous", compared->previous, Words("前回の調査", "The round before"))->required();
  compare->add_flag("--changed", compared->changed, Words("変わったものだけ", "Only what is not the same"));
  compare->add_option("--xlsx", compared->file, Words("このExcelファイルに書き出す", "Into this workbook"));
  RunAsClient(*compare, compared, chosen, [](const Client& client, const Flags& flags) -> absl::Status {
    ASSIGN_OR_RETURN(auto lines, Differences(client, flags.round, flags.previous, flags.changed));
    if (!flags.file.empty()) return WriteWorkbook(std::move(lines), "differences", flags.file);
    WriteCsv(lines, std::cout);
    return Flush(std::cout);
  });
}

}  // namespace tsunagu::suite
