#include "services/suite/handover.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/host/words.h"
#include "common/jp/civil_day.h"
#include "google/type/date.pb.h"
#include "services/suite/input.h"
#include "services/suite/lines_file.h"
#include "services/suite/print_error.h"
#include "services/suite/report_lines.h"
#include "tsunagu/matching/v1/handover.pb.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/options.pb.h"
#include "tsunagu/registry/v1/nurse_handover.pb.h"

namespace tsunagu::suite {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using sheet::ColumnKind;

ReportLines Heading(const google::protobuf::Descriptor& message, Language language) {
  ReportLines lines;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    sheet::Column& column = lines.columns.emplace_back();
    column.heading = language == Language::kJapanese ? field.options().GetExtension(tsunagu::field).ja() : field.name();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32) column.kind = ColumnKind::kInteger;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) column.kind = ColumnKind::kDate;
  }
  return lines;
}

// Returns an empty text for an unspecified value.
std::string WordOf(const EnumValueDescriptor& value, Language language) {
  if (value.number() == 0) return "";
  if (language == Language::kJapanese) return value.options().GetExtension(tsunagu::ja);
  const std::string type = value.type()->value(0)->name();  // SKILL_UNSPECIFIED
  return value.name().substr(type.size() - std::string("UNSPECIFIED").size());
}

std::string CellOf(const Message& row, const FieldDescriptor& field, Language language) {
  const auto& reflection = *row.GetReflection();
  if (field.is_repeated()) {  // of enums
    std::vector<std::string> words;
    for (int i = 0; i < reflection.FieldSize(row, &field); ++i) {
      words.push_back(WordOf(*reflection.GetRepeatedEnum(row, &field, i), language));
    }
    return absl::StrJoin(words, ";");
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return WordOf(*reflection.GetEnum(row, &field), language);
    case FieldDescriptor::CPPTYPE_INT32: {
      const int32_t number = reflection.GetInt32(row, &field);
      return number == 0 ? "" : absl::StrCat(number);
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (!reflection.GetBool(row, &field)) return "";
      return language == Language::kJapanese ? "はい" : "yes";
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      if (!reflection.HasField(row, &field)) return "";
      google::type::Date day;
      day.CopyFrom(reflection.GetMessage(row, &field));
      return jp::FormatIso(jp::DayOf(day));
    }
    default:
      return reflection.GetString(row, &field);
  }
}

template <typename Row, typename Request>
absl::StatusOr<ReportLines> ReadLines(const Client& client, const std::string& method, const HandoverOptions& options) {
  Request request;
  request.set_area(options.area);
  if (!options.as_of.empty()) {
    ASSIGN_OR_RETURN(const jp::CivilDay day, jp::ParseDay(options.as_of));
    *request.mutable_as_of_date() = jp::ToDate(day);
  }
  const Language language = client.once.language;
  ReportLines lines = Heading(*Row::descriptor(), language);
  const auto stream = client.peer->Stream(method, client.stream);
  if (stream->Write(request)) stream->WritesDone();
  Row row;
  for (;;) {
    row.Clear();
    ASSIGN_OR_RETURN(const bool more, stream->Read(row));
    if (!more) break;
    std::vector<std::string>& cells = lines.rows.emplace_back();
    for (int i = 0; i < Row::descriptor()->field_count(); ++i) {
      cells.push_back(CellOf(row, *Row::descriptor()->field(i), language));
    }
  }
  RETURN_IF_ERROR(stream->Finish());
  return lines;
}

// Returns the nurses who have accepted a post and have not started, as far as the caller may see them. Empty if no
// matching service runs.
absl::StatusOr<std::set<std::string>> ReadPromised(const Client& client) {
  std::set<std::string> promised;
  matching::v1::ListProposalsRequest request;
  request.set_filter("state = STATE_ACCEPTED");
  request.set_page_size(1000);
  do {
    const auto page = client.peer->Unary<matching::v1::ListProposalsResponse>(
        "tsunagu.matching.v1.ProposalService/ListProposals", request, client.once);
    const bool unseen = absl::IsUnimplemented(page.status()) || absl::IsPermissionDenied(page.status());
    if (unseen) return promised;
    RETURN_IF_ERROR(page.status());
    for (const matching::v1::Proposal& proposal : page->proposals()) promised.insert(proposal.nurse());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return promised;
}

absl::StatusOr<ReportLines> ReadNurses(const Client& client, const HandoverOptions& options) {
  using Request = registry::v1::ReadNurseHandoverRequest;
  ASSIGN_OR_RETURN(ReportLines lines,
                   (ReadLines<registry::v1::HandedNurse, Request>(
                       client, "tsunagu.registry.v1.NurseHandoverService/ReadNurseHandover", options)));
  if (lines.rows.empty()) return lines;
  ASSIGN_OR_RETURN(const auto promised, ReadPromised(client));
  const auto gone = [&](const std::vector<std::string>& cells) { return promised.count(cells.front()) > 0; };
  lines.rows.erase(std::remove_if(lines.rows.begin(), lines.rows.end(), gone), lines.rows.end());
  return lines;
}

}  // namespace

absl::Status WriteHandover(const Client& client, const HandoverOptions& options, std::ostream& out) {
  auto lines = options.what == "nurses"
                   ? ReadNurses(client, options)
                   : ReadLines<matching::v1::HandoverOpening, matching::v1::ReadHandoverOpeningsRequest>(
                         client, "tsunagu.matching.v1.HandoverService/ReadHandoverOpenings", options);
  RETURN_IF_ERROR(lines.status());
  if (!options.workbook.empty()) return WriteWorkbook(*std::move(lines), options.what, options.workbook);
  WriteCsv(*lines, out);
  return Flush(out);
}

void AddHandover(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "handover", Words("ナースセンターに引き継ぐ求人や、同意した求職者を出力する",
                        "For the nurse centre: openings, or nurses who have agreed to be handed over"));
  struct Flags {
    ClientFlags client;
    HandoverOptions options;
  };
  auto flags = std::make_shared<Flags>();
  HandoverOptions& options = flags->options;
  command->add_option("what", options.what, Words("openings（求人）か nurses（看護職員）", "openings or nurses"))
      ->required()
      ->check(CLI::IsMember({"openings", "nurses"}));
  command->add_option("--area", options.area,
                      Words("この地域だけ: areas/310000（都道府県全体）か areas/312011",
                            "Only here: areas/310000 (a whole prefecture) or areas/312011"));
  command->add_option("--as-of", options.as_of,
                      Words("基準日（指定がなければ今日）", "The day that is asked about; today if not given"));
  command->add_option("--xlsx", options.workbook, Words("このExcelファイルに書き出す", "Into this workbook"));
  AddClientFlags(*command, flags->client);
  command->callback([flags, &chosen] {
    chosen = [flags] {
      const auto client = Client::Open(flags->client);
      const absl::Status done = client.ok() ? WriteHandover(*client, flags->options, std::cout) : client.status();
      return done.ok() ? 0 : PrintError(done, LanguageOf(flags->client));
    };
  });
}

}  // namespace tsunagu::suite
