#include "services/matching/rounds/round_report.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/service/report.h"
#include "services/matching/events/round_after.h"
#include "services/matching/rounds/result.h"
#include "services/matching/rounds/round_reads.h"
#include "services/matching/rules/account.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/farther.h"
#include "services/matching/rules/rule_table.h"
#include "tsunagu/matching/v1/round_report.pb.h"

namespace tsunagu::matching {
namespace {

struct Shortage {
  int32_t posts = 0;
  int32_t openings = 0;
};

Shortage ShortageOf(const rules::Instance& instance, absl::Span<const int32_t> opening_of_nurse) {
  const std::vector<int32_t> filled = FilledOf(instance, opening_of_nurse);
  Shortage shortage;
  for (size_t i = 0; i < filled.size(); ++i) {
    const int32_t left = std::max(0, instance.openings[i].posts - filled[i]);
    shortage.posts += left;
    shortage.openings += left > 0 ? 1 : 0;
  }
  return shortage;
}

int32_t PlacedOf(absl::Span<const int32_t> opening_of_nurse) {
  return static_cast<int32_t>(
      std::count_if(opening_of_nurse.begin(), opening_of_nurse.end(), [](int32_t opening) { return opening >= 0; }));
}

// Nurses who have a post by a full run of who and what is there. Events may have left fewer.
int32_t PlacedByFullRun(const SolvedRound& solved) {
  return PlacedOf(solved.after_event == 0 ? solved.opening_of_nurse : rules::Solve(solved.instance).opening_of_nurse);
}

// Posts filled beyond `placed`, were it solved with `change`: by its own rule table, which reads what was changed again.
template <typename Change>
int32_t ClosedBy(const SolvedRound& solved, int32_t placed, Change change) {
  rules::Instance changed = solved.instance;
  change(changed);
  changed = rules::ReadByTable(std::move(changed), solved.round.rule_table_version());
  return PlacedOf(rules::Solve(changed).opening_of_nurse) - placed;
}

void AddClosed(ReportRun& run, v1::SupplyMeans means, int32_t posts) {
  run.Add(means, v1::SUPPLY_MEASURE_CLOSED_POSTS, {posts});
}

// Longer ways of all nurses without a post, in each unit in which they are measured. Who has said no limit in minutes goes
// by metres, and gets none.
void AddLongerWays(ReportRun& run, const SolvedRound& solved, int32_t placed) {
  const rules::FartherWays ways = rules::FartherWaysOf(solved.instance, solved.opening_of_nurse);
  const auto closed = [&](v1::SupplyMeans means, auto lengthen) {
    AddClosed(run, means, ClosedBy(solved, placed, [&](rules::Instance& instance) {
                for (size_t i = 0; i < instance.nurses.size(); ++i) {
                  if (solved.opening_of_nurse[i] < 0) lengthen(instance.nurses[i]);
                }
              }));
  };
  if (ways.TellsMetres(solved.round.least_count())) {
    closed(v1::SUPPLY_MEANS_LONGER_COMMUTE, [](rules::Nurse& nurse) {
      nurse.commute_limit_metres = std::min(1'000'000, nurse.commute_limit_metres + rules::kFurtherMetres);
    });
  }
  if (ways.TellsMinutes(solved.round.least_count())) {
    closed(v1::SUPPLY_MEANS_LONGER_TRAVEL_TIME, [](rules::Nurse& nurse) {
      if (nurse.commute_limit_minutes > 0) nurse.commute_limit_minutes += rules::kFurtherMinutes;
    });
  }
}

absl::Status ReportSupply(ReportRun& run, const v1::GetSupplyReportRequest& request) {
  ASSIGN_OR_RETURN(const RoundAfter round, LoadAfter(run.view(), request.round(), AfterEventOf(request)));
  const SolvedRound& solved = round.solved;
  RETURN_IF_ERROR(CheckGoesByPriority(solved.round));
  RETURN_IF_ERROR(CheckMayVary(solved.round));
  const Shortage shortage = ShortageOf(solved.instance, solved.opening_of_nurse);
  run.Add(v1::SUPPLY_MEANS_AS_IT_IS, v1::SUPPLY_MEASURE_SHORT_POSTS, {shortage.posts});
  run.Add(v1::SUPPLY_MEANS_AS_IT_IS, v1::SUPPLY_MEASURE_SHORT_OPENINGS, {shortage.openings});
  if (solved.after_event > 0) run.Add(v1::SUPPLY_MEANS_AS_IT_IS, v1::SUPPLY_MEASURE_AFTER_EVENT, {solved.after_event});
  const int32_t placed = PlacedByFullRun(solved);
  for (int means = v1::SUPPLY_MEANS_TRAINING_SUCTION; means <= v1::SUPPLY_MEANS_TRAINING_SEIZURE; ++means) {
    const int skill = means - v1::SUPPLY_MEANS_TRAINING_SUCTION + registry::v1::SKILL_SUCTION;
    AddClosed(run, static_cast<v1::SupplyMeans>(means), ClosedBy(solved, placed, [&](rules::Instance& instance) {
                for (rules::Nurse& nurse : instance.nurses) nurse.skills |= uint64_t{1} << skill;
              }));
  }
  AddLongerWays(run, solved, placed);
  const std::vector<int32_t> filled = FilledOf(solved.instance, solved.opening_of_nurse);
  AddClosed(run, v1::SUPPLY_MEANS_SHORTER_HOURS, ClosedBy(solved, placed, [&](rules::Instance& instance) {
              for (size_t i = 0; i < filled.size(); ++i) {
                if (filled[i] < instance.openings[i].posts) instance.openings[i].weekly_minutes -= rules::kFewerMinutes;
              }
            }));
  AddClosed(run, v1::SUPPLY_MEANS_MORE_NURSES, shortage.openings);
  return absl::OkStatus();
}

// Of those who have a post.
void AddNurses(ReportRun& run, const SolvedRound& solved) {
  constexpr auto kNurses = v1::FAIRNESS_POPULATION_NURSES;
  const auto nurses = static_cast<int64_t>(solved.assignments.size());
  std::vector<int64_t> kilometres;
  int64_t first = 0, third = 0, choices = 0, metres = 0;
  for (const v1::Assignment& row : solved.assignments) {
    if (row.opening().empty()) continue;
    first += row.choice() == 1 ? 1 : 0;
    third += row.choice() <= 3 ? 1 : 0;
    choices += row.choice();
    kilometres.push_back((row.distance_metres() + 999) / 1000);
    metres += row.distance_metres();
  }
  const auto placed = static_cast<int64_t>(kilometres.size());
  run.Add(kNurses, v1::FAIRNESS_MEASURE_NUMBER, {nurses});
  run.Add(kNurses, v1::FAIRNESS_MEASURE_PLACED, {placed});
  run.Add(kNurses, v1::FAIRNESS_MEASURE_PLACED_SHARE, {placed, nurses});
  if (placed < std::max(1, solved.round.least_count())) return;
  std::sort(kilometres.begin(), kilometres.end());
  run.Add(kNurses, v1::FAIRNESS_MEASURE_FIRST_CHOICE_SHARE, {first, placed});
  run.Add(kNurses, v1::FAIRNESS_MEASURE_THIRD_CHOICE_SHARE, {third, placed});
  run.Add(kNurses, v1::FAIRNESS_MEASURE_CHOICE_MEAN, {choices, placed});
  run.Add(kNurses, v1::FAIRNESS_MEASURE_COMMUTE_MEAN, {metres, 1000 * placed});
  run.Add(kNurses, v1::FAIRNESS_MEASURE_COMMUTE_P90, {kilometres[(placed * 9 + 9) / 10 - 1]});
  run.Add(kNurses, v1::FAIRNESS_MEASURE_COMMUTE_MAX, {kilometres.back()});
}

struct Fill {
  int64_t posts = 0;
  int64_t filled = 0;
};

void AddFill(ReportRun& run, const Group* group, const Fill& fill) {
  const Slice slice(v1::FairnessPopulation_descriptor()->FindValueByNumber(v1::FAIRNESS_POPULATION_POSTS), group);
  run.Add(slice, v1::FAIRNESS_MEASURE_NUMBER, {fill.posts});
  run.Add(slice, v1::FAIRNESS_MEASURE_FILLED, {fill.filled});
  run.Add(slice, v1::FAIRNESS_MEASURE_FILLED_SHARE, {fill.filled, fill.posts});
}

absl::Status ReportFairness(ReportRun& run, const v1::GetFairnessReportRequest& request) {
  ASSIGN_OR_RETURN(const RoundAfter round, LoadAfter(run.view(), request.round(), AfterEventOf(request)));
  const SolvedRound& solved = round.solved;
  const std::vector<int32_t> filled = FilledOf(solved.instance, solved.opening_of_nurse);
  Fill all;
  std::map<std::string, Fill> by_area;
  for (size_t i = 0; i < filled.size(); ++i) {
    const int32_t posts = solved.instance.openings[i].posts;
    for (Fill* fill : {&all, &by_area[solved.snapshot.openings(static_cast<int>(i)).area()]}) {
      fill->posts += posts;
      fill->filled += filled[i];
    }
  }
  AddNurses(run, solved);
  if (solved.after_event > 0) {
    run.Add(v1::FAIRNESS_POPULATION_POSTS, v1::FAIRNESS_MEASURE_AFTER_EVENT, {solved.after_event});
  }
  AddFill(run, nullptr, all);
  if (request.group_by() != v1::FAIRNESS_GROUPING_AREAS) return absl::OkStatus();
  for (const auto& [area, fill] : by_area) {
    if (area.empty()) continue;
    const Group group = {area, area.substr(area.find('/') + 1)};
    AddFill(run, &group, fill);
  }
  return absl::OkStatus();
}

}  // namespace

void AddRoundReports(Service& service) {
  BindReport(service, "tsunagu.matching.v1.RoundReportService/GetSupplyReport", ReportSupply);
  BindReport(service, "tsunagu.matching.v1.RoundReportService/GetFairnessReport", ReportFairness);
}

}  // namespace tsunagu::matching
