#include "services/subsidy/budget.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/fiscal_year.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/charge.h"
#include "services/subsidy/document.h"
#include "services/subsidy/rules/rational.h"
#include "tsunagu/subsidy/v1/budget_change.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/posting.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using v1::BudgetChange;

bool IsCarriedOver(BudgetChange::Kind kind) {
  return kind == BudgetChange::KIND_CARRIED_OVER || kind == BudgetChange::KIND_ACCIDENT_CARRIED_OVER;
}

bool GoesToAnother(BudgetChange::Kind kind) { return kind == BudgetChange::KIND_TRANSFER || IsCarriedOver(kind); }

// A transfer stays in its year; a carry-over goes to the next year.
bool MayReceive(const BudgetChange& change, const Charge& from, const Charge& to, Faults& faults) {
  const int year = from.line().fiscal_year() + (IsCarriedOver(change.kind()) ? 1 : 0);
  const bool is_itself = to.line().name() == from.line().name();
  if (is_itself) faults.Add("to_line", "TRANSFER_TO_ITSELF"_reason);
  const bool fits = to.line().fiscal_year() == year;
  if (!fits) faults.Add("to_line", "LINE_OF_WRONG_YEAR"_reason, {{"year", absl::StrCat(year)}});
  const bool is_own = to.line().body() == from.line().body();
  if (!is_own) faults.Add("to_line", "LINE_OF_ANOTHER_BODY"_reason, {{"body", from.line().body()}});
  return fits && is_own && !is_itself;
}

// The parts of a line's funding must add up to the total.
absl::Status DecideBudgetLine(const store::Decision<v1::BudgetLine>& decision) {
  const auto& funding = decision.after().funding();
  const auto is_same = [](const auto& a, const auto& b) { return a.source() == b.source() && a.share() == b.share(); };
  const bool is_kept = decision.before() != nullptr &&  // a posting changes only balances
                       std::equal(funding.begin(), funding.end(), decision.before()->funding().begin(),
                                  decision.before()->funding().end(), is_same);
  if (funding.empty() || is_kept) return absl::OkStatus();
  absl::optional<rules::Rational> sum = 0;
  for (const auto& part : funding) {
    const auto share = rules::Rational::ParseFraction(part.share());
    sum = share && sum ? Add(*sum, *share) : absl::nullopt;
  }
  const bool is_whole = sum && Compare(*sum, 1) == 0;
  if (!is_whole) decision.faults().Add("funding", "FUNDING_NOT_WHOLE"_reason);
  return absl::OkStatus();
}

absl::Status DecideBudgetChange(const store::Decision<BudgetChange>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // such a record never changes
  const BudgetChange& change = decision.after();
  store::Tx& tx = decision.tx();
  const bool goes = GoesToAnother(change.kind());
  if (goes) Require(!change.to_line().empty(), "to_line", decision.faults());
  Document::CheckDay(change.change_date(), absl::nullopt, decision.today(), "change_date", decision.faults());
  if (!decision.faults().empty() || change.kind() == BudgetChange::KIND_UNSPECIFIED) return absl::OkStatus();
  const std::string line(Schema::ParentOf(change.name()));
  std::vector<std::string> lines = {line};
  if (goes) lines.push_back(change.to_line());
  RETURN_IF_ERROR(GuardLines(tx, lines));
  std::vector<Charge> charges;
  for (const std::string& name : lines) {
    ASSIGN_OR_RETURN(Charge charge, Charge::On(tx, name));
    charges.push_back(std::move(charge));
  }
  const jp::CivilDay day = jp::DayOf(change.change_date());
  const bool grows = change.kind() == BudgetChange::KIND_INITIAL || change.kind() == BudgetChange::KIND_SUPPLEMENT;
  RETURN_IF_ERROR(charges[0].PostBudget(grows ? rules::Act::kAllocate : rules::Act::kWithdraw, change.yen(), day));
  if (goes) {
    if (!MayReceive(change, charges[0], charges[1], decision.faults())) return absl::OkStatus();
    const jp::CivilDay first = jp::FiscalYear(charges[1].line().fiscal_year()).first_day();
    RETURN_IF_ERROR(charges[1].PostBudget(rules::Act::kAllocate, change.yen(), std::max(day, first)));
  }
  decision.Derive([&](BudgetChange& derived) { derived.set_maker(tx.actor().Person()); });
  decision.Then([charges = std::move(charges), name = change.name()](store::Tx& tx) {
    for (const Charge& charge : charges) RETURN_IF_ERROR(charge.Write(tx, name));
    return absl::OkStatus();
  });
  return absl::OkStatus();
}

absl::StatusOr<v1::BudgetLine> Close(Service& service, const rpc::Call& call, Resource& lines,
                                     const v1::CloseBudgetLineRequest& request) {
  return ChangeRecord<v1::BudgetLine>(
      service, call, lines, request, [&](store::Tx& tx, v1::BudgetLine& line) -> absl::Status {
        // Another writer may have changed what was read before the guard: the etag shows it.
        RETURN_IF_ERROR(GuardLines(tx, {line.name()}));
        const jp::CivilDay today = service.Today();
        const jp::FiscalYear year(line.fiscal_year());
        if (line.has_closing_date()) return Fail("LINE_CLOSED"_reason);
        if (today <= year.last_day()) return Fail("YEAR_NOT_OVER"_reason, {{"year", absl::StrCat(year.year())}});
        if (line.committed_yen() > 0) {
          return Fail("LINE_COMMITTED"_reason, {{"yen", absl::StrCat(line.committed_yen())}});
        }
        *line.mutable_closing_date() = jp::ToDate(today);
        line.clear_reopening_reason();
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::BudgetLine> Reopen(Service& service, const rpc::Call& call, Resource& lines,
                                      const v1::ReopenBudgetLineRequest& request) {
  return ChangeRecord<v1::BudgetLine>(service, call, lines, request,
                                      [&](store::Tx& tx, v1::BudgetLine& line) -> absl::Status {
                                        RETURN_IF_ERROR(GuardLines(tx, {line.name()}));
                                        const std::string maker = tx.actor().Person();
                                        if (!line.has_closing_date()) return Fail("LINE_NOT_CLOSED"_reason);
                                        if (line.reopening_by() == maker) return Fail("SECOND_PERSON_NEEDED"_reason);
                                        line.set_reopening_reason(request.reason());
                                        if (line.reopening_by().empty()) {
                                          line.set_reopening_by(maker);
                                          return absl::OkStatus();
                                        }
                                        line.clear_reopening_by();
                                        line.clear_closing_date();
                                        return absl::OkStatus();
                                      });
}

}  // namespace

void AddBudget(Service& service) {
  Resource& lines = service.Add<v1::BudgetLine>().Rule(DecideBudgetLine);
  BindStandard(service, "tsunagu.subsidy.v1.BudgetLineService", lines)
      .Unary("CloseBudgetLine",
             [&](rpc::Call& call, const v1::CloseBudgetLineRequest& request) {
               return Close(service, call, lines, request);
             })
      .Unary("ReopenBudgetLine", [&](rpc::Call& call, const v1::ReopenBudgetLineRequest& request) {
        return Reopen(service, call, lines, request);
      });
  BindStandard(service, "tsunagu.subsidy.v1.BudgetChangeService", service.Add<BudgetChange>().Rule(DecideBudgetChange));
  BindStandard(service, "tsunagu.subsidy.v1.PostingService", service.Add<v1::Posting>());
}

}  // namespace tsunagu::subsidy
