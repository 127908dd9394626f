#include "services/subsidy/explanation.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/records.h"
#include "common/rpc/bind.h"
#include "common/service/service.h"
#include "services/subsidy/explanation_usage.h"
#include "services/subsidy/rule_set.h"
#include "services/subsidy/rules/commitment.h"
#include "services/subsidy/rules/ledger.h"
#include "services/subsidy/rules/rational.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/explanation.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/posting.pb.h"
#include "tsunagu/subsidy/v1/service_record.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using contract::Where;
using google::protobuf::Message;
using v1::Explanation;

constexpr int kMostPostings = 1000;

void Name(const char* ja, const char* en, int64_t yen, Explanation& explanation) {
  explanation.set_ja(ja);
  explanation.set_en(en);
  explanation.set_yen(yen);
}

// Checks whether the rule gives today what it gave then: the stored trace must begin with its steps. Steps that a
// decision adds, such as a reduced amount, do not come from a rule.
absl::Status Replay(store::View& view, const std::string& rule_set, const v1::Claim& claim, const v1::Trace& stored,
                    Explanation& explanation) {
  *explanation.mutable_trace() = stored;
  if (rule_set.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ReadyRuleSet ready, ReadRuleSet(view, rule_set));
  explanation.set_rule_set(rule_set);
  explanation.set_rule_set_title(ready.rule_set.display_name());
  const absl::StatusOr<rules::Evaluation> again = ready.compiled.Evaluate(claim);
  bool agrees = again.ok() && again->trace.lines_size() <= stored.lines_size();
  for (int i = 0; agrees && i < again->trace.lines_size(); ++i) {
    agrees = again->trace.lines(i).SerializeAsString() == stored.lines(i).SerializeAsString();
  }
  const bool adds = agrees && again->trace.lines_size() < stored.lines_size();
  explanation.set_agrees(agrees && (adds || again->trace.amount() == stored.amount()));
  return absl::OkStatus();
}

absl::Status Explain(store::View& view, const std::string& name, Explanation& explanation);

absl::Status ExplainApplication(store::View& view, const v1::Application& application, Explanation& explanation) {
  const std::string& source = application.decision().empty() ? application.filing() : application.decision();
  if (source.empty()) return Fail("AMOUNT_UNEXPLAINED"_reason, {{"name", application.name()}});
  return Explain(view, source, explanation);
}

absl::Status ExplainLine(store::View& view, const v1::BudgetLine& line, Explanation& explanation) {
  Name("予算残額", "what is left on the line", line.available_yen(), explanation);
  explanation.set_source(line.name());
  v1::BudgetLine again;
  int64_t count = 0;
  RETURN_IF_ERROR(store::Records<v1::Posting>(view).ForEach(Where::Under(line.name()), [&](const v1::Posting& posting) {
    if (++count <= kMostPostings) explanation.add_postings(posting.name());
    const auto move = [&](v1::Posting::Account account, int64_t yen) {
      if (account == v1::Posting::ACCOUNT_GRANTED) again.set_granted_yen(again.granted_yen() - yen);
      if (account == v1::Posting::ACCOUNT_AVAILABLE) again.set_available_yen(again.available_yen() + yen);
      if (account == v1::Posting::ACCOUNT_COMMITTED) again.set_committed_yen(again.committed_yen() + yen);
      if (account == v1::Posting::ACCOUNT_PAID) again.set_paid_yen(again.paid_yen() + yen);
    };
    move(posting.from_account(), -posting.yen());
    move(posting.to_account(), posting.yen());
    return absl::OkStatus();
  }));
  const auto add = [&](const char* step, const char* ja, const char* en, int64_t yen) {
    v1::Trace::Line& row = *explanation.mutable_trace()->add_lines();
    row.set_step(step);
    row.set_ja(ja);
    row.set_en(en);
    row.set_value(rules::Rational(yen).ToText());
  };
  add("granted", "予算現額", "granted", again.granted_yen());
  add("committed", "未払いの決定額", "committed and not paid", again.committed_yen());
  add("paid", "支出済額", "paid", again.paid_yen());
  add("available", "残額", "left", again.available_yen());
  explanation.mutable_trace()->set_amount(again.available_yen());
  explanation.set_agrees(again.granted_yen() == line.granted_yen() && again.available_yen() == line.available_yen() &&
                         again.committed_yen() == line.committed_yen() && again.paid_yen() == line.paid_yen() &&
                         count == line.posting_count());
  return absl::OkStatus();
}

absl::Status ExplainPosting(store::View& view, const v1::Posting& posting, Explanation& explanation) {
  const bool has_document =
      !posting.application().empty() || !posting.commitment().empty() || !posting.usage_claim().empty();
  if (has_document) RETURN_IF_ERROR(Explain(view, posting.cause(), explanation));
  Name("仕訳額", "what was posted", posting.yen(), explanation);
  explanation.set_source(posting.cause());
  return absl::OkStatus();
}

absl::Status ExplainPayment(store::View& view, const v1::Payment& payment, Explanation& explanation) {
  ASSIGN_OR_RETURN(const auto application, store::Records<v1::Application>(view).Get(Schema::ParentOf(payment.name())));
  RETURN_IF_ERROR(Explain(view, application.decision(), explanation));
  Name("支払額", "what was paid", payment.yen(), explanation);
  return absl::OkStatus();
}

// Adds the postings that a document has caused, if the caller sees the line.
absl::Status AddPostings(store::View& view, const std::string& cause, Explanation& explanation) {
  explanation.clear_postings();
  return store::Records<v1::Posting>(view).ForEach(Where("cause", cause), [&](const v1::Posting& posting) {
    if (explanation.postings_size() < kMostPostings) explanation.add_postings(posting.name());
    return absl::OkStatus();
  });
}

// Adds a line for each act in order, and checks that the acts add up to the state of the commitment.
absl::Status ExplainCommitment(store::View& view, const v1::Commitment& commitment, Explanation& explanation) {
  Name("委託・直営の負担額", "what is committed or paid", commitment.committed_yen() + commitment.paid_yen(),
       explanation);
  explanation.set_source(commitment.name());
  std::map<int, v1::CommitmentAct> acts;  // by number
  RETURN_IF_ERROR(store::Records<v1::CommitmentAct>(view).ForEach(Where::Under(commitment.name()), [&](auto& act) {
    acts[act.number()] = std::move(act);
    return absl::OkStatus();
  }));
  rules::CommitmentStanding again;
  again.kind = commitment.kind();
  if (again.kind == v1::Commitment::KIND_DIRECT) again.state = v1::Commitment::STATE_RUNNING;
  bool agrees = true;
  for (const auto& [number, act] : acts) {
    const auto step = rules::TakeAct(again, act.kind(), act.budget_line(), act.yen());
    agrees = agrees && step.ok();
    if (step.ok()) again = step->after;
    const auto& kind = *v1::CommitmentAct::Kind_descriptor()->FindValueByNumber(act.kind());
    v1::Trace::Line& row = *explanation.mutable_trace()->add_lines();
    row.set_step(act.name());
    row.set_ja(kind.options().GetExtension(tsunagu::ja));
    row.set_en(kind.name());
    row.set_computed(act.document_number());
    row.set_exact(jp::FormatIso(jp::DayOf(act.act_date())));
    row.set_value(rules::Rational(act.yen()).ToText());
  }
  explanation.mutable_trace()->set_amount(again.committed() + again.paid());
  explanation.set_agrees(agrees && again.committed() == commitment.committed_yen() &&
                         again.paid() == commitment.paid_yen() && again.contracted == commitment.contracted_yen() &&
                         again.inspected == commitment.inspected_yen());
  return absl::OkStatus();
}

template <typename M>
bool Is(absl::string_view name) {
  const std::string collection = contract::Schema::Of(M::descriptor()).collection();
  const absl::string_view above = name.substr(0, name.rfind('/'));
  return above.substr(above.rfind('/') + 1) == collection;
}

absl::Status Explain(store::View& view, const std::string& name, Explanation& explanation) {
  if (Is<v1::Application>(name)) {
    ASSIGN_OR_RETURN(const auto application, store::Records<v1::Application>(view).Get(name));
    return ExplainApplication(view, application, explanation);
  }
  if (Is<v1::BudgetLine>(name)) {
    ASSIGN_OR_RETURN(const auto line, store::Records<v1::BudgetLine>(view).Get(name));
    return ExplainLine(view, line, explanation);
  }
  if (Is<v1::Posting>(name)) {
    ASSIGN_OR_RETURN(const auto posting, store::Records<v1::Posting>(view).Get(name));
    return ExplainPosting(view, posting, explanation);
  }
  if (Is<v1::Filing>(name)) {
    ASSIGN_OR_RETURN(const auto filing, store::Records<v1::Filing>(view).Get(name));
    Name("算定額", "what the claim comes to", filing.amount_yen(), explanation);
    explanation.set_source(name);
    RETURN_IF_ERROR(Replay(view, filing.rule_set(), filing.claim(), filing.trace(), explanation));
    return AddPostings(view, name, explanation);
  }
  if (Is<v1::Decision>(name)) {
    ASSIGN_OR_RETURN(const auto decision, store::Records<v1::Decision>(view).Get(name));
    Name("決定額", "what was decided", decision.amount_yen(), explanation);
    explanation.set_source(name);
    RETURN_IF_ERROR(Replay(view, decision.rule_set(), decision.claim(), decision.trace(), explanation));
    return AddPostings(view, name, explanation);
  }
  if (Is<v1::Commitment>(name)) {
    ASSIGN_OR_RETURN(const auto commitment, store::Records<v1::Commitment>(view).Get(name));
    return ExplainCommitment(view, commitment, explanation);
  }
  if (Is<v1::CommitmentAct>(name)) {
    ASSIGN_OR_RETURN(const auto act, store::Records<v1::CommitmentAct>(view).Get(name));
    RETURN_IF_ERROR(Explain(view, std::string(Schema::ParentOf(name)), explanation));
    explanation.set_yen(act.yen());
    return AddPostings(view, name, explanation);
  }
  if (Is<v1::Payment>(name)) {
    ASSIGN_OR_RETURN(const auto payment, store::Records<v1::Payment>(view).Get(name));
    RETURN_IF_ERROR(ExplainPayment(view, payment, explanation));
    return AddPostings(view, name, explanation);
  }
  if (Is<v1::ServiceRecord>(name)) {
    ASSIGN_OR_RETURN(const auto record, store::Records<v1::ServiceRecord>(view).Get(name));
    return ExplainServiceRecord(view, record, explanation);
  }
  if (Is<v1::UsageClaim>(name)) {
    ASSIGN_OR_RETURN(const auto claim, store::Records<v1::UsageClaim>(view).Get(name));
    RETURN_IF_ERROR(ExplainUsageClaim(view, claim, explanation));
    return AddPostings(view, name, explanation);
  }
  return Fail("AMOUNT_UNEXPLAINED"_reason, {{"name", name}});
}

}  // namespace

void AddExplanation(Service& service) {
  rpc::Binder(service.module(), "tsunagu.subsidy.v1.ExplanationService")
      .Unary("ExplainAmount",
             [&service](rpc::Call& call, const v1::ExplainAmountRequest& request) -> absl::StatusOr<Explanation> {
               Explanation explanation;
               RETURN_IF_ERROR(service.Read(call, [&](store::View& view) {
                 explanation.Clear();
                 return Explain(view, request.name(), explanation);
               }));
               explanation.set_name(request.name());
               return explanation;
             });
}

}  // namespace tsunagu::subsidy
