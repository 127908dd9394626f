#include "services/subsidy/report.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/fiscal_year.h"
#include "services/peers/registry_places.h"
#include "services/subsidy/report_execution.h"
#include "services/subsidy/report_items.h"
#include "tsunagu/subsidy/v1/allotment.pb.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/posting.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using contract::Where;
using platform::v1::FigureRow;

// An application according to its documents up to the day.
struct Standing {
  std::string programme, applicant;
  bool filed = false, fixed = false;
  int64_t requested = 0, granted = 0, paid = 0, reported = 0, planned = 0;
  int64_t last_decision = 0;   // its number, to find later reports
  int64_t last_sent_back = 0;  // earlier filings were sent back
  // The documents whose traces contain the parts of items.
  std::string requested_by, granted_by, reported_by, planned_by;
};

class Counter {
 public:
  Counter(ReportRun& run, const v1::GetSubsidyReportRequest& request, const peers::RegistryPlaces& places)
      : run_(run),
        request_(request),
        places_(places),
        year_(request.fiscal_year() == 0 ? jp::FiscalYear::Of(run.day()).year() : request.fiscal_year()) {
    if (request.group_by() == v1::SUBSIDY_GROUPING_ITEMS || request.group_by() == v1::SUBSIDY_GROUPING_BODY_ITEMS) {
      items_.emplace(run);
    }
  }

  absl::Status Read() {
    RETURN_IF_ERROR(ReadProgrammes());
    RETURN_IF_ERROR(ReadAllotments());
    RETURN_IF_ERROR(ReadApplications());
    RETURN_IF_ERROR(ReadDecisions());
    RETURN_IF_ERROR(ReadFilings());
    RETURN_IF_ERROR(ReadPayments());
    RETURN_IF_ERROR(ReadCommitments());
    return ReadBudget();
  }

  absl::Status Say() {
    for (const auto& [name, standing] : applications_) {
      if (!standing.filed) continue;
      RETURN_IF_ERROR(Say(name, standing));
    }
    numbers_[""];
    for (auto& [name, measures] : numbers_) {
      const Group* group = name.empty() ? nullptr : &groups_.at(name);
      const Slice slice(v1::SubsidyPopulation_descriptor()->value(v1::SUBSIDY_POPULATION_ALL), group);
      Counted share = measures[v1::SUBSIDY_MEASURE_REPORTED];
      share.denominator = measures[v1::SUBSIDY_MEASURE_PLANNED].numerator;
      measures[v1::SUBSIDY_MEASURE_DONE_SHARE] = std::move(share);
      for (int i = v1::SUBSIDY_MEASURE_BUDGET; i <= v1::SUBSIDY_MEASURE_DONE_SHARE; ++i) {
        const auto measure = static_cast<v1::SubsidyMeasure>(i);
        const bool of_lines = measure == v1::SUBSIDY_MEASURE_BUDGET || measure == v1::SUBSIDY_MEASURE_AVAILABLE;
        if (of_lines && (group != nullptr || run_.is_narrowed())) continue;
        if (measure == v1::SUBSIDY_MEASURE_ALLOTTED && group != nullptr && items_.has_value()) continue;
        run_.Add(slice, measure, std::move(measures[measure]));
      }
    }
    SayExecution();
    return absl::OkStatus();
  }

 private:
  // Always for the total; for a group only if it has any.
  void SayExecution() {
    for (const auto population :
         {v1::SUBSIDY_POPULATION_CONTRACTS, v1::SUBSIDY_POPULATION_DIRECT, v1::SUBSIDY_POPULATION_USAGE}) {
      executed_[{"", population}];
    }
    for (auto& [key, measures] : executed_) {
      const Group* group = key.first.empty() ? nullptr : &groups_.at(key.first);
      const Slice slice(v1::SubsidyPopulation_descriptor()->FindValueByNumber(key.second), group);
      for (const auto measure :
           {v1::SUBSIDY_MEASURE_COMMITMENTS, v1::SUBSIDY_MEASURE_COMMITTED, v1::SUBSIDY_MEASURE_PAID}) {
        run_.Add(slice, measure, std::move(measures[measure]));
      }
    }
  }
  absl::Status Say(const std::string& name, const Standing& standing) {
    const auto add = [&](v1::SubsidyMeasure measure, int64_t value, const std::string& by) -> absl::Status {
      if (value == 0) return absl::OkStatus();
      Add(measure, standing.programme, standing.applicant, name, value);
      if (!items_.has_value() || by.empty()) return absl::OkStatus();
      ASSIGN_OR_RETURN(const std::vector<ItemYen> items, items_->Split(by, value));
      for (const ItemYen& item : items) AddToItem(measure, standing, item, name);
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(add(v1::SUBSIDY_MEASURE_APPLICATIONS, 1, ""));
    RETURN_IF_ERROR(add(v1::SUBSIDY_MEASURE_REQUESTED, standing.requested, standing.requested_by));
    RETURN_IF_ERROR(add(v1::SUBSIDY_MEASURE_GRANTED, standing.granted, standing.granted_by));
    RETURN_IF_ERROR(add(v1::SUBSIDY_MEASURE_PAID, standing.paid, standing.granted_by));
    RETURN_IF_ERROR(add(v1::SUBSIDY_MEASURE_FIXED, standing.fixed ? standing.granted : 0, standing.granted_by));
    if (standing.reported_by.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(add(v1::SUBSIDY_MEASURE_REPORTED, standing.reported, standing.reported_by));
    return add(v1::SUBSIDY_MEASURE_PLANNED, standing.planned, standing.planned_by);
  }

  bool IsPast(const std::string& day) const { return day <= jp::FormatIso(run_.day()); }

  void Add(v1::SubsidyMeasure measure, const std::string& programme, const std::string& body, const std::string& row,
           int64_t value) {
    std::vector<std::string> groups = {""};
    if (request_.group_by() == v1::SUBSIDY_GROUPING_BODIES && !body.empty()) {
      groups.push_back(body);
      groups_[body] = {body, places_.DisplayNameOf(body)};
    }
    if (request_.group_by() == v1::SUBSIDY_GROUPING_PROGRAMMES && !programme.empty()) {
      groups.push_back(programme);
      groups_[programme] = {programme, programmes_[programme]};
    }
    for (const std::string& group : groups) AddTo(group, measure, row, value);
  }
  void AddTo(const std::string& group, v1::SubsidyMeasure measure, const std::string& row, int64_t value) {
    Count(numbers_[group][measure], row, value);
  }
  void Count(Counted& counted, const std::string& row, int64_t value) {
    counted.numerator += value;
    if (!run_.explains()) return;
    FigureRow& behind = counted.rows.emplace_back();
    behind.set_resource_name(row);
    behind.set_value(value);
  }
  void AddToItem(v1::SubsidyMeasure measure, const Standing& standing, const ItemYen& item, const std::string& row) {
    const Group of =
        ItemGroup(standing.applicant, standing.programme, programmes_[standing.programme], item.code, item.label);
    const std::string& group = of.name;
    groups_[group] = of;
    AddTo(group, measure, row, item.yen);
    if (measure == v1::SUBSIDY_MEASURE_REQUESTED && !item.code.empty()) {
      AddTo(group, v1::SUBSIDY_MEASURE_APPLICATIONS, row, 1);
    }
  }

  absl::Status ReadProgrammes() {
    return run_.ScanEver<v1::Programme>(Where("fiscal_year", int64_t{year_}), {"display_name"},
                                        [&](const store::Cells& row) {
                                          programmes_[row.name()] = row.Text(0);
                                          return absl::OkStatus();
                                        });
  }
  absl::Status ReadCommitments() {
    ASSIGN_OR_RETURN(const std::vector<Executed> all, ReadExecution(run_, year_));
    std::map<std::string, v1::Programme> programmes;  // of any year
    for (const Executed& one : all) {
      v1::Programme& programme = programmes[one.programme];
      if (programme.name().empty() && !one.programme.empty()) {
        ASSIGN_OR_RETURN(programme, run_.Now<v1::Programme>().Get(one.programme));
      }
      ASSIGN_OR_RETURN(const absl::optional<Group> group, GroupOf(one, programme));
      std::vector<std::string> names = {""};
      if (group) names.push_back(group->name);
      if (group) groups_[group->name] = *group;
      for (const std::string& name : names) {
        auto& measures = executed_[{name, one.population}];
        Count(measures[v1::SUBSIDY_MEASURE_COMMITMENTS], one.name, 1);
        Count(measures[v1::SUBSIDY_MEASURE_COMMITTED], one.name, one.committed);
        Count(measures[v1::SUBSIDY_MEASURE_PAID], one.name, one.paid);
      }
    }
    return absl::OkStatus();
  }
  // Returns the group in which it counts.
  absl::StatusOr<absl::optional<Group>> GroupOf(const Executed& one, const v1::Programme& programme) {
    const bool by_bodies = request_.group_by() == v1::SUBSIDY_GROUPING_BODIES;
    if (one.programme.empty() && !by_bodies) return absl::optional<Group>();
    switch (request_.group_by()) {
      case v1::SUBSIDY_GROUPING_BODIES:
        return Group{one.body, places_.DisplayNameOf(one.body)};
      case v1::SUBSIDY_GROUPING_PROGRAMMES:
        return Group{one.programme, programme.display_name()};
      case v1::SUBSIDY_GROUPING_ITEMS:
      case v1::SUBSIDY_GROUPING_BODY_ITEMS: {
        ASSIGN_OR_RETURN(const std::string label, items_->LabelOf(programme.rule_set(), one.item));
        return ItemGroup(one.body, one.programme, programme.display_name(), one.item, label);
      }
      default:
        return absl::optional<Group>();
    }
  }
  Group ItemGroup(const std::string& body, const std::string& programme, const std::string& programme_name,
                  const std::string& code, const std::string& label) const {
    const bool by_body = request_.group_by() == v1::SUBSIDY_GROUPING_BODY_ITEMS;
    return {absl::StrCat(by_body ? body + "/" : "", programme, "/items/", code.empty() ? "-" : code),
            absl::StrCat(by_body ? places_.DisplayNameOf(body) + " " : "", programme_name, " ", label)};
  }
  absl::Status ReadAllotments() {
    return run_.ScanEver<v1::Allotment>(
        {}, {"body", "yen", "allotment_date"}, [&](const store::Cells& row) -> absl::Status {
          const std::string programme(Schema::ParentOf(row.name()));
          if (programmes_.count(programme) == 0 || !IsPast(row.Text(2)) || !Covers(row.Text(0)))
            return absl::OkStatus();
          ASSIGN_OR_RETURN(const int64_t yen, NumberOf(row.Text(1)));
          Add(v1::SUBSIDY_MEASURE_ALLOTTED, programme, row.Text(0), row.name(), yen);
          return absl::OkStatus();
        });
  }
  bool Covers(const std::string& body) const { return !run_.is_narrowed() || (!body.empty() && run_.Covers(body)); }

  absl::Status ReadApplications() {
    return run_.Scan<v1::Application>({}, {"programme", "applicant", "facility"}, [&](const store::Cells& row) {
      const std::string& who = row.Text(1).empty() ? row.Text(2) : row.Text(1);
      if (programmes_.count(row.Text(0)) == 0 || !Covers(who)) return absl::OkStatus();
      applications_[row.name()] = {row.Text(0), who};
      return absl::OkStatus();
    });
  }
  // Returns the documents of one kind up to the day, in order.
  template <typename M>
  absl::Status ReadDocuments(const char* date, std::vector<absl::string_view> fields,
                             absl::FunctionRef<absl::Status(Standing&, int64_t number, const store::Cells&)> each) {
    std::map<std::pair<std::string, int64_t>, store::Cells> documents;  // by application and number
    const size_t day = fields.size(), number = day + 1;
    fields.push_back(date);
    fields.push_back("number");
    RETURN_IF_ERROR(run_.Scan<M>({}, std::move(fields), [&](const store::Cells& row) -> absl::Status {
      const std::string application(Schema::ParentOf(row.name()));
      if (!IsPast(row.Text(day)) || applications_.count(application) == 0) return absl::OkStatus();
      ASSIGN_OR_RETURN(const int64_t nth, NumberOf(row.Text(number)));
      documents.emplace(std::pair(application, nth), row);
      return absl::OkStatus();
    }));
    for (const auto& [key, row] : documents) RETURN_IF_ERROR(each(applications_[key.first], key.second, row));
    return absl::OkStatus();
  }

  absl::Status ReadDecisions() {
    return ReadDocuments<v1::Decision>(
        "decision_date", {"kind", "amount_yen"},
        [&](Standing& standing, int64_t number, const store::Cells& row) -> absl::Status {
          const std::string& kind = row.Text(0);
          const bool fixes = kind == "KIND_FIXING", cancels = kind == "KIND_CANCELLATION";
          if (kind == "KIND_SENDING_BACK") standing.last_sent_back = number;
          if (!fixes && !cancels && kind != "KIND_GRANT" && kind != "KIND_CHANGE_APPROVAL") return absl::OkStatus();
          ASSIGN_OR_RETURN(standing.granted, NumberOf(row.Text(1)));
          if (!cancels) standing.granted_by = row.name();
          standing.fixed |= fixes;
          if (!standing.fixed) standing.planned = standing.granted;
          if (!standing.fixed) standing.planned_by = standing.granted_by;
          standing.last_decision = number;
          return absl::OkStatus();
        });
  }
  absl::Status ReadFilings() {
    return ReadDocuments<v1::Filing>(
        "filing_date", {"kind", "amount_yen", "tax_yen", "state"},
        [&](Standing& standing, int64_t number, const store::Cells& row) -> absl::Status {
          const std::string& kind = row.Text(0);
          const bool is_change = kind == "KIND_CHANGE" && row.Text(3) == "STATE_CHANGE_APPLIED";  // a minor one is not
          if (kind == "KIND_APPLICATION" || is_change) {
            standing.filed = true;
            ASSIGN_OR_RETURN(standing.requested, NumberOf(row.Text(1)));
            standing.requested_by = row.name();
          }
          const bool reports =
              kind == "KIND_COMPLETION_REPORT" || kind == "KIND_ABOLITION_REPORT" || kind == "KIND_YEAR_END_REPORT";
          if (reports && number > standing.last_sent_back) {
            ASSIGN_OR_RETURN(standing.reported, NumberOf(row.Text(1)));
            standing.reported_by = row.name();
          }
          if (kind == "KIND_WITHDRAWAL") standing.granted = 0;
          if (kind == "KIND_TAX_REPORT" && number > standing.last_decision) {
            ASSIGN_OR_RETURN(const int64_t tax, NumberOf(row.Text(2)));
            standing.granted -= tax;
          }
          return absl::OkStatus();
        });
  }
  absl::Status ReadPayments() {
    return ReadDocuments<v1::Payment>("payment_date", {"kind", "yen"},
                                      [&](Standing& standing, int64_t, const store::Cells& row) -> absl::Status {
                                        ASSIGN_OR_RETURN(const int64_t yen, NumberOf(row.Text(1)));
                                        standing.paid += row.Text(0) == "KIND_RETURN" ? -yen : yen;
                                        return absl::OkStatus();
                                      });
  }
  absl::Status ReadBudget() {
    std::map<std::string, std::pair<int64_t, int64_t>> lines;  // granted, available
    RETURN_IF_ERROR(
        run_.ScanEver<v1::BudgetLine>(Where("fiscal_year", int64_t{year_}), {}, [&](const store::Cells& row) {
          lines[row.name()];
          return absl::OkStatus();
        }));
    RETURN_IF_ERROR(run_.ScanEver<v1::Posting>(
        {}, {"yen", "from_account", "to_account", "posting_date"}, [&](const store::Cells& row) -> absl::Status {
          const auto line = lines.find(std::string(Schema::ParentOf(row.name())));
          if (line == lines.end() || !IsPast(row.Text(3))) return absl::OkStatus();
          ASSIGN_OR_RETURN(const int64_t yen, NumberOf(row.Text(0)));
          auto& [granted, available] = line->second;
          if (row.Text(1) == "ACCOUNT_GRANTED") granted += yen;
          if (row.Text(2) == "ACCOUNT_GRANTED") granted -= yen;
          if (row.Text(1) == "ACCOUNT_AVAILABLE") available -= yen;
          if (row.Text(2) == "ACCOUNT_AVAILABLE") available += yen;
          return absl::OkStatus();
        }));
    for (const auto& [name, yen] : lines) {
      Add(v1::SUBSIDY_MEASURE_BUDGET, "", "", name, yen.first);
      Add(v1::SUBSIDY_MEASURE_AVAILABLE, "", "", name, yen.second);
    }
    return absl::OkStatus();
  }

  ReportRun& run_;
  const v1::GetSubsidyReportRequest& request_;
  const peers::RegistryPlaces& places_;
  const int year_;
  absl::optional<ItemReader> items_;               // if figures are given by item
  std::map<std::string, std::string> programmes_;  // with their names
  std::map<std::string, Standing> applications_;
  std::map<std::string, std::map<v1::SubsidyMeasure, Counted>> numbers_;                                     // by group
  std::map<std::pair<std::string, v1::SubsidyPopulation>, std::map<v1::SubsidyMeasure, Counted>> executed_;  // by group
  std::map<std::string, Group> groups_;
};

}  // namespace

absl::Status ReportSubsidies(ReportRun& run, const v1::GetSubsidyReportRequest& request,
                             const peers::RegistryPlaces& places) {
  Counter counter(run, request, places);
  RETURN_IF_ERROR(counter.Read());
  return counter.Say();
}

}  // namespace tsunagu::subsidy
