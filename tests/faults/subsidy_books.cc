#include "tests/faults/subsidy_books.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tsunagu/subsidy/v1/allotment.pb.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_change.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/posting.pb.h"

namespace tsunagu::faults {
namespace {

using namespace subsidy::v1;  // NOLINT: all of its records

std::string ParentOf(const std::string& name) { return name.substr(0, name.rfind('/', name.rfind('/') - 1)); }

// One document of any kind, as the model sees it.
struct Document {
  char duty;  // F, D, P
  std::string name, kind, state, maker, voucher, filed;
  bool minor = false;
  long yen = 0;  // what it is granted from here on; tax; or paid
};

// An application in the model.
struct Model {
  std::string state = "DRAFT", filed;
  long granted = 0, committed = 0, paid = 0;

  void Grant(long yen) {
    granted = yen;
    committed = yen > paid ? yen - paid : 0;
  }
  void Settle() {
    if (state == "FIXED" || state == "SETTLED") state = granted == paid ? "SETTLED" : "FIXED";
  }
  bool In(std::initializer_list<const char*> states) const {
    return std::any_of(states.begin(), states.end(), [&](const char* one) { return state == one; });
  }

  // False where the document has no place here.
  bool Take(const Document& document) {
    const std::string& kind = document.kind;
    const bool taken = document.duty == 'F' ? File(document) : document.duty == 'D' ? Decide(document) : Pay(document);
    if (document.duty == 'F' && kind != "WITHDRAWAL" && kind != "STATUS_REPORT" && kind != "TAX_REPORT" &&
        kind != "YEAR_END_REPORT" && !document.minor) {
      filed = kind;
    }
    Settle();
    return taken;
  }
  bool File(const Document& document) {
    const std::string& kind = document.kind;
    if (kind == "APPLICATION") return Move({"DRAFT"}, "APPLIED");
    if (kind == "WITHDRAWAL") {
      if (paid > 0) return false;
      Grant(0);
      return Move({"APPLIED", "EXAMINED", "GRANTED"}, "WITHDRAWN");
    }
    if (kind == "CHANGE") return Move({"GRANTED"}, document.minor ? "GRANTED" : "CHANGE_APPLIED");
    if (kind == "ABOLITION") return Move({"GRANTED"}, "ABOLITION_APPLIED");
    if (kind == "STATUS_REPORT" || kind == "YEAR_END_REPORT") return Move({"GRANTED"}, "GRANTED");
    if (kind == "COMPLETION_REPORT") return Move({"GRANTED"}, "REPORTED");
    if (kind == "ABOLITION_REPORT") return Move({"ABOLISHED"}, "REPORTED");
    if (kind != "TAX_REPORT" || document.yen > granted) return false;
    Grant(granted - document.yen);
    return Move({"FIXED", "SETTLED"}, "FIXED");
  }
  bool Decide(const Document& document) {
    const std::string& kind = document.kind;
    if (kind == "EXAMINATION") return Move({"APPLIED"}, "EXAMINED");
    if (kind == "REFUSAL") return Move({"EXAMINED"}, "REFUSED");
    if (kind == "CHANGE_REFUSAL") return Move({"CHANGE_APPLIED"}, "GRANTED");
    if (kind == "ABOLITION_APPROVAL") return Move({"ABOLITION_APPLIED"}, "ABOLISHED");
    if (kind == "ABOLITION_REFUSAL") return Move({"ABOLITION_APPLIED"}, "GRANTED");
    if (kind == "RETURN_ORDER") return paid > granted;
    if (kind == "SENDING_BACK") {
      if (In({"CHANGE_APPLIED", "ABOLITION_APPLIED"})) return Move({state.c_str()}, "GRANTED");
      if (state == "REPORTED") return Move({"REPORTED"}, filed == "ABOLITION_REPORT" ? "ABOLISHED" : "GRANTED");
      const bool to_examiner = document.state == "APPLIED" && state == "EXAMINED";
      return Move({"APPLIED", "EXAMINED"}, to_examiner ? "APPLIED" : "DRAFT");
    }
    const long before = granted;
    if (kind == "GRANT") return document.yen > 0 && Given(document.yen, {"EXAMINED"}, "GRANTED");
    if (kind == "CHANGE_APPROVAL") return Given(document.yen, {"CHANGE_APPLIED"}, "GRANTED");
    if (kind == "FIXING") return document.yen <= before && Given(document.yen, {"REPORTED"}, "FIXED");
    if (kind != "CANCELLATION" || document.yen > before) return false;
    const std::string stays = state == "SETTLED" ? "FIXED" : state;
    return Given(document.yen,
                 {"GRANTED", "CHANGE_APPLIED", "ABOLITION_APPLIED", "ABOLISHED", "REPORTED", "FIXED", "SETTLED"},
                 document.yen == 0 ? "CANCELLED" : stays.c_str());
  }
  bool Pay(const Document& document) {
    if (document.kind == "RETURN") {
      if (document.yen > paid - granted) return false;
      paid -= document.yen;
      return true;
    }
    const bool fits = document.kind == "ADVANCE"
                          ? In({"GRANTED", "CHANGE_APPLIED", "ABOLITION_APPLIED", "ABOLISHED", "REPORTED"})
                          : state == "FIXED";
    committed -= document.yen;
    paid += document.yen;
    return fits && committed >= 0;
  }
  bool Move(std::initializer_list<const char*> from, const char* to) {
    if (!In(from)) return false;
    state = to;
    return true;
  }
  bool Given(long yen, std::initializer_list<const char*> from, const char* to) {
    if (!Move(from, to)) return false;
    Grant(yen);
    return true;
  }
  std::string Text() const { return absl::StrFormat("%s %d/%d/%d", state, granted, committed, paid); }
};

class Books {
 public:
  explicit Books(const AskSubsidy& ask) : ask_(ask) {}

  std::vector<std::string> Faults() {
    Read();
    for (const auto& [name, line] : lines_) CheckLine(line);
    std::map<std::string, long> granted;  // by programme and body
    for (const auto& [name, application] : applications_) {
      CheckApplication(application);
      granted[application.programme() + " " + application.applicant()] += application.granted_yen();
    }
    for (const auto& [body, yen] : allotted_) {
      if (granted[body] > yen) faults_.push_back(absl::StrCat(body, ": granted ", granted[body], ", allotted ", yen));
    }
    return std::move(faults_);
  }

 private:
  // Every page.
  template <typename Response, typename Request>
  std::vector<Response> Pages(const std::string& method, Request request) {
    std::vector<Response> pages;
    do {
      Response page;
      const absl::Status asked = ask_(method, request, page);
      if (!asked.ok()) {
        faults_.push_back(absl::StrCat(method, ": ", asked.ToString()));
        break;
      }
      request.set_page_token(page.next_page_token());
      pages.push_back(std::move(page));
    } while (!request.page_token().empty());
    return pages;
  }
  template <typename Request>
  static Request Of(const char* parent) {
    Request request;
    request.set_parent(parent);
    request.set_page_size(1000);
    return request;
  }

  void Add(const std::string& name, int number, Document document) {
    causes_.insert(name);
    const bool is_new = documents_[ParentOf(name)].emplace(number, std::move(document)).second;
    if (!is_new) faults_.push_back(absl::StrCat(name, ": its number is taken"));
  }

  void Add(const BudgetChange& change) {
    causes_.insert(change.name());
    const bool grows = change.kind() == BudgetChange::KIND_INITIAL || change.kind() == BudgetChange::KIND_SUPPLEMENT;
    budgeted_[ParentOf(change.name())] += grows ? change.yen() : -change.yen();
    if (!change.to_line().empty()) budgeted_[change.to_line()] += change.yen();
  }

  void Read() {
    ListBudgetLinesRequest lines;
    lines.set_page_size(1000);
    for (const auto& page : Pages<ListBudgetLinesResponse>("BudgetLineService/ListBudgetLines", lines)) {
      for (const BudgetLine& line : page.budget_lines()) lines_[line.name()] = line;
    }
    ListApplicationsRequest applications;
    applications.set_page_size(1000);
    for (const auto& page : Pages<ListApplicationsResponse>("ApplicationService/ListApplications", applications)) {
      for (const Application& one : page.applications()) applications_[one.name()] = one;
    }
    for (const auto& page : Pages<ListBudgetChangesResponse>("BudgetChangeService/ListBudgetChanges",
                                                             Of<ListBudgetChangesRequest>("budgetLines/-"))) {
      for (const BudgetChange& change : page.budget_changes()) Add(change);
    }
    for (const auto& page :
         Pages<ListAllotmentsResponse>("AllotmentService/ListAllotments", Of<ListAllotmentsRequest>("programmes/-"))) {
      for (const Allotment& one : page.allotments()) allotted_[ParentOf(one.name()) + " " + one.body()] = one.yen();
    }
    for (const auto& page :
         Pages<ListPostingsResponse>("PostingService/ListPostings", Of<ListPostingsRequest>("budgetLines/-"))) {
      for (const Posting& posting : page.postings()) postings_[ParentOf(posting.name())].push_back(posting);
    }
    for (const auto& page :
         Pages<ListFilingsResponse>("FilingService/ListFilings", Of<ListFilingsRequest>("applications/-"))) {
      for (const Filing& filing : page.filings()) {
        Add(filing.name(), filing.number(),
            {'F', filing.name(), Filing::Kind_Name(filing.kind()).substr(5), State(filing.state()), filing.maker(), "", "",
             filing.minor(), filing.tax_yen()});
      }
    }
    for (const auto& page :
         Pages<ListDecisionsResponse>("DecisionService/ListDecisions", Of<ListDecisionsRequest>("applications/-"))) {
      for (const Decision& decision : page.decisions()) {
        Add(decision.name(), decision.number(),
            {'D', decision.name(), Decision::Kind_Name(decision.kind()).substr(5), State(decision.state()),
             decision.maker(), "", "", false, decision.amount_yen()});
      }
    }
    for (const auto& page :
         Pages<ListPaymentsResponse>("PaymentService/ListPayments", Of<ListPaymentsRequest>("applications/-"))) {
      for (const Payment& payment : page.payments()) {
        Add(payment.name(), payment.number(),
            {'P', payment.name(), Payment::Kind_Name(payment.kind()).substr(5), State(payment.state()), payment.maker(),
             payment.document_number(), "", false, payment.yen()});
      }
    }
  }
  static std::string State(Application::State state) { return Application::State_Name(state).substr(6); }

  void CheckLine(const BudgetLine& line) {
    long granted = 0, available = 0, committed = 0, paid = 0, count = 0;
    for (const Posting& posting : postings_[line.name()]) {
      const std::string name = absl::StrFormat("%s/postings/%09d", line.name(), ++count);
      if (posting.name() != name) faults_.push_back(absl::StrCat(posting.name(), " stands where ", name, " belongs"));
      if (causes_.count(posting.cause()) == 0) faults_.push_back(absl::StrCat(name, ": no cause ", posting.cause()));
      const auto move = [&](Posting::Account account, long yen) {
        if (account == Posting::ACCOUNT_GRANTED) granted -= yen;
        if (account == Posting::ACCOUNT_AVAILABLE) available += yen;
        if (account == Posting::ACCOUNT_COMMITTED) committed += yen;
        if (account == Posting::ACCOUNT_PAID) paid += yen;
      };
      move(posting.from_account(), -posting.yen());
      move(posting.to_account(), posting.yen());
      if (granted < 0 || available < 0 || committed < 0 || paid < 0) faults_.push_back(absl::StrCat(name, ": below zero"));
      if (posting.available_yen() != available) faults_.push_back(absl::StrCat(name, ": available_yen"));
      auto& [of_committed, of_paid] = posted_[posting.application()];
      if (posting.act() == Posting::ACT_RESERVE) of_committed += posting.yen();
      if (posting.act() == Posting::ACT_RELEASE || posting.act() == Posting::ACT_PAY) of_committed -= posting.yen();
      if (posting.act() == Posting::ACT_PAY) of_paid += posting.yen();
      if (posting.act() == Posting::ACT_TAKE_BACK) of_paid -= posting.yen();
    }
    const bool agrees = line.posting_count() == count && line.granted_yen() == granted &&
                        line.available_yen() == available && line.committed_yen() == committed && line.paid_yen() == paid &&
                        granted == available + committed + paid;
    if (!agrees) faults_.push_back(absl::StrCat(line.name(), ": balances are not those of its postings"));
    const long budgeted = budgeted_[line.name()];
    if (granted != budgeted) {
      faults_.push_back(absl::StrCat(line.name(), ": its budget changes come to ", budgeted, ", its postings to ", granted));
    }
  }

  void CheckApplication(const Application& application) {
    Model model;
    int count = 0;
    std::set<std::string> vouchers;
    std::map<char, std::set<std::string>> makers;
    for (const auto& [number, document] : documents_[application.name()]) {
      if (number != ++count) faults_.push_back(absl::StrCat(document.name, ": number ", number, " after ", count - 1));
      const std::string before = model.Text();
      if (!model.Take(document)) faults_.push_back(absl::StrCat(document.name, ": ", document.kind, " at ", before));
      if (model.state != document.state) {
        faults_.push_back(absl::StrCat(document.name, " (", document.kind, "): ", document.state, ", model: ", model.state));
      }
      if (document.duty == 'P' && !vouchers.insert(document.voucher).second) {
        faults_.push_back(absl::StrCat(document.name, ": voucher ", document.voucher, " again"));
      }
      makers[document.duty].insert(document.maker);
    }
    for (const auto& [duty, people] : makers) {
      for (const auto& [other, others] : makers) {
        for (const std::string& one : people) {
          if (duty < other && others.count(one) != 0) faults_.push_back(absl::StrCat(application.name(), ": ", one, " twice"));
        }
      }
    }
    const std::string said = absl::StrFormat("%s %d/%d/%d", State(application.state()), application.granted_yen(),
                                             application.committed_yen(), application.paid_yen());
    if (said != model.Text() || application.document_count() != count) {
      faults_.push_back(absl::StrCat(application.name(), ": ", said, ", model: ", model.Text()));
    }
    const auto& [committed, paid] = posted_[application.name()];
    if (!application.budget_line().empty() && (committed != model.committed || paid != model.paid)) {
      faults_.push_back(absl::StrCat(application.name(), ": its postings come to ", committed, "/", paid));
    }
  }

  const AskSubsidy& ask_;
  std::vector<std::string> faults_;
  std::map<std::string, BudgetLine> lines_;
  std::map<std::string, Application> applications_;
  std::map<std::string, std::vector<Posting>> postings_;           // by line, in order
  std::map<std::string, std::map<int, Document>> documents_;       // by application and number
  std::map<std::string, long> budgeted_;                           // by line: what its changes come to
  std::map<std::string, long> allotted_;                           // by programme and body
  std::set<std::string> causes_;
  std::map<std::string, std::pair<long, long>> posted_;            // by application: committed, paid
};

}  // namespace

std::vector<std::string> FaultsOfSubsidyBooks(const AskSubsidy& ask) { return Books(ask).Faults(); }

}  // namespace tsunagu::faults
