#include "services/suite/areas.h"

#include <iostream>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/contract/schema.h"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "common/jp/civil_day.h"
#include "common/text/file_format.h"
#include "services/suite/input.h"
#include "services/suite/lines_file.h"
#include "services/suite/new_file.h"
#include "services/suite/print_error.h"
#include "services/suite/progress.h"
#include "tsunagu/registry/v1/area_change.pb.h"

namespace tsunagu::suite {
namespace {

namespace v1 = registry::v1;

constexpr size_t kLargestList = 3 << 20;

const std::string& In(Language language, const platform::v1::Label& label) {
  return language == Language::kJapanese ? label.ja() : label.en();
}

std::string Side(const google::protobuf::RepeatedPtrField<std::string>& areas,
                 const google::protobuf::RepeatedPtrField<std::string>& names) {
  std::vector<std::string> side;
  for (int i = 0; i < areas.size(); ++i) side.push_back(absl::StrCat(contract::OwnId(areas[i]), " ", names[i]));
  return side.empty() ? "?" : absl::StrJoin(side, ", ");
}

// As in the layout of the contract, with two more columns that an import ignores.
ReportLines LinesOf(const v1::ProposeAreaChangesResponse& response, Language language) {
  const bool ja = language == Language::kJapanese;
  const contract::Schema& schema = contract::Schema::Of(v1::AreaChange::descriptor());
  ReportLines lines;
  std::vector<std::string> headings = ContractHeading(schema, language);
  headings.push_back(ja ? "根拠" : "rests on");
  headings.push_back(ja ? "決めること" : "to decide");
  for (std::string& heading : headings) lines.columns.emplace_back().heading = std::move(heading);
  for (const v1::AreaChangeProposal& proposal : response.proposals()) {
    std::vector<std::string>& cells = lines.rows.emplace_back(ContractCells(schema, proposal.area_change(), language));
    cells.push_back(In(language, proposal.rests_on()));
    cells.push_back(In(language, proposal.to_decide()));
  }
  return lines;
}

std::string KindOf(const v1::AreaChange& change, Language language) {
  if (change.kind() == v1::AREA_CHANGE_KIND_UNSPECIFIED) return "?";
  const auto& kind = *v1::AreaChangeKind_descriptor()->FindValueByNumber(change.kind());
  if (language == Language::kJapanese) return kind.options().GetExtension(tsunagu::ja);
  return kind.name().substr(std::string("AREA_CHANGE_KIND_").size());
}

void Tell(const v1::ProposeAreaChangesResponse& response, Language language, std::ostream& told) {
  const bool ja = language == Language::kJapanese;
  for (const v1::AreaChangeProposal& proposal : response.proposals()) {
    const v1::AreaChange& change = proposal.area_change();
    told << KindOf(change, language) << ": " << Side(change.from_areas(), change.from_names()) << " → "
         << Side(change.to_areas(), change.to_names()) << "\n  " << In(language, proposal.rests_on()) << (ja ? "" : " ")
         << In(language, proposal.to_decide()) << "\n";
  }
  if (response.left_out_prefectures_size() > 0) {
    told << (ja ? "比べていない都道府県: " : "Prefectures that were not compared: ")
         << absl::StrJoin(response.left_out_prefectures(), " ") << "\n";
  }
}

}  // namespace

absl::Status ProposeAreaChanges(const Client& client, const ProposeOptions& options, std::ostream& told) {
  const Language language = client.once.language;
  const bool ja = language == Language::kJapanese;
  v1::ProposeAreaChangesRequest request;
  if (!options.day.empty()) {
    ASSIGN_OR_RETURN(const jp::CivilDay day, jp::ParseDay(options.day));
    *request.mutable_effective_date() = jp::ToDate(day);
  }
  ASSIGN_OR_RETURN(const auto input, Input::Open(options.list));
  ASSIGN_OR_RETURN(*request.mutable_data(), input->ReadAll(kLargestList));
  if (request.data().size() > kLargestList) {
    return FailHere(absl::StatusCode::kInvalidArgument, "AREA_LIST_TOO_LARGE", "一覧のファイルは3 MiBまでです。",
                    "A list has at most 3 MiB.");
  }
  ASSIGN_OR_RETURN(const auto response,
                   client.peer->Unary<v1::ProposeAreaChangesResponse>(
                       "tsunagu.registry.v1.AreaChangeService/ProposeAreaChanges", request, client.stream));
  std::ostringstream csv;
  csv << "\xEF\xBB\xBF";  // for spreadsheets
  WriteCsv(LinesOf(response, language), csv);
  ASSIGN_OR_RETURN(const auto file, NewFile::Create(options.out));
  RETURN_IF_ERROR(file->Write(csv.str()));
  RETURN_IF_ERROR(file->Finish());
  Tell(response, language, told);
  const int count = response.proposals_size(), same = response.unchanged_count();
  told << (ja ? absl::StrCat("変更の案: ", count, "件（同じ地域: ", same, "） → ", options.out)
              : absl::StrCat("proposed changes: ", count, " (areas that are the same: ", same, ") → ", options.out))
       << "\n";
  if (count > 0) {
    told << (ja ? "確かめて直してから、一覧、この変更の順に取り込んでください:\n"
                : "Check and correct them; then import the list, and after it these changes:\n")
         << "  tsunagu import areas " << options.list << " --rename\n  tsunagu import areaChanges " << options.out
         << "\n";
  }
  return Flush(told);
}

void AddAreas(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* areas = app.add_subcommand("areas", Words("地域の一覧を比べる", "Compare lists of areas"));
  areas->require_subcommand(1);
  AddLanguageFlag(*areas);
  CLI::App* propose = areas->add_subcommand("propose", Words("新しい団体コード一覧との違いを、地域の変更の案にする",
                                                             "Changes that explain a newer list of codes"));
  auto flags = std::make_shared<ClientFlags>();
  auto options = std::make_shared<ProposeOptions>();
  propose
      ->add_option("file", options->list, Words("新しい一覧。- は標準入力", "The newer list, or - for standard input"))
      ->required();
  propose->add_option("--effective-date", options->day,
                      Words("施行日（指定がなければ今日）", "From which day it holds; today if not given"));
  propose->add_option("-o,--out", options->out, Words("案を書き出すファイル", "The file of the changes"))->required();
  AddClientFlags(*propose, *flags);
  propose->callback([flags, options, &chosen] {
    chosen = [flags, options] {
      const auto client = Client::Open(*flags);
      const absl::Status done = client.ok() ? ProposeAreaChanges(*client, *options, std::cout) : client.status();
      return done.ok() ? 0 : PrintError(done, LanguageOf(*flags));
    };
  });
}

}  // namespace tsunagu::suite
