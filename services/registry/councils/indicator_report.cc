#include "services/registry/councils/indicator_report.h"

#include <map>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/fiscal_year.h"
#include "common/text/where.h"
#include "services/registry/areas/bodies.h"
#include "services/registry/councils/held_councils.h"
#include "services/registry/placements/joint_groups.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/coordinator_training.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"
#include "tsunagu/registry/v1/plan_target.pb.h"
#include "tsunagu/registry/v1/region.pb.h"

namespace tsunagu::registry {
namespace {

using Indicator = v1::PlanIndicator;

// The things that one indicator counts for one body, each once, with the records that prove them.
using Things = std::map<std::string, std::string>;
using ThingsAt = std::map<std::pair<Indicator, std::string>, Things>;

absl::Status Group(ReportRun& run, const v1::GetIndicatorReportRequest& request) {
  const contract::Where is_prefecture("kind", v1::AREA_KIND_PREFECTURE);
  switch (request.group_by()) {
    case v1::INDICATOR_GROUPING_PREFECTURES:
      return run.GroupBy<v1::Area>(is_prefecture);
    case v1::INDICATOR_GROUPING_REGIONS:
      return run.GroupBy<v1::Region>({});
    case v1::INDICATOR_GROUPING_BODIES:
      return run.GroupBy<v1::Area>(request.bodies() == v1::INDICATOR_BODIES_PREFECTURES
                                       ? is_prefecture
                                       : !is_prefecture && !contract::Where("kind", v1::AREA_KIND_WARD) &&
                                             !contract::Where("kind", v1::AREA_KIND_NO_BODY));
    default:
      return absl::OkStatus();
  }
}

absl::Status FindCoordinators(ReportRun& run, ThingsAt& there) {
  // A trained person counts for every body that places her, even if the caller may not see the training.
  absl::flat_hash_set<std::string> trained;
  RETURN_IF_ERROR(
      run.ScanAll<v1::CoordinatorTraining>(contract::Where("revoked", false), {}, [&](const store::Cells& training) {
        trained.insert(std::string(contract::Schema::ParentOf(training.name())));
        return absl::OkStatus();
      }));
  ASSIGN_OR_RETURN(const auto members, ReadJointMembers(run));
  return run.Scan<v1::Placement>(
      contract::Where("stage", v1::PLACEMENT_STAGE_ACTUAL), {"body", "coordinator"},
      [&](const store::Cells& placement) {
        const std::string& person = placement.Text(1);
        for (const std::string& body : PlacingBodies(members, placement.Text(0), run.day())) {
          there[{v1::PLAN_INDICATOR_COORDINATORS, body}].emplace(person, placement.name());
          if (trained.contains(person)) {
            there[{v1::PLAN_INDICATOR_TRAINED_COORDINATORS, body}].emplace(person, placement.name());
          }
        }
        return absl::OkStatus();
      });
}

absl::Status FindCouncils(ReportRun& run, ThingsAt& there) {
  return ForEachHeldCouncil(run, [&](const HeldCouncil& council) {
    if (council.of_region) return;
    for (const std::string& body : council.holders) {
      if (council.on_day) there[{v1::PLAN_INDICATOR_COUNCILS, body}].emplace(council.name, council.name);
      for (const std::string& meeting : council.meetings) {
        there[{v1::PLAN_INDICATOR_MEETINGS, body}].emplace(meeting, meeting);
      }
    }
  });
}

platform::v1::FigureRow RowOf(const std::string& name, int64_t value, const std::string& counted_as = "") {
  platform::v1::FigureRow row;
  row.set_resource_name(name);
  if (counted_as != name) row.set_counted_as(counted_as);
  row.set_value(value);
  return row;
}

// The sum of one indicator, in total or for one group.
class Sum {
 public:
  explicit Sum(bool keeps_rows) : keeps_rows_(keeps_rows) {}

  bool has_target() const { return with_target_.numerator > 0; }

  void AddBody(const std::string& body) { Count(bodies_, RowOf(body, 1)); }
  void AddTarget(const std::string& body, const std::string& target, int64_t planned, const Things& things) {
    Count(with_target_, RowOf(body, 1));
    Count(target_, RowOf(target, planned));
    for (const auto& [thing, record] : things) Count(actual_, RowOf(record, 1, thing));
  }

  void AddTo(ReportRun& run, const Slice& slice) const {
    Counted difference = actual_, share = actual_;
    difference.numerator -= target_.numerator;
    for (platform::v1::FigureRow row : target_.rows) {
      row.set_value(-row.value());
      difference.rows.push_back(row);
    }
    share.denominator = target_.numerator;
    run.Add(slice, v1::INDICATOR_MEASURE_BODIES, bodies_);
    run.Add(slice, v1::INDICATOR_MEASURE_TARGET_BODIES, with_target_);
    run.Add(slice, v1::INDICATOR_MEASURE_TARGET, target_);
    run.Add(slice, v1::INDICATOR_MEASURE_ACTUAL, actual_);
    run.Add(slice, v1::INDICATOR_MEASURE_DIFFERENCE, std::move(difference));
    run.Add(slice, v1::INDICATOR_MEASURE_SHARE, std::move(share));
  }

 private:
  void Count(Counted& counted, const platform::v1::FigureRow& row) const {
    counted.numerator += row.value();
    if (keeps_rows_) counted.rows.push_back(row);
  }

  const bool keeps_rows_;
  Counted bodies_, with_target_, target_, actual_;
};

struct Target {
  std::string name;
  int64_t planned = 0;
};
using TargetsAt = std::map<std::pair<Indicator, std::string>, Target>;

absl::StatusOr<TargetsAt> ReadTargets(ReportRun& run) {
  TargetsAt targets;
  RETURN_IF_ERROR(run.Scan<v1::PlanTarget>(
      contract::Where("fiscal_year", int64_t{jp::FiscalYear::Of(run.day()).year()}), {"indicator", "body", "target"},
      [&](const store::Cells& target) -> absl::Status {
        Indicator indicator = v1::PLAN_INDICATOR_UNSPECIFIED;
        Target read{target.name(), 0};
        if (!v1::PlanIndicator_Parse(target.Text(0), &indicator) || !absl::SimpleAtoi(target.Text(2), &read.planned)) {
          return absl::DataLossError("plan target");
        }
        targets[{indicator, target.Text(1)}] = std::move(read);
        return absl::OkStatus();
      }));
  return targets;
}

constexpr Indicator kIndicators[] = {v1::PLAN_INDICATOR_COORDINATORS, v1::PLAN_INDICATOR_TRAINED_COORDINATORS,
                                     v1::PLAN_INDICATOR_COUNCILS, v1::PLAN_INDICATOR_MEETINGS};

}  // namespace

absl::Status ReportIndicators(ReportRun& run, const v1::GetIndicatorReportRequest& request) {
  RETURN_IF_ERROR(Group(run, request));
  ASSIGN_OR_RETURN(const TargetsAt targets, ReadTargets(run));
  ThingsAt there;
  RETURN_IF_ERROR(FindCoordinators(run, there));
  RETURN_IF_ERROR(FindCouncils(run, there));

  using Sums = std::map<Indicator, Sum>;
  std::map<std::string, Sums> sums;  // by group, "" for the total
  for (const Indicator indicator : kIndicators) sums[""].try_emplace(indicator, run.explains());
  const bool of_prefectures = request.bodies() == v1::INDICATOR_BODIES_PREFECTURES;
  RETURN_IF_ERROR(ForEachBody(run, [&](const Body& one) {
    const std::string& body = one.name;
    if (one.is_prefecture != of_prefectures || !run.Covers(body)) return;
    std::set<std::string> groups = {""};
    for (const tsunagu::Group* group : run.GroupsAround(body)) groups.insert(group->name);
    for (const std::string& group : groups) {
      for (const Indicator indicator : kIndicators) {
        Sum& sum = sums[group].try_emplace(indicator, run.explains()).first->second;
        sum.AddBody(body);
        const auto target = targets.find({indicator, body});
        if (target != targets.end()) {
          sum.AddTarget(body, target->second.name, target->second.planned, there[{indicator, body}]);
        }
      }
    }
  }));
  for (const auto& [name, of_group] : sums) {
    const tsunagu::Group* group = name.empty() ? nullptr : &run.groups().at(name);
    for (const auto& [indicator, sum] : of_group) {
      if (group == nullptr || sum.has_target()) sum.AddTo(run, Slice(Slice(indicator).population, group));
    }
  }
  return absl::OkStatus();
}

absl::Status CollectMissingTargets(DueRun& run) {
  const int year = jp::FiscalYear::Of(run.days().from).year();
  std::set<std::pair<std::string, Indicator>> there;
  RETURN_IF_ERROR(run.records<v1::PlanTarget>().ForEach(contract::Where("fiscal_year", int64_t{year}),
                                                        [&](const v1::PlanTarget& target) {
                                                          there.emplace(target.body(), target.indicator());
                                                          return absl::OkStatus();
                                                        }));
  return run.records<v1::PlanTarget>().ForEach(
      contract::Where("fiscal_year", int64_t{year - 1}), [&](const v1::PlanTarget& target) {
        if (there.count({target.body(), target.indicator()}) > 0) return absl::OkStatus();
        run.Add({run.days().from, target.name(), "TARGET_MISSING",
                 absl::StrCat("前年度にあった目標値が、", year, "年度にはありません。入力してください。"),
                 absl::StrCat("This target of last fiscal year has none for ", year, ". Enter it.")});
        return absl::OkStatus();
      });
}

}  // namespace tsunagu::registry
