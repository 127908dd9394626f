#include "tests/faults/subsidy_books.h"

#include <limits>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tests/faults/subsidy_books_application.h"
#include "tests/faults/subsidy_books_batches.h"
#include "tests/faults/subsidy_books_commitment.h"
#include "tests/faults/subsidy_books_reader.h"
#include "tests/faults/subsidy_books_usage.h"
#include "tsunagu/subsidy/v1/allotment.pb.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/approval_limit.pb.h"
#include "tsunagu/subsidy/v1/budget_change.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/commitment_override.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/override.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/posting.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"

namespace tsunagu::faults {
namespace {

using namespace subsidy::v1;  // NOLINT: all of its records

// What an act posts, and up to which day of the following year: without a day, it is permitted for ever.
struct Way {
  const char *from, *to;
  int last_day;
};
const std::map<std::string, Way>& Ways() {
  static const auto& ways = *new std::map<std::string, Way>{
      {"ALLOCATE", {"GRANTED", "AVAILABLE", 331}},  {"WITHDRAW", {"AVAILABLE", "GRANTED", 331}},
      {"RESERVE", {"AVAILABLE", "COMMITTED", 331}}, {"RELEASE", {"COMMITTED", "AVAILABLE", 0}},
      {"PAY", {"COMMITTED", "PAID", 531}},          {"TAKE_BACK", {"PAID", "AVAILABLE", 531}},
  };
  return ways;
}

std::string OwnerOf(const Posting& posting) {
  return posting.application() + posting.commitment() + posting.usage_claim();
}

class Books {
 public:
  explicit Books(const AskSubsidy& ask) : reader_(ask) {}

  std::vector<std::string> Faults() {
    Read();
    for (const auto& [name, line] : lines_) CheckLine(line);
    std::map<std::string, long> granted;  // by programme and body
    for (const auto& [name, application] : applications_) {
      CheckApplication(application);
      granted[application.programme() + " " + application.applicant()] += application.granted_yen();
    }
    for (const auto& [body, yen] : allotted_) {
      if (granted[body] > yen) reader_.Fault(body, ": granted ", granted[body], ", allotted ", yen);
    }
    for (const auto& [name, commitment] : commitments_) CheckCommitment(commitment);
    for (const auto& [name, one] : overrides_) {
      if (!one.used_by().empty() && used_.count(name) == 0) reader_.Fault(name, ": ", one.used_by(), " did not use it");
    }
    for (const auto& [name, one] : commitment_overrides_) {
      if (!one.used_by().empty() && used_.count(name) == 0) reader_.Fault(name, ": ", one.used_by(), " did not use it");
    }
    reader_.ForEach<UsageClaim>([&](const UsageClaim& one) { CheckUsageClaim(one); });
    CheckCauses();
    CheckBatches(reader_, reserved_);
    CheckForwardings(reader_);
    CheckUsage(reader_);
    return reader_.Faults();
  }

 private:
  using Postings = std::multiset<std::string>;  // "budgetLines/l1 PAY 1000 applications/a"

  template <typename M>
  void Keep(std::map<std::string, M>& records) {
    reader_.ForEach<M>([&](const M& one) { records[one.name()] = one; });
  }
  void Add(int number, DocumentSeen document) {
    const std::string name = document.name;
    const bool is_new = documents_[ParentOf(name)].emplace(number, std::move(document)).second;
    if (!is_new) reader_.Fault(name, ": its number is taken");
  }
  void Expect(const std::string& cause, const std::string& line, const std::string& act, long yen,
              const std::string& owner = "") {
    expected_[cause].insert(absl::StrCat(line, " ", act, " ", yen, " ", owner));
  }

  void Read() {
    Keep(lines_);
    Keep(applications_);
    Keep(programmes_);
    Keep(commitments_);
    Keep(overrides_);
    Keep(commitment_overrides_);
    reader_.ForEach<ApprovalLimit>([&](const ApprovalLimit& one) { limits_.push_back(one); });
    reader_.ForEach<Allotment>(
        [&](const Allotment& one) { allotted_[ParentOf(one.name()) + " " + one.body()] = one.yen(); });
    reader_.ForEach<Posting>([&](const Posting& one) {
      postings_[ParentOf(one.name())].push_back(one);
      if (!one.usage_claim().empty()) of_claims_[one.usage_claim()].emplace_back(ParentOf(one.name()), Word(one.act()));
    });
    reader_.ForEach<BudgetChange>([&](const BudgetChange& one) {
      const bool grows = one.kind() == BudgetChange::KIND_INITIAL || one.kind() == BudgetChange::KIND_SUPPLEMENT;
      Expect(one.name(), ParentOf(one.name()), grows ? "ALLOCATE" : "WITHDRAW", one.yen());
      if (!one.to_line().empty()) Expect(one.name(), one.to_line(), "ALLOCATE", one.yen());
    });
    const auto seen = [](char duty, const auto& one, const google::type::Date& date, long yen) {
      DocumentSeen document;
      document.duty = duty;
      document.name = one.name();
      document.kind = Word(one.kind());
      document.state = Word(one.state());
      document.maker = one.maker();
      document.override = one.override();
      document.day = DayOf(date);
      document.yen = yen;
      return document;
    };
    reader_.ForEach<Filing>([&](const Filing& one) {
      DocumentSeen document = seen('F', one, one.filing_date(), one.tax_yen());
      document.minor = one.minor();
      Add(one.number(), std::move(document));
    });
    reader_.ForEach<Decision>(
        [&](const Decision& one) { Add(one.number(), seen('D', one, one.decision_date(), one.amount_yen())); });
    reader_.ForEach<Payment>([&](const Payment& one) {
      DocumentSeen document = seen('P', one, one.payment_date(), one.yen());
      document.past_year = one.past_year();
      document.voucher = one.document_number();
      document.later_line = one.budget_line();
      Add(one.number(), std::move(document));
    });
    reader_.ForEach<CommitmentAct>([&](const CommitmentAct& one) {
      const bool is_new = acts_[ParentOf(one.name())].emplace(one.number(), one).second;
      if (!is_new) reader_.Fault(one.name(), ": its number is taken");
    });
  }

  void CheckPosting(const BudgetLine& line, const Posting& posting) {
    const std::string act = Word(posting.act());
    const auto way = Ways().find(act);
    const bool goes = way != Ways().end() && Word(posting.from_account()) == way->second.from &&
                      Word(posting.to_account()) == way->second.to;
    if (!goes || posting.yen() <= 0) return reader_.Fault(posting.name(), ": no posting of a ledger");
    const int first = line.fiscal_year() * 10000 + 401, day = DayOf(posting.posting_date());
    const int last = way->second.last_day == 0 ? day : (line.fiscal_year() + 1) * 10000 + way->second.last_day;
    if (day < first || day > last) reader_.Fault(posting.name(), ": ", act, " on ", day);
    const std::string owner = OwnerOf(posting);
    posted_[posting.cause()].insert(absl::StrCat(line.name(), " ", act, " ", posting.yen(), " ", owner));
  }

  void CheckLine(const BudgetLine& line) {
    std::map<std::string, long> sums;                             // by account
    std::map<std::string, std::map<std::string, long>> of_owner;  // by application or contract, and account
    long count = 0;
    for (const Posting& posting : postings_[line.name()]) {
      const std::string name = absl::StrFormat("%s/postings/%09d", line.name(), ++count);
      if (posting.name() != name) reader_.Fault(posting.name(), " stands where ", name, " belongs");
      CheckPosting(line, posting);
      auto& own = of_owner[OwnerOf(posting)];
      const std::string from = Word(posting.from_account()), to = Word(posting.to_account());
      sums[from] -= posting.yen();
      sums[to] += posting.yen();
      own[from] -= posting.yen();
      own[to] += posting.yen();
      const bool is_below = sums["GRANTED"] > 0 || sums["AVAILABLE"] < 0 || own["COMMITTED"] < 0 || own["PAID"] < 0;
      if (is_below) reader_.Fault(name, ": below zero");
      if (posting.available_yen() != sums["AVAILABLE"]) reader_.Fault(name, ": available_yen");
    }
    const bool agrees = line.posting_count() == count && line.granted_yen() == -sums["GRANTED"] &&
                        line.available_yen() == sums["AVAILABLE"] && line.committed_yen() == sums["COMMITTED"] &&
                        line.paid_yen() == sums["PAID"];
    if (!agrees) reader_.Fault(line.name(), ": balances are not those of its postings");
    if (line.has_closing_date() && line.committed_yen() != 0) reader_.Fault(line.name(), ": closed, and committed");
  }

  // Every document has posted exactly what it must.
  void CheckCauses() {
    std::set<std::string> causes;
    for (const auto& [cause, postings] : expected_) causes.insert(cause);
    for (const auto& [cause, postings] : posted_) causes.insert(cause);
    for (const std::string& cause : causes) {
      const Postings &posted = posted_[cause], &expected = expected_[cause];
      if (posted == expected) continue;
      reader_.Fault(cause, ": posted ", absl::StrJoin(posted, ", "), "; model: ", absl::StrJoin(expected, ", "));
    }
  }

  void CheckApplication(const Application& application) {
    ApplicationModel model;
    int count = 0;
    std::set<std::string> vouchers;
    std::map<std::string, std::set<char>> duties;  // by maker
    bool was_late = false;
    for (const auto& [number, document] : documents_[application.name()]) {
      if (number != ++count) reader_.Fault(document.name, ": number ", number, " after ", count - 1);
      const ApplicationModel before = model;
      if (!model.Take(document)) reader_.Fault(document.name, ": ", document.kind, " at ", before.Text());
      if (model.state() != document.state) {
        reader_.Fault(document.name, " (", document.kind, "): ", document.state, ", model: ", model.state());
      }
      if (document.duty == 'P' && !vouchers.insert(document.voucher).second) {
        reader_.Fault(document.name, ": voucher ", document.voucher, " again");
      }
      std::set<char>& own = duties[document.maker];
      own.insert(document.duty);
      CheckOverride(application, document, before.granted(), own.size() > 1);
      ExpectOf(application, document, model, was_late);
      was_late |= document.past_year;
    }
    reserved_[application.name()] = model.reserved();
    const std::string said = absl::StrFormat("%s %d/%d/%d", Word(application.state()), application.granted_yen(),
                                             application.committed_yen(), application.paid_yen());
    if (said != model.Text() || application.document_count() != count) {
      reader_.Fault(application.name(), ": ", said, ", model: ", model.Text());
    }
  }

  void ExpectOf(const Application& application, const DocumentSeen& document, const ApplicationModel& model,
                bool was_late) {
    const std::string &name = application.name(), &line = application.budget_line();
    const int accounts_close = (application.fiscal_year() + 1) * 10000 + 531;
    const bool is_late = !line.empty() && document.duty == 'P' &&
                         (document.day > accounts_close || (document.kind == "RETURN" && was_late));
    if (is_late && !document.past_year) reader_.Fault(document.name, ": not of a past year");
    if (line.empty()) return;
    if (!document.later_line.empty()) {
      const bool is_later = lines_[document.later_line].fiscal_year() > application.fiscal_year();
      if (!document.past_year || !is_later) reader_.Fault(document.name, ": charges ", document.later_line);
      Expect(document.name, line, "RELEASE", document.yen, name);
      Expect(document.name, document.later_line, "RESERVE", document.yen, name);
      Expect(document.name, document.later_line, "PAY", document.yen, name);
    } else if (!document.past_year) {
      for (const auto& [act, yen] : model.movements()) Expect(document.name, line, act, yen, name);
    } else if (document.kind != "RETURN") {
      reader_.Fault(document.name, ": a closed year pays");
    }
  }

  long LimitOf(const std::string& body, const std::string& holder, int day) {
    long most = 0;
    bool is_limited = false;
    for (const ApprovalLimit& limit : limits_) {
      if (limit.body() != body) continue;
      is_limited = true;
      const bool holds =
          DayOf(limit.valid_from_date()) <= day && (!limit.has_valid_to_date() || day <= DayOf(limit.valid_to_date()));
      if (limit.holder() == holder && holds && limit.yen() > most) most = limit.yen();
    }
    return is_limited ? most : std::numeric_limits<long>::max();
  }

  void CheckOverride(const Application& application, const DocumentSeen& document, long granted, bool has_other_duty) {
    if (programmes_[application.programme()].decided_elsewhere()) return;
    static const std::set<std::string> giving = {"GRANT", "CHANGE_APPROVAL", "FIXING", "RETURN_ORDER"};
    const bool decides = document.duty == 'D';
    const long yen = decides && giving.count(document.kind) > 0   ? document.yen
                     : decides && document.kind == "CANCELLATION" ? granted - document.yen
                                                                  : 0;
    const bool is_beyond = yen > LimitOf(application.grantor(), document.maker, document.day);
    if ((has_other_duty || is_beyond) == document.override.empty()) {
      return reader_.Fault(document.name, ": ", document.maker, has_other_duty ? ", two duties" : "",
                           is_beyond ? ", beyond his limit" : "", ", by override '", document.override, "'");
    }
    if (!document.override.empty())
      CheckUsed(overrides_[document.override], document.override, document.name, document.maker);
  }
  template <typename O>
  void CheckUsed(const O& one, const std::string& override, const std::string& user, const std::string& maker) {
    const bool holds = ParentOf(override) == ParentOf(user) && one.maker() == maker && !one.approver().empty() &&
                       one.approver() != one.maker() && one.used_by() == user &&
                       DayOf(one.approval_date()) <= DayOf(one.last_date());
    if (!holds) reader_.Fault(user, ": used ", override, ", which is not for it");
    if (!used_.insert(override).second) reader_.Fault(user, ": used ", override, " again");
  }

  void CheckCommitment(const Commitment& commitment) {
    CommitmentModel model(commitment.kind() == Commitment::KIND_CONTRACT);
    int count = 0;
    std::set<std::string> numbers;
    std::map<std::string, std::set<bool>> duties;  // by maker: paying, or the other duty
    for (const auto& [number, act] : acts_[commitment.name()]) {
      if (number != ++count) reader_.Fault(act.name(), ": number ", number, " after ", count - 1);
      const std::string before = model.Text();
      if (!model.Take(act)) reader_.Fault(act.name(), ": ", Word(act.kind()), " of ", act.yen(), " at ", before);
      if (!numbers.insert(Word(act.kind()) + act.document_number()).second) {
        reader_.Fault(act.name(), ": ", act.document_number(), " again");
      }
      const bool moves_money = CommitmentModel::MovesMoney(act);
      std::set<bool>& own = duties[act.maker()];
      own.insert(moves_money);
      const bool needs_limit =
          act.kind() == CommitmentAct::KIND_CONCLUSION || act.kind() == CommitmentAct::KIND_CHANGE ||
          act.kind() == CommitmentAct::KIND_TERMINATION || act.kind() == CommitmentAct::KIND_COMMITMENT;
      const bool is_beyond = needs_limit && act.yen() > LimitOf(commitment.body(), act.maker(), DayOf(act.act_date()));
      if ((own.size() > 1 || is_beyond) == act.override().empty()) {
        reader_.Fault(act.name(), ": ", act.maker(), own.size() > 1 ? ", two duties" : "",
                      is_beyond ? ", beyond his limit" : "", ", by override '", act.override(), "'");
      } else if (!act.override().empty()) {
        CheckUsed(commitment_overrides_[act.override()], act.override(), act.name(), act.maker());
      }
      const std::string movement = CommitmentModel::MovementOf(act);
      if (!movement.empty()) Expect(act.name(), act.budget_line(), movement, act.yen(), commitment.name());
    }
    const std::string said = CommitmentModel::Text(commitment);
    if (said != model.Text() || commitment.act_count() != count) {
      reader_.Fault(commitment.name(), ": ", said, ", model: ", model.Text());
    }
  }

  // Reserved when approved, released when let go, paid once; filed, approved and paid by three people.
  void CheckUsageClaim(const UsageClaim& claim) {
    const bool is_paid = claim.state() == UsageClaim::STATE_PAID;
    const bool is_approved = is_paid || claim.state() == UsageClaim::STATE_APPROVED;
    const bool fits = is_approved != claim.approver().empty() && is_approved != claim.budget_line().empty() &&
                      is_paid != claim.payer().empty() && (!is_approved || claim.approver() != claim.maker()) &&
                      (!is_paid || (claim.payer() != claim.maker() && claim.payer() != claim.approver()));
    if (!fits)
      reader_.Fault(claim.name(), ": ", Word(claim.state()), ", ", claim.maker(), ", ", claim.approver(), ", ",
                    claim.payer());
    ExpectOfClaim(claim, is_approved ? claim.budget_line() : "", is_paid);
    if (!is_approved) return;
    if (claim.total_yen() > LimitOf(claim.body(), claim.approver(), DayOf(claim.approval_date()))) {
      reader_.Fault(claim.name(), ": ", claim.approver(), ", beyond his limit");
    }
    reserved_[claim.name()] = claim.total_yen();
    const int year = claim.month_date().year() - (claim.month_date().month() < 4 ? 1 : 0);
    const bool is_late = DayOf(claim.approval_date()) > (year + 1) * 10000 + 531;
    const int line_year = lines_[claim.budget_line()].fiscal_year();
    if (claim.past_year() != is_late || (is_late ? line_year <= year : line_year != year)) {
      reader_.Fault(claim.name(), ": of ", year, ", from a line of ", line_year);
    }
  }
  // Only its postings show how often it was approved, and from which line: on each line it is alternately reserved and
  // released, and remains reserved, or is paid, only on `last`.
  void ExpectOfClaim(const UsageClaim& claim, const std::string& last, bool is_paid) {
    const auto& of_claim = of_claims_[claim.name()];
    std::map<std::string, std::string> stands;  // by line
    if (!last.empty()) stands[last] = "RELEASE";
    for (const auto& [line, act] : of_claim) {
      std::string& now = stands.try_emplace(line, "RELEASE").first->second;
      const bool fits = act == "RESERVE" ? now == "RELEASE" : now == "RESERVE";
      if (!fits) reader_.Fault(claim.name(), ": ", act, " after ", now, " on ", line);
      now = act;
      Expect(claim.name(), line, act, claim.total_yen(), claim.name());
    }
    for (const auto& [line, now] : stands) {
      const char* end = line != last ? "RELEASE" : is_paid ? "PAY" : "RESERVE";
      if (now != end) reader_.Fault(claim.name(), ": ", now, " on ", line, ", and not ", end);
    }
  }

  BookReader reader_;
  std::map<std::string, BudgetLine> lines_;
  std::map<std::string, Application> applications_;
  std::map<std::string, Programme> programmes_;
  std::map<std::string, Commitment> commitments_;
  std::map<std::string, Override> overrides_;
  std::map<std::string, CommitmentOverride> commitment_overrides_;
  std::vector<ApprovalLimit> limits_;
  std::map<std::string, std::vector<Posting>> postings_;  // by line, in order
  std::map<std::string, std::vector<std::pair<std::string, std::string>>>
      of_claims_;                                                 // line and act, by claim of hours
  std::map<std::string, std::map<int, DocumentSeen>> documents_;  // by application and number
  std::map<std::string, std::map<int, CommitmentAct>> acts_;      // by commitment and number
  std::map<std::string, long> allotted_;                          // by programme and body
  std::map<std::string, Postings> expected_, posted_;             // by cause
  std::set<std::string> used_;                                    // overrides
  std::map<std::string, long> reserved_;  // by application and claim: all that was ever committed
};

}  // namespace

std::vector<std::string> FaultsOfSubsidyBooks(const AskSubsidy& ask) { return Books(ask).Faults(); }

}  // namespace tsunagu::faults
