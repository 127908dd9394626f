#include "services/suite/explain.h"

#include <iostream>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/host/words.h"
#include "services/suite/client.h"
#include "services/suite/print_error.h"
#include "services/suite/progress.h"
#include "services/suite/text_table.h"
#include "tsunagu/subsidy/v1/explanation.pb.h"

namespace tsunagu::suite {
namespace {

namespace v1 = subsidy::v1;

struct Options {
  ClientFlags client;
  std::string name;
};

std::string Drawn(const v1::Trace& trace, bool ja) {
  TextTable table({{ja ? "区分" : "item"},
                   {ja ? "項目" : "line"},
                   {ja ? "計算" : "worked out"},
                   {ja ? "端数処理" : "rounded"},
                   {ja ? "結果" : "result", true}});
  for (const v1::Trace::Line& line : trace.lines()) {
    table.Add({line.item(), ja ? line.ja() : line.en(), line.computed(), ja ? line.rounding_ja() : line.rounding_en(),
               line.value()});
  }
  return table.Draw("  ");
}

absl::StatusOr<bool> Explain(const Client& client, const std::string& name, std::ostream& out) {
  v1::ExplainAmountRequest request;
  request.set_name(name);
  ASSIGN_OR_RETURN(
      const auto explanation,
      client.peer->Unary<v1::Explanation>("tsunagu.subsidy.v1.ExplanationService/ExplainAmount", request, client.once));
  out << ExplanationText(explanation, client.once.language);
  RETURN_IF_ERROR(Flush(out));
  return !explanation.has_agrees() || explanation.agrees();
}

}  // namespace

std::string ExplanationText(const v1::Explanation& explanation, Language language) {
  const bool ja = language == Language::kJapanese;
  const std::string yen = WithCommas(explanation.yen());
  std::string text =
      ja ? absl::StrCat(explanation.ja(), " ", yen, "円\n") : absl::StrCat("¥", yen, ", ", explanation.en(), "\n");
  absl::StrAppend(&text, ja ? "根拠: " : "From: ", explanation.source(), "\n");
  if (!explanation.rule_set().empty()) {
    absl::StrAppend(&text, ja ? "要綱: " : "Rule: ", explanation.rule_set_title(), " (", explanation.rule_set(), ")\n");
  }
  absl::StrAppend(&text, Drawn(explanation.trace(), ja));
  if (explanation.has_agrees() && explanation.agrees()) {
    absl::StrAppend(&text,
                    ja ? "今あらためて計算し、同じ結果になりました。\n" : "Worked out again just now: the same.\n");
  }
  if (explanation.has_agrees() && !explanation.agrees()) {
    absl::StrAppend(
        &text, ja ? "今あらためて計算すると、違う結果になります。\n" : "Worked out again just now: NOT the same.\n");
  }
  for (const std::string& posting : explanation.postings()) {
    absl::StrAppend(&text, ja ? "仕訳: " : "Posting: ", posting, "\n");
  }
  return text;
}

void AddExplain(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "explain", Words("金額がなぜその額なのかを、一行ずつ説明する", "Why an amount is what it is, line by line"));
  auto options = std::make_shared<Options>();
  command
      ->add_option("name", options->name,
                   Words("金額のある記録: applications/…、applications/…/decisions/…、budgetLines/… など",
                         "A record with an amount: applications/..., applications/.../decisions/..., budgetLines/..."))
      ->required();
  AddClientFlags(*command, options->client);
  command->callback([options, &chosen] {
    chosen = [options] {
      const auto client = Client::Open(options->client);
      const absl::StatusOr<bool> agrees =
          client.ok() ? Explain(*client, options->name, std::cout) : absl::StatusOr<bool>(client.status());
      if (!agrees.ok()) return PrintError(agrees.status(), LanguageOf(options->client));
      return *agrees ? 0 : 1;
    };
  });
}

}  // namespace tsunagu::suite
