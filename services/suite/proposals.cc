#include "services/suite/proposals.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/message.h"
#include "services/suite/print_error.h"
#include "services/suite/text_table.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::suite {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using matching::v1::Proposal;

constexpr char kService[] = "tsunagu.matching.v1.ProposalService";

// A word of the command, its method, and the meaning of its day.
struct Step {
  const char* word;
  const char* method;
  const char* day;
};
constexpr Step kSteps[] = {
    {"consent", "ConsentProposal", "reply_by_date"}, {"agree", "AgreeProposal", "interview_date"},
    {"meet", "RecordInterview", "interview_date"},   {"hire", "DecideProposal", "start_date"},
    {"refuse", "DecideProposal", "start_date"},      {"accept", "AcceptProposal", "none"},
    {"start", "StartProposal", "start_date"},        {"retain", "RecordRetention", "check_date"},
    {"leave", "LeaveProposal", "leave_date"},        {"stay", "StayProposal", "none"},
    {"withdraw", "WithdrawProposal", "none"},
};

std::vector<std::string> StepWords() {
  std::vector<std::string> words;
  for (const Step& step : kSteps) words.emplace_back(step.word);
  return words;
}

absl::Status NotOfStep(const std::string& field, const std::string& value) {
  return FailHere(absl::StatusCode::kInvalidArgument, "NOT_OF_STEP",
                  absl::StrCat("この段階では使えません: ", field, " ", value),
                  absl::StrCat("This step takes no such thing: ", field, " ", value));
}

absl::Status Set(Message& request, const std::string& name, const std::string& value) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr) return NotOfStep(name, value);
  const auto& reflection = *request.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: {  // a day
      ASSIGN_OR_RETURN(const jp::CivilDay day, jp::ParseDay(value));
      reflection.MutableMessage(&request, field)->CopyFrom(jp::ToDate(day));
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* reason = field->enum_type()->FindValueByName("END_REASON_" + value);
      if (reason == nullptr) return NotOfStep(name, value);
      reflection.SetEnum(&request, field, reason);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT32: {
      int32_t number = 0;
      if (!absl::SimpleAtoi(value, &number)) return NotOfStep(name, value);
      reflection.SetInt32(&request, field, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(&request, field, value == "true");
      return absl::OkStatus();
    default:
      reflection.SetString(&request, field, value);
      return absl::OkStatus();
  }
}

std::string StateOf(const Proposal& proposal, Language language) {
  const auto* value = Proposal::State_descriptor()->FindValueByNumber(proposal.state());
  if (value == nullptr) return "";
  return language == Language::kJapanese ? value->options().GetExtension(tsunagu::ja)
                                         : value->name().substr(sizeof("STATE_") - 1);
}

std::string ReplyBy(const Proposal& proposal) {
  return proposal.has_reply_by_date() ? jp::FormatIso(jp::DayOf(proposal.reply_by_date())) : "";
}

}  // namespace

absl::Status ListProposals(const Client& client, const ProposalFilter& filter, std::ostream& told) {
  std::vector<std::string> wanted;
  const auto of = [&](const char* field, const char* collection, const std::string& name) {
    if (!name.empty()) wanted.push_back(absl::StrCat(field, " = \"", FullName(collection, name), "\""));
  };
  of("opening", "openings", filter.opening);
  of("nurse", "nurses", filter.nurse);
  of("round", "rounds", filter.round);
  if (!filter.over) {
    for (const char* ended : {"LEFT", "NOT_HIRED", "WITHDRAWN", "EXPIRED"}) {
      wanted.push_back(absl::StrCat("NOT state = STATE_", ended));
    }
  }
  matching::v1::ListProposalsRequest request;
  request.set_filter(absl::StrJoin(wanted, " AND "));
  request.set_page_size(1000);
  std::vector<Proposal> proposals;
  do {
    ASSIGN_OR_RETURN(const auto page, client.peer->Unary<matching::v1::ListProposalsResponse>(
                                          absl::StrCat(kService, "/ListProposals"), request, client.once));
    proposals.insert(proposals.end(), page.proposals().begin(), page.proposals().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  std::stable_sort(proposals.begin(), proposals.end(),
                   [](const Proposal& a, const Proposal& b) { return ReplyBy(a) < ReplyBy(b); });
  const Language language = client.once.language;
  const bool ja = language == Language::kJapanese;
  TextTable table({{ja ? "紹介" : "proposal"},
                   {ja ? "段階" : "state"},
                   {ja ? "期限" : "reply by"},
                   {ja ? "求人" : "opening"},
                   {ja ? "看護職員" : "nurse"}});
  for (const Proposal& one : proposals) {
    table.Add({one.name(), StateOf(one, language), ReplyBy(one), one.opening(), one.nurse()});
  }
  told << table.Draw("");
  return Flush(told);
}

absl::Status TakeStep(const Client& client, const std::string& word, const std::string& proposal,
                      const std::map<std::string, std::string>& said, std::ostream& told) {
  const auto* step =
      std::find_if(std::begin(kSteps), std::end(kSteps), [&](const Step& one) { return one.word == word; });
  if (step == std::end(kSteps)) return NotOfStep("step", word);
  const auto* method = Proposal::descriptor()->file()->service(0)->FindMethodByName(step->method);
  const std::unique_ptr<Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method->input_type())->New());
  RETURN_IF_ERROR(Set(*request, "name", FullName("proposals", proposal)));
  if (word == "hire") RETURN_IF_ERROR(Set(*request, "hired", "true"));
  for (const auto& [field, value] : said) {
    if (value.empty()) continue;
    RETURN_IF_ERROR(Set(*request, field == "day" ? step->day : field, value));
  }
  ASSIGN_OR_RETURN(const auto after,
                   client.peer->Unary<Proposal>(absl::StrCat(kService, "/", step->method), *request, client.once));
  told << after.name() << ": " << StateOf(after, client.once.language);
  if (after.has_reply_by_date()) {
    told << (client.once.language == Language::kJapanese ? "、期限 " : ", reply by ") << ReplyBy(after);
  }
  told << "\n";
  return Flush(told);
}

namespace {

struct Flags {
  ClientFlags client;
  ProposalFilter filter;
  std::string step, proposal;
  std::map<std::string, std::string> said;
};

void AddStep(CLI::App& proposals, std::function<int()>& chosen) {
  auto flags = std::make_shared<Flags>();
  CLI::App* step = proposals.add_subcommand("step", Words("次の段階を記録する", "Record the next step of one"));
  step->add_option(
          "step", flags->step,
          Words("本人: consent（同意）accept（承諾）、事業所: agree（了承）meet（面接）hire（採用）refuse（不採用）、"
                "就業後: start（開始）retain（定着）leave（離職）stay（離職の撤回）、どこでも: withdraw（取下げ）",
                "consent, agree, meet, hire, refuse, accept, start, retain, leave, stay, withdraw"))
      ->required()
      ->check(CLI::IsMember(StepWords()));
  step->add_option("proposal", flags->proposal, Words("紹介: proposals/…", "The proposal: proposals/..."))->required();
  const auto add = [&](const char* flag, const char* field, const char* ja, const char* en) {
    step->add_option(flag, flags->said[field], Words(ja, en));
  };
  add("--day", "day", "その日（面接、就業開始、確認、離職など）",
      "Its day: of the interview, the start, the check, the leaving");
  add("--nurse", "nurse", "本人: nurses/…（consent、accept）", "Who says so: nurses/... (consent, accept)");
  add("--evidence", "evidence", "同意を確かめた方法（consent）", "How her consent was given (consent)");
  add("--name", "nurse_display_name", "事業所に伝える氏名（consent）", "The name that the facility may know (consent)");
  add("--contact", "nurse_contact", "事業所に伝える連絡先（consent）", "The contact that it may know (consent)");
  add("--reason", "reason", "理由: NURSE_DECLINED、OTHER_CHOSEN など", "Why: NURSE_DECLINED, OTHER_CHOSEN and others");
  add("--months", "months", "就業から何か月の確認か: 1、3、6", "Months after the start: 1, 3 or 6");
  add("--note", "note", "補足", "What else is to be said");
  RunAsClient(*step, flags, chosen, [](const Client& client, const Flags& told) {
    return TakeStep(client, told.step, told.proposal, told.said, std::cout);
  });
}

}  // namespace

void AddProposals(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* proposals = app.add_subcommand(
      "proposals",
      Words("紹介の一覧と、同意から定着までの記録", "Proposals on their way, and their steps from consent to staying"));
  proposals->require_subcommand(1);
  AddLanguageFlag(*proposals);
  auto flags = std::make_shared<Flags>();
  CLI::App* list = proposals->add_subcommand(
      "list", Words("進行中の紹介を期限の順に", "Those on their way, by the day by which they go on"));
  list->add_option("--opening", flags->filter.opening, Words("この求人だけ", "Only of this opening"));
  list->add_option("--nurse", flags->filter.nurse, Words("この看護職員だけ", "Only of this nurse"));
  list->add_option("--round", flags->filter.round, Words("このマッチングからだけ", "Only from this round"));
  list->add_flag("--all", flags->filter.over, Words("終わったものも", "Also those that are over"));
  RunAsClient(*list, flags, chosen,
              [](const Client& client, const Flags& told) { return ListProposals(client, told.filter, std::cout); });
  AddStep(*proposals, chosen);
}

}  // namespace tsunagu::suite
