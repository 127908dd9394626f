#include "services/subsidy/activity_report.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/area_code.h"
#include "common/jp/fiscal_year.h"
#include "services/peers/registry_places.h"
#include "tsunagu/options.pb.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/provider.pb.h"
#include "tsunagu/subsidy/v1/service_record.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"
#include "tsunagu/subsidy/v1/usage_grant.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using contract::Where;
using platform::v1::FigureRow;

absl::StatusOr<int64_t> NumberOf(const std::string& text) {
  int64_t number = 0;
  if (text.empty() || absl::SimpleAtoi(text, &number)) return number;
  return absl::DataLossError("a number that is none");
}

// The groups to which a record belongs.
struct Ground {
  std::string body, activity;  // activity: the name of the enum value
};
struct Grant {
  Ground ground;
  std::string child;  // including its body
  int64_t siblings = 0;
};

class Counter {
 public:
  Counter(ReportRun& run, const v1::GetActivitiesReportRequest& request, const peers::RegistryPlaces& places)
      : run_(run),
        request_(request),
        places_(places),
        today_(jp::FormatIso(run.day())),
        year_(request.fiscal_year() == 0 ? jp::FiscalYear::Of(run.day()).year() : request.fiscal_year()) {}

  absl::Status Read() {
    numbers_[""];
    RETURN_IF_ERROR(ReadGrants());
    RETURN_IF_ERROR(ReadRecords());
    RETURN_IF_ERROR(ReadProviders());
    RETURN_IF_ERROR(ReadClaims());
    return ReadAreas();
  }

  void Say() {
    for (auto& [name, numbers] : numbers_) {
      for (const auto& [child, siblings] : numbers.children) {
        Count(numbers.measures[v1::ACTIVITY_MEASURE_CHILDREN], siblings.second, 1);
        Count(numbers.measures[v1::ACTIVITY_MEASURE_SIBLINGS], siblings.second, siblings.first);
      }
      numbers.measures[v1::ACTIVITY_MEASURE_HOURS].denominator = 60;
      const Group* group = name.empty() ? nullptr : &groups_.at(name);
      const Slice slice(v1::ActivityPopulation_descriptor()->value(v1::ACTIVITY_POPULATION_ALL), group);
      for (int i = v1::ACTIVITY_MEASURE_CHILDREN; i <= v1::ACTIVITY_MEASURE_AREAS_WITHOUT_PROVIDER; ++i) {
        const auto measure = static_cast<v1::ActivityMeasure>(i);
        const bool of_one = group != nullptr && request_.group_by() == v1::ACTIVITY_GROUPING_BODIES;
        if (measure == v1::ACTIVITY_MEASURE_AREAS_WITHOUT_PROVIDER && of_one) continue;
        run_.Add(slice, measure, std::move(numbers.measures[measure]));
      }
    }
  }

 private:
  struct Numbers {
    std::map<v1::ActivityMeasure, Counted> measures;
    std::map<std::string, std::pair<int64_t, std::string>> children;  // number of siblings, and a grant
    std::set<std::string> bodies;                                     // bodies with a provider
  };

  void Count(Counted& counted, const std::string& row, int64_t value) {
    counted.numerator += value;
    if (!run_.explains() || value == 0) return;
    FigureRow& behind = counted.rows.emplace_back();
    behind.set_resource_name(row);
    behind.set_value(value);
  }
  // Returns the numbers of the total, and those of its group.
  std::vector<Numbers*> NumbersOf(const Ground& ground) {
    std::vector<Numbers*> all = {&numbers_[""]};
    if (request_.group_by() == v1::ACTIVITY_GROUPING_BODIES) {
      all.push_back(&InGroup(ground.body, places_.DisplayNameOf(ground.body)));
    }
    if (request_.group_by() == v1::ACTIVITY_GROUPING_ACTIVITIES) all.push_back(&OfActivity(ground.activity));
    return all;
  }
  Numbers& InGroup(const std::string& name, const std::string& label) {
    groups_[name] = {name, label};
    return numbers_[name];
  }
  Numbers& OfActivity(const std::string& word) {
    const auto* value = v1::Activity_descriptor()->FindValueByName(word);
    return InGroup(word, value == nullptr ? word : value->options().GetExtension(tsunagu::ja));
  }

  absl::Status ReadGrants() {
    return run_.ScanEver<v1::UsageGrant>(
        Where("fiscal_year", int64_t{year_}), {"body", "activity", "child", "siblings"},
        [&](const store::Cells& row) -> absl::Status {
          if (!run_.Covers(row.Text(0))) return absl::OkStatus();
          ASSIGN_OR_RETURN(const int64_t siblings, NumberOf(row.Text(3)));
          grants_[row.name()] = {{row.Text(0), row.Text(1)}, absl::StrCat(row.Text(0), "\n", row.Text(2)), siblings};
          return absl::OkStatus();
        });
  }
  absl::Status ReadRecords() {
    std::set<std::string> replaced;
    std::map<std::string, int64_t> minutes;  // by record
    const jp::FiscalYear year(year_);
    const Where then = Where::AtLeast("service_date", jp::FormatIso(year.first_day())) &&
                       Where::AtMost("service_date", jp::FormatIso(year.last_day()));
    RETURN_IF_ERROR(run_.ScanEver<v1::ServiceRecord>(
        then, {"service_date", "minutes", "replaces"}, [&](const store::Cells& row) -> absl::Status {
          if (!row.Text(2).empty()) replaced.insert(row.Text(2));
          const bool counts = grants_.count(std::string(Schema::ParentOf(row.name()))) != 0;
          if (!counts || row.Text(0) > today_) return absl::OkStatus();
          ASSIGN_OR_RETURN(minutes[row.name()], NumberOf(row.Text(1)));
          return absl::OkStatus();
        }));
    for (const auto& [name, counted] : minutes) {
      if (counted == 0 || replaced.count(name) != 0) continue;
      const std::string parent(Schema::ParentOf(name));
      const Grant& grant = grants_[parent];
      for (Numbers* numbers : NumbersOf(grant.ground)) {
        Count(numbers->measures[v1::ACTIVITY_MEASURE_VISITS], name, 1);
        Count(numbers->measures[v1::ACTIVITY_MEASURE_HOURS], name, counted);
        auto& [siblings, row] = numbers->children.try_emplace(grant.child, 0, parent).first->second;
        siblings = std::max(siblings, grant.siblings);
      }
    }
    return absl::OkStatus();
  }
  absl::Status ReadProviders() {
    return run_.ScanEver<v1::Provider>({}, {"body", "activity", "registration_date", "end_date"},
                                       [&](const store::Cells& row) {
                                         if (!run_.Covers(row.Text(0))) return absl::OkStatus();
                                         const Ground ground = {row.Text(0), row.Text(1)};
                                         providers_[row.name()] = ground;
                                         if (row.Text(2) > today_ || (!row.Text(3).empty() && row.Text(3) < today_))
                                           return absl::OkStatus();
                                         for (Numbers* numbers : NumbersOf(ground)) {
                                           Count(numbers->measures[v1::ACTIVITY_MEASURE_PROVIDERS], row.name(), 1);
                                           numbers->bodies.insert(ground.body);
                                         }
                                         return absl::OkStatus();
                                       });
  }
  absl::Status ReadClaims() {
    const std::string first = jp::FormatIso(jp::FiscalYear(year_).first_day());
    const std::string last = std::min(today_, jp::FormatIso(jp::FiscalYear(year_).last_day()));
    return run_.ScanEver<v1::UsageClaim>(
        {}, {"month_date", "total_yen", "state"}, [&](const store::Cells& row) -> absl::Status {
          const auto provider = providers_.find(std::string(Schema::ParentOf(row.name())));
          const bool is_then = first <= row.Text(0) && row.Text(0) <= last;
          if (provider == providers_.end() || !is_then || row.Text(2) == "STATE_WITHDRAWN") return absl::OkStatus();
          ASSIGN_OR_RETURN(const int64_t yen, NumberOf(row.Text(1)));
          for (Numbers* numbers : NumbersOf(provider->second)) {
            Count(numbers->measures[v1::ACTIVITY_MEASURE_CLAIMED], row.name(), yen);
          }
          return absl::OkStatus();
        });
  }
  absl::Status ReadAreas() {
    std::set<std::string> areas;
    const auto add = [&](const std::string& area) {
      const auto code = jp::AreaCode::Parse(absl::StripPrefix(area, "areas/"));
      const bool is_prefecture = code.ok() && code->IsPrefecture();
      if (!is_prefecture && run_.Covers(area)) areas.insert(area);
    };
    for (const std::string& area : places_.AreasOn(run_.day())) add(area);
    RETURN_IF_ERROR(run_.ScanEver<v1::ActivityScheme>({}, {"body"}, [&](const store::Cells& row) {
      add(row.Text(0));
      return absl::OkStatus();
    }));
    if (request_.group_by() == v1::ACTIVITY_GROUPING_ACTIVITIES) {
      const auto* words = v1::Activity_descriptor();
      for (int i = 1; i < words->value_count(); ++i) OfActivity(words->value(i)->name());
    }
    for (auto& [name, numbers] : numbers_) {
      for (const std::string& area : areas) {
        if (numbers.bodies.count(area) != 0) continue;
        Count(numbers.measures[v1::ACTIVITY_MEASURE_AREAS_WITHOUT_PROVIDER], area, 1);
      }
    }
    return absl::OkStatus();
  }

  ReportRun& run_;
  const v1::GetActivitiesReportRequest& request_;
  const peers::RegistryPlaces& places_;
  const std::string today_;
  const int year_;
  std::map<std::string, Grant> grants_;
  std::map<std::string, Ground> providers_;
  std::map<std::string, Numbers> numbers_;  // by group
  std::map<std::string, Group> groups_;
};

}  // namespace

absl::Status ReportActivities(ReportRun& run, const v1::GetActivitiesReportRequest& request,
                              const peers::RegistryPlaces& places) {
  Counter counter(run, request, places);
  RETURN_IF_ERROR(counter.Read());
  counter.Say();
  return absl::OkStatus();
}

}  // namespace tsunagu::subsidy
