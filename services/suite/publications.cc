#include "services/suite/publications.h"

#include <iostream>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "common/jp/civil_day.h"
#include "services/suite/new_file.h"
#include "services/suite/print_error.h"
#include "services/suite/progress.h"
#include "tsunagu/registry/v1/publication.pb.h"

namespace tsunagu::suite {
namespace {

namespace v1 = registry::v1;
using v1::Publication;

template <typename M>
absl::StatusOr<M> Ask(const Client& client, absl::string_view method, const google::protobuf::Message& request) {
  return client.peer->Unary<M>(absl::StrCat("tsunagu.registry.v1.PublicationService/", method), request, client.stream);
}

// Returns the value of an enum from its typed form "stages-and-trainings".
absl::StatusOr<int> ValueOf(const google::protobuf::EnumDescriptor* all, absl::string_view prefix,
                            const std::string& word) {
  const auto* value =
      all->FindValueByName(absl::StrCat(prefix, absl::AsciiStrToUpper(absl::StrReplaceAll(word, {{"-", "_"}}))));
  if (value != nullptr && value->number() != 0) return value->number();
  return FailHere(absl::StatusCode::kInvalidArgument, "UNKNOWN_WORD",
                  absl::StrCat("「", word, "」は指定できません。--help で確認してください。"),
                  absl::StrCat("\"", word, "\" is none of the choices. See --help."));
}

std::string Counts(bool ja, const Publication& publication) {
  return ja ? absl::StrCat("数", WithCommas(publication.figure_count()), "件、うち秘匿",
                           WithCommas(publication.withheld_count()), "件\n")
            : absl::StrCat(WithCommas(publication.figure_count()), " figures, ",
                           WithCommas(publication.withheld_count()), " of them withheld\n");
}

}  // namespace

absl::Status MakePublication(const Client& client, const PublicationOptions& options, std::ostream& told) {
  v1::CreatePublicationRequest request;
  request.set_validate_only(options.dry_run);
  Publication& publication = *request.mutable_publication();
  publication.set_display_name(options.title);
  publication.set_prefecture(FullName("areas", options.prefecture));
  publication.set_survey_round(FullName("surveyRounds", options.survey));
  publication.set_least_count(options.least);
  if (options.zeros_withheld) publication.set_zeros(Publication::ZEROS_WITHHELD);
  ASSIGN_OR_RETURN(const jp::CivilDay day, jp::ParseDay(options.day));
  *publication.mutable_as_of_date() = jp::ToDate(day);
  for (const std::string& table : options.tables) {
    ASSIGN_OR_RETURN(const int value, ValueOf(Publication::Table_descriptor(), "TABLE_", table));
    publication.add_tables(static_cast<Publication::Table>(value));
  }
  for (const std::string& grouping : options.groupings) {
    ASSIGN_OR_RETURN(const int value, ValueOf(Publication::Grouping_descriptor(), "GROUPING_", grouping));
    publication.add_groupings(static_cast<Publication::Grouping>(value));
  }
  for (const std::string& item : options.items) publication.add_items(item);
  ASSIGN_OR_RETURN(const auto made, Ask<Publication>(client, "CreatePublication", request));
  if (!options.dry_run) told << made.name() << "\n";
  told << Counts(client.once.language == Language::kJapanese, made);
  return Flush(told);
}

absl::Status WritePublication(const Client& client, const std::string& name, const std::string& file, bool audits,
                              std::ostream& told) {
  const auto format = absl::EndsWithIgnoreCase(file, ".csv") ? Publication::FORMAT_CSV : Publication::FORMAT_JSON;
  const auto read = [&](auto request, absl::string_view method) {
    request.set_name(FullName("publications", name));
    request.set_format(format);
    return Ask<v1::ReadPublicationFileResponse>(client, method, request);
  };
  ASSIGN_OR_RETURN(const auto answer, audits ? read(v1::AuditPublicationFileRequest(), "AuditPublicationFile")
                                             : read(v1::ReadPublicationFileRequest(), "ReadPublicationFile"));
  ASSIGN_OR_RETURN(const auto written, NewFile::Create(file));
  RETURN_IF_ERROR(written->Write(answer.data()));
  RETURN_IF_ERROR(written->Finish());
  told << file << "\nSHA-256: " << answer.sha256() << "\n";
  return Flush(told);
}

absl::Status WithdrawPublication(const Client& client, const std::string& name, const std::string& reason,
                                 std::ostream& told) {
  v1::WithdrawPublicationRequest request;
  request.set_name(FullName("publications", name));
  request.set_reason(reason);
  ASSIGN_OR_RETURN(const auto withdrawn, Ask<Publication>(client, "WithdrawPublication", request));
  told << (client.once.language == Language::kJapanese ? "取下げ: " : "withdrawn: ") << withdrawn.name() << "\n";
  return Flush(told);
}

namespace {

struct Flags {
  ClientFlags client;
  PublicationOptions made;
  std::string name, file, reason;
  bool audits = false;
};

void AddName(CLI::App& command, Flags& flags) {
  command.add_option("name", flags.name, Words("公表: publications/…", "The publication: publications/..."))
      ->required();
}

}  // namespace

void AddPublications(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* publication = app.add_subcommand(
      "publication", Words("小さい数を秘匿した表を公表する", "Publish tables in which small figures are withheld"));
  publication->require_subcommand(1);
  AddLanguageFlag(*publication);

  auto made = std::make_shared<Flags>();
  PublicationOptions& options = made->made;
  CLI::App* make = publication->add_subcommand("make", Words("公表する", "Publish"));
  make->add_option("--title", options.title, Words("名称", "Its title"))->required();
  make->add_option("--prefecture", options.prefecture, Words("都道府県: areas/310000", "The prefecture: areas/310000"))
      ->required();
  make->add_option("--as-of", options.day, Words("基準日: 2026-04-01", "The day: 2026-04-01"))->required();
  make->add_option("--table", options.tables,
                   Words("表: stages、trainings、stages-and-trainings、answers（調査の回答）",
                         "A table: stages, trainings, stages-and-trainings, answers (of a survey)"))
      ->required();
  make->add_option("--survey", options.survey,
                   Words("確定した調査: surveyRounds/…", "A locked survey: surveyRounds/..."));
  make->add_option("--item", options.items,
                   Words("調査項目（指定しなければ数の項目すべて）", "An item of it; none: all that are numbers"));
  make->add_option("--by", options.groupings,
                   Words("集計の単位: regions（圏域）、kinds（団体の種別）", "Sums by regions, or by kinds of bodies"));
  make->add_option("--least", options.least,
                   Words("これ未満の数を秘匿する（指定しなければ5）", "Withhold figures below this; none: 5"))
      ->check(CLI::NonNegativeNumber);
  make->add_flag("--withhold-zeros", options.zeros_withheld, Words("0も秘匿する", "Withhold 0 too"));
  make->add_flag("--dry-run", options.dry_run,
                 Words("試すだけで、何も保存しない", "Say what would happen, store nothing"));
  RunAsClient(*make, made, chosen,
              [](const Client& client, const Flags& flags) { return MakePublication(client, flags.made, std::cout); });

  auto written = std::make_shared<Flags>();
  CLI::App* write = publication->add_subcommand(
      "write", Words("公表した表をファイルに書き出す", "Write what was published to a file"));
  AddName(*write, *written);
  write
      ->add_option("--out", written->file,
                   Words("書き出すファイル（.csv はCSV、ほかはJSON）", "The file: .csv for CSV, else JSON"))
      ->required();
  write->add_flag("--audit", written->audits,
                  Words("取り下げたものも（監査の権限が要る）", "Also what was withdrawn, for those who audit"));
  RunAsClient(*write, written, chosen, [](const Client& client, const Flags& flags) {
    return WritePublication(client, flags.name, flags.file, flags.audits, std::cout);
  });

  auto withdrawn = std::make_shared<Flags>();
  CLI::App* withdraw = publication->add_subcommand("withdraw", Words("公表を取り下げる", "Withdraw a publication"));
  AddName(*withdraw, *withdrawn);
  withdraw->add_option("--reason", withdrawn->reason, Words("理由", "Why"))->required();
  RunAsClient(*withdraw, withdrawn, chosen, [](const Client& client, const Flags& flags) {
    return WithdrawPublication(client, flags.name, flags.reason, std::cout);
  });
}

}  // namespace tsunagu::suite
