#include "services/suite/audit_checks.h"

#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/contract/schema.h"

namespace tsunagu::suite {
namespace {

using contract::Schema;
using namespace subsidy::v1;  // NOLINT: documents by the dozen

// The state of an application according to its documents, by the counting rule of the report.
struct Standing {
  bool filed = false, fixed = false;
  int64_t requested = 0, granted = 0, paid = 0;
};

class Documents {
 public:
  explicit Documents(const AuditRecords& records) {
    for (const Filing& one : records.filings) filings_[KeyOf(one)] = &one;
    for (const Decision& one : records.decisions) decisions_[KeyOf(one)] = &one;
    for (const auto& [key, one] : decisions_) Decide(*one, key.second, standings_[key.first]);
    for (const auto& [key, one] : filings_) File(*one, key.second, standings_[key.first]);
    for (const Payment& one : records.payments) {
      standings_[std::string(Schema::ParentOf(one.name()))].paid +=
          one.kind() == Payment::KIND_RETURN ? -one.yen() : one.yen();
    }
  }

  const Standing& Of(const std::string& application) { return standings_[application]; }

 private:
  using Key = std::pair<std::string, int>;  // application and number

  template <typename M>
  static Key KeyOf(const M& document) {
    return {std::string(Schema::ParentOf(document.name())), document.number()};
  }

  void Decide(const Decision& decision, int number, Standing& standing) {
    const bool fixes = decision.kind() == Decision::KIND_FIXING;
    if (!fixes && decision.kind() != Decision::KIND_GRANT && decision.kind() != Decision::KIND_CHANGE_APPROVAL &&
        decision.kind() != Decision::KIND_CANCELLATION) {
      return;
    }
    standing.granted = decision.amount_yen();
    standing.fixed |= fixes;
    last_[&standing] = number;
  }
  void File(const Filing& filing, int number, Standing& standing) {
    const bool is_change = filing.kind() == Filing::KIND_CHANGE && !filing.minor();
    if (filing.kind() == Filing::KIND_APPLICATION || is_change) {
      standing.filed = true;
      standing.requested = filing.amount_yen();
    }
    if (filing.kind() == Filing::KIND_WITHDRAWAL) standing.granted = 0;
    if (filing.kind() == Filing::KIND_TAX_REPORT && number > last_[&standing]) standing.granted -= filing.tax_yen();
  }

  std::map<Key, const Filing*> filings_;
  std::map<Key, const Decision*> decisions_;
  std::map<std::string, Standing> standings_;
  std::map<const Standing*, int> last_;  // number of the last decision about the amount
};

AuditCheck Compared(const std::string& record, const char* ja, const char* en, int64_t stored, int64_t again) {
  return {record, ja, en, stored, again, stored == again, ""};
}

struct Balance {
  int64_t granted = 0, available = 0, committed = 0, paid = 0, postings = 0;

  void Move(Posting::Account account, int64_t yen) {
    if (account == Posting::ACCOUNT_GRANTED) granted -= yen;  // a debt
    if (account == Posting::ACCOUNT_AVAILABLE) available += yen;
    if (account == Posting::ACCOUNT_COMMITTED) committed += yen;
    if (account == Posting::ACCOUNT_PAID) paid += yen;
  }
};

// What contracts and own work have charged to lines of the programme's year, by population and measure.
std::map<std::string, int64_t> Executed(const AuditRecords& records) {
  std::set<std::string> lines;
  for (const BudgetLine& one : records.lines) {
    if (one.fiscal_year() == records.programme.fiscal_year()) lines.insert(one.name());
  }
  std::map<std::string, const char*> populations;
  for (const Commitment& one : records.commitments) {
    populations[one.name()] = one.kind() == Commitment::KIND_CONTRACT ? "contracts" : "direct";
  }
  std::map<std::string, int64_t> sums;
  for (const CommitmentAct& act : records.commitment_acts) {
    if (lines.count(act.budget_line()) == 0) continue;
    const std::string population = populations[std::string(Schema::ParentOf(act.name()))];
    int64_t &committed = sums[population + " committed"], &paid = sums[population + " paid"];
    const bool comes_back = act.kind() == CommitmentAct::KIND_RETURN;
    if (act.kind() == CommitmentAct::KIND_COMMITMENT) committed += act.yen();
    if (comes_back || act.kind() == CommitmentAct::KIND_RELEASE) committed -= act.yen();
    if (comes_back) paid -= act.yen();
    if (act.kind() == CommitmentAct::KIND_ADVANCE || act.kind() == CommitmentAct::KIND_PAYMENT) paid += act.yen();
  }
  for (const UsageClaim& claim : records.claims) {
    if (lines.count(claim.budget_line()) == 0) continue;
    sums["usage committed"] += claim.total_yen();
    sums["usage paid"] += claim.state() == UsageClaim::STATE_PAID ? claim.total_yen() : 0;
  }
  return sums;
}

// The minutes of the records behind each claim of hours.
std::map<std::string, int64_t> MinutesOf(const AuditRecords& records) {
  std::set<std::string> replaced;
  for (const ServiceRecord& one : records.service_records) replaced.insert(one.replaces());
  std::map<std::string, int64_t> minutes;
  for (const UsageClaim& claim : records.claims) {
    const std::string provider(Schema::ParentOf(claim.name()));
    for (const ServiceRecord& one : records.service_records) {
      const bool is_of_month = one.service_date().year() == claim.month_date().year() &&
                               one.service_date().month() == claim.month_date().month();
      if (one.provider() != provider || !is_of_month || replaced.count(one.name()) > 0) continue;
      minutes[claim.name()] += one.minutes();
    }
  }
  return minutes;
}

}  // namespace

std::vector<AuditCheck> CheckAmounts(const AuditRecords& records) {
  std::vector<AuditCheck> checks;
  for (const auto& [name, explanation] : records.explanations) {
    AuditCheck& check = checks.emplace_back();
    check.record = name;
    check.ja = explanation.ja();
    check.en = explanation.en();
    check.stored = explanation.yen();
    check.rule_set = explanation.rule_set();
    if (explanation.has_agrees()) check.same = explanation.agrees();
  }
  Documents documents(records);
  for (const Application& one : records.applications) {
    const Standing& again = documents.Of(one.name());
    checks.push_back(Compared(one.name(), "申請額", "applied for", one.requested_yen(), again.requested));
    checks.push_back(Compared(one.name(), "決定額", "granted", one.granted_yen(), again.granted));
    checks.push_back(Compared(one.name(), "支払額", "paid", one.paid_yen(), again.paid));
  }
  std::map<std::string, int64_t> payments;
  for (const Payment& one : records.payments) payments[one.name()] = one.yen();
  for (const UsageClaim& one : records.claims) {
    payments[one.name()] = one.state() == UsageClaim::STATE_PAID ? one.total_yen() : 0;
  }
  for (const PaymentRequest& one : records.requests) {
    if (one.outcome() != PaymentRequest::OUTCOME_PAID) continue;
    const std::string& paid = one.usage_claim().empty() ? one.payment() : one.usage_claim();
    checks.push_back(Compared(one.name(), "支払請求額", "asked for and paid", one.yen(), payments[paid]));
  }
  std::map<std::string, int64_t> minutes = MinutesOf(records);
  for (const UsageClaim& one : records.claims) {
    int64_t claimed = 0, yen = 0;
    for (const auto& line : one.lines()) claimed += line.minutes(), yen += line.yen();
    checks.push_back(Compared(one.name(), "請求額", "claimed", one.total_yen(), yen));
    checks.push_back(Compared(one.name(), "請求時間（分）", "minutes claimed", claimed, minutes[one.name()]));
  }
  std::map<std::string, Balance> balances;
  for (const Posting& posting : records.postings) {
    Balance& balance = balances[std::string(Schema::ParentOf(posting.name()))];
    balance.Move(posting.from_account(), -posting.yen());
    balance.Move(posting.to_account(), posting.yen());
    ++balance.postings;
  }
  for (const BudgetLine& line : records.lines) {
    const Balance& again = balances[line.name()];
    checks.push_back(Compared(line.name(), "予算現額", "budget", line.granted_yen(), again.granted));
    checks.push_back(
        Compared(line.name(), "未払いの決定額", "committed and not paid", line.committed_yen(), again.committed));
    checks.push_back(Compared(line.name(), "支出済額", "paid", line.paid_yen(), again.paid));
    checks.push_back(Compared(line.name(), "残額", "left", line.available_yen(), again.available));
    checks.push_back(Compared(line.name(), "仕訳数", "postings", line.posting_count(), again.postings));
  }
  return checks;
}

std::vector<AuditCheck> CheckReport(const AuditRecords& records) {
  std::map<std::string, int64_t> again;
  for (const Allotment& one : records.allotments) again["allotted"] += one.yen();
  Documents documents(records);
  for (const Application& one : records.applications) {
    const Standing& standing = documents.Of(one.name());
    if (!standing.filed) continue;
    ++again["applications"];
    again["requested"] += standing.requested;
    again["granted"] += standing.granted;
    again["paid"] += standing.paid;
    again["fixed"] += standing.fixed ? standing.granted : 0;
  }
  std::map<std::string, int64_t> reported;
  for (const auto& figure : records.report.figures()) {
    if (figure.group() != records.programme.name()) continue;
    reported[figure.population() == "all" ? figure.measure()
                                          : absl::StrCat(figure.population(), " ", figure.measure())] =
        figure.numerator();
  }
  for (const auto& [figure, yen] : Executed(records)) again[figure] = yen;
  std::vector<AuditCheck> checks;
  for (const auto& [measure, ja, en] :
       {std::tuple("allotted", "内示額", "allotted"), std::tuple("applications", "申請件数", "applications"),
        std::tuple("requested", "申請額", "applied for"), std::tuple("granted", "決定額", "granted"),
        std::tuple("paid", "支払額", "paid"), std::tuple("fixed", "確定額", "fixed"),
        std::tuple("contracts committed", "委託の負担額", "committed by contract"),
        std::tuple("contracts paid", "委託の支払額", "paid by contract"),
        std::tuple("direct committed", "直営の負担額", "committed by own work"),
        std::tuple("direct paid", "直営の支払額", "paid by own work"),
        std::tuple("usage committed", "利用実績の承認額", "approved claims of hours"),
        std::tuple("usage paid", "利用実績の支払額", "paid claims of hours")}) {
    checks.push_back(Compared("", ja, en, reported[measure], again[measure]));
  }
  return checks;
}

}  // namespace tsunagu::suite
