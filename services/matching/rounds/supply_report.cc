#include "services/matching/rounds/supply_report.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/service/report.h"
#include "services/matching/events/round_after.h"
#include "services/matching/rounds/alternatives.h"
#include "services/matching/rounds/objective.h"
#include "services/matching/rounds/result.h"
#include "services/matching/rounds/round_reads.h"
#include "services/matching/rounds/worth.h"
#include "services/matching/rules/account.h"
#include "services/matching/rules/farther.h"
#include "services/matching/rules/rule_table.h"
#include "services/peers/registry_places.h"
#include "tsunagu/matching/v1/round_report.pb.h"

namespace tsunagu::matching {
namespace {

using Request = v1::GetSupplyReportRequest;

struct Shortage {
  int64_t posts = 0;
  int64_t openings = 0;
};
using Shortages = std::map<std::string, Shortage>;  // by area; the total has an empty name

Shortages ShortagesOf(const SolvedRound& solved, absl::Span<const int32_t> opening_of_nurse) {
  const std::vector<int32_t> filled = FilledOf(solved.instance, opening_of_nurse);
  Shortages shortages = {{"", {}}};
  for (size_t i = 0; i < filled.size(); ++i) {
    const int32_t left = std::max(0, solved.instance.openings[i].posts - filled[i]);
    const std::string& area = solved.snapshot.openings(static_cast<int>(i)).area();
    for (Shortage* shortage : {&shortages[""], area.empty() ? nullptr : &shortages[area]}) {
      if (shortage == nullptr) continue;
      shortage->posts += left;
      shortage->openings += left > 0 ? 1 : 0;
    }
  }
  return shortages;
}

Slice SliceOf(v1::SupplyMeans means, const Group* group) {
  return {v1::SupplyMeans_descriptor()->FindValueByNumber(means), group};
}

void AddShortage(ReportRun& run, const Slice& slice, const Shortage& shortage) {
  run.Add(slice, v1::SUPPLY_MEASURE_SHORT_POSTS, {shortage.posts});
  run.Add(slice, v1::SUPPLY_MEASURE_SHORT_OPENINGS, {shortage.openings});
}

// What a result fills: posts, and their weight.
struct Filled {
  int64_t posts = 0;
  int64_t weight = 0;
};

// Returns what would be filled in addition if there were one more nurse for each opening, who fits it. Caps are nested,
// so the number admitted does not depend on their order; the largest weights go first.
Filled RoomFor(const rules::Instance& instance, absl::Span<const int32_t> filled) {
  std::vector<int32_t> room;
  for (const rules::Cap& cap : instance.caps) {
    room.push_back(cap.limit);
    for (const int32_t opening : cap.openings) room.back() -= filled[opening];
  }
  std::vector<int32_t> openings(filled.size());
  std::iota(openings.begin(), openings.end(), 0);
  std::stable_sort(openings.begin(), openings.end(),
                   [&](int32_t a, int32_t b) { return instance.openings[a].weight > instance.openings[b].weight; });
  Filled sum;
  for (const int32_t i : openings) {
    if (filled[i] >= instance.openings[i].posts) continue;
    std::vector<size_t> around;
    for (size_t cap = 0; cap < room.size(); ++cap) {
      const std::vector<int32_t>& within = instance.caps[cap].openings;
      if (std::binary_search(within.begin(), within.end(), i)) around.push_back(cap);
    }
    if (std::any_of(around.begin(), around.end(), [&](size_t cap) { return room[cap] <= 0; })) continue;
    for (const size_t cap : around) --room[cap];
    ++sum.posts;
    sum.weight += instance.openings[i].weight;
  }
  return sum;
}

Filled SumOf(const rules::Instance& instance, absl::Span<const int32_t> opening_of_nurse) {
  Filled sum;
  for (const int32_t opening : opening_of_nurse) {
    if (opening < 0) continue;
    ++sum.posts;
    sum.weight += instance.openings[opening].weight;
  }
  return sum;
}

// Solves a round again with one change, and reports what is filled beyond a full run on the present participants:
// events may have left fewer.
class Measures {
 public:
  Measures(ReportRun& run, const SolvedRound& solved)
      : run_(run), solved_(solved), instance_(solved.WithLimitsOfRound()) {}

  // For a measure that has no effect on the round.
  void AddNothing(v1::SupplyMeans means) { Add(means, {}); }

  void Add(v1::SupplyMeans means, const Filled& closed) {
    run_.Add(means, v1::SUPPLY_MEASURE_CLOSED_POSTS, {closed.posts});
    if (solved_.round.weights_size() > 0) run_.Add(means, v1::SUPPLY_MEASURE_CLOSED_WEIGHT, {closed.weight});
  }

  absl::Status Begin() {
    if (solved_.after_event == 0) {
      now_ = SumOf(solved_.instance, solved_.opening_of_nurse);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(now_, Solve(instance_));
    return absl::OkStatus();
  }

  // Uses the round's own rule table, which reads the changed input again.
  template <typename Change>
  absl::Status Take(v1::SupplyMeans means, Change change) {
    rules::Instance changed = instance_;
    change(changed);
    ASSIGN_OR_RETURN(const Filled then,
                     Solve(rules::ReadByTable(std::move(changed), solved_.round.rule_table_version())));
    Add(means, {then.posts - now_.posts, then.weight - now_.weight});
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<Filled> Solve(const rules::Instance& instance) const {
    ASSIGN_OR_RETURN(const auto assigned, AssignFor(solved_.round.objective(), solved_.snapshot, instance));
    return SumOf(instance, assigned);
  }

  ReportRun& run_;
  const SolvedRound& solved_;
  const rules::Instance instance_;
  Filled now_;
};

// COVERAGE does not rank nurses by additional skills, so only required care matters.
absl::Status AddTraining(const SolvedRound& solved, Measures& measures) {
  uint64_t asked = GoesByPrices(solved.round) ? 0 : ~uint64_t{0};
  for (const rules::Opening& opening : solved.instance.openings) asked |= opening.required_skills;
  for (int means = v1::SUPPLY_MEANS_TRAINING_SUCTION; means <= v1::SUPPLY_MEANS_TRAINING_SEIZURE; ++means) {
    const int skill = means - v1::SUPPLY_MEANS_TRAINING_SUCTION + registry::v1::SKILL_SUCTION;
    if ((asked >> skill & 1) == 0) {
      measures.AddNothing(static_cast<v1::SupplyMeans>(means));
      continue;
    }
    RETURN_IF_ERROR(measures.Take(static_cast<v1::SupplyMeans>(means), [&](rules::Instance& instance) {
      for (rules::Nurse& nurse : instance.nurses) nurse.skills |= uint64_t{1} << skill;
    }));
  }
  return absl::OkStatus();
}

// Extends the ways of all nurses without a post, in each unit in which they are measured. A nurse without a limit in
// minutes is measured in metres, and gets no minutes.
absl::Status AddLongerWays(const SolvedRound& solved, Measures& measures) {
  const rules::FartherWays ways = rules::FartherWaysOf(solved.instance, solved.opening_of_nurse);
  const auto lengthen = [&](v1::SupplyMeans means, auto one) {
    return measures.Take(means, [&](rules::Instance& instance) {
      for (size_t i = 0; i < instance.nurses.size(); ++i) {
        if (solved.opening_of_nurse[i] < 0) one(instance.nurses[i]);
      }
    });
  };
  if (ways.TellsMetres(solved.round.least_count())) {
    RETURN_IF_ERROR(lengthen(v1::SUPPLY_MEANS_LONGER_COMMUTE, [](rules::Nurse& nurse) {
      nurse.commute_limit_metres = std::min(1'000'000, nurse.commute_limit_metres + rules::kFurtherMetres);
    }));
  }
  if (!ways.TellsMinutes(solved.round.least_count())) return absl::OkStatus();
  return lengthen(v1::SUPPLY_MEANS_LONGER_TRAVEL_TIME, [](rules::Nurse& nurse) {
    if (nurse.commute_limit_minutes > 0) nurse.commute_limit_minutes += rules::kFurtherMinutes;
  });
}

absl::Status AddShorterHours(const SolvedRound& solved, absl::Span<const int32_t> filled, Measures& measures) {
  return measures.Take(v1::SUPPLY_MEANS_SHORTER_HOURS, [&](rules::Instance& instance) {
    for (size_t i = 0; i < filled.size(); ++i) {
      if (filled[i] < instance.openings[i].posts) instance.openings[i].weekly_minutes -= rules::kFewerMinutes;
    }
  });
}

void AddPrice(ReportRun& run, const Slice& slice, const v1::Worth& price) {
  if (price.floor()) return;  // larger than any price
  run.Add(slice, v1::SUPPLY_MEASURE_PRICE_WEIGHT, {price.weight()});
  if (price.weight() == 0) run.Add(slice, v1::SUPPLY_MEASURE_PRICE_WAY, {price.metres(), 1000});
}

// The price in COVERAGE of one more nurse, and of a floor higher by one. A price that depends on few nurses is not
// disclosed; one that depends on none reveals nobody.
class Prices {
 public:
  explicit Prices(const SolvedRound& solved) : solved_(solved), prices_(solved) {
    for (int32_t i = 0; i < static_cast<int32_t>(solved.instance.openings.size()); ++i) {
      eligible_.push_back(rules::AccountOf(solved.instance, solved.opening_of_nurse, i).eligible());
    }
  }

  // The opening where one more nurse brings most, of those in an area, or of all.
  void AddOneNurse(ReportRun& run, const std::string& area, const Group* group) const {
    std::optional<int64_t> most;
    for (int32_t i = 0; i < static_cast<int32_t>(eligible_.size()); ++i) {
      const bool counts = solved_.instance.openings[i].posts > 0 && IsTold(eligible_[i]) &&
                          (area.empty() || solved_.snapshot.openings(i).area() == area);
      if (counts) most = std::max(most.value_or(0), prices_.OfNurseAt(i));
    }
    if (most) AddPrice(run, SliceOf(v1::SUPPLY_MEANS_ONE_NURSE, group), prices_.Told(*most));
  }

  void AddFloors(ReportRun& run, const peers::RegistryPlaces& names) const {
    for (int i = 0; i < solved_.snapshot.caps_size(); ++i) {
      const v1::SnapshotCap& cap = solved_.snapshot.caps(i);
      int32_t eligible = 0;  // the most at one of them, so that a nurse counts once
      for (const int32_t opening : cap.openings()) eligible = std::max(eligible, eligible_[opening]);
      if (cap.least() == 0 || !IsTold(eligible)) continue;
      const Group group = {cap.place(), names.DisplayNameOf(cap.place())};
      AddPrice(run, SliceOf(v1::SUPPLY_MEANS_HIGHER_FLOOR, &group), prices_.Told(solved_.certificate.floor_prices(i)));
    }
  }

 private:
  bool IsTold(int32_t eligible) const { return eligible == 0 || eligible >= solved_.round.least_count(); }

  const SolvedRound& solved_;
  const RoundPrices prices_;
  std::vector<int32_t> eligible_;  // by opening
};

void AddAlternatives(ReportRun& run, const SolvedRound& solved) {
  bool is_own = true;  // the round's own result is first
  for (const Alternative& one : AlternativesTo(solved)) {
    const bool stable = one.outcome.objective() == v1::Round::OBJECTIVE_STABLE;
    const auto means = stable ? v1::SUPPLY_MEANS_IF_STABLE : v1::SUPPLY_MEANS_IF_COVERAGE;
    if (!is_own) AddShortage(run, means, ShortagesOf(solved, one.opening_of_nurse).at(""));
    is_own = false;
  }
}

// Adds the present state: the total and, if requested, each area.
void AddNow(ReportRun& run, const peers::RegistryPlaces& names, const Request& request, const SolvedRound& solved,
            const std::optional<Prices>& prices) {
  for (const auto& [area, shortage] : ShortagesOf(solved, solved.opening_of_nurse)) {
    if (!area.empty() && request.group_by() != v1::SUPPLY_GROUPING_AREAS) continue;
    const Group in_area = {area, names.DisplayNameOf(area)};
    const Group* group = area.empty() ? nullptr : &in_area;
    AddShortage(run, SliceOf(v1::SUPPLY_MEANS_AS_IT_IS, group), shortage);
    if (prices) prices->AddOneNurse(run, area, group);
  }
}

absl::Status ReportSupply(const peers::RegistryPlaces& names, ReportRun& run, const Request& request) {
  ASSIGN_OR_RETURN(const int32_t event, EventToReport(run, request.round(), false, AfterEventOf(request)));
  ASSIGN_OR_RETURN(const RoundAfter round, LoadAfter(run.view(), request.round(), event));
  const SolvedRound& solved = round.solved;
  run.SetDayTold(jp::DayOf(solved.round.as_of_date()));
  std::optional<Prices> prices;
  if (GoesByPrices(solved.round)) {
    constexpr int64_t kMostPairs = 2'500'000;  // each of ten measures takes some tenths of a second
    RETURN_IF_ERROR(CheckMayVary(solved.round, kMostPairs));
    prices.emplace(solved);
  } else {
    RETURN_IF_ERROR(CheckMayVary(solved.round));
  }
  AddNow(run, names, request, solved, prices);
  if (solved.after_event > 0) run.Add(v1::SUPPLY_MEANS_AS_IT_IS, v1::SUPPLY_MEASURE_AFTER_EVENT, {solved.after_event});
  AddAlternatives(run, solved);
  const std::vector<int32_t> filled = FilledOf(solved.instance, solved.opening_of_nurse);
  Measures measures(run, solved);
  RETURN_IF_ERROR(measures.Begin());
  RETURN_IF_ERROR(AddTraining(solved, measures));
  RETURN_IF_ERROR(AddLongerWays(solved, measures));
  RETURN_IF_ERROR(AddShorterHours(solved, filled, measures));
  measures.Add(v1::SUPPLY_MEANS_MORE_NURSES, RoomFor(solved.WithLimitsOfRound(), filled));
  if (prices) prices->AddFloors(run, names);
  return absl::OkStatus();
}

}  // namespace

void AddSupplyReport(Service& service, const peers::RegistryPlaces& names) {
  BindReport<Request>(service, "tsunagu.matching.v1.RoundReportService/GetSupplyReport",
                      [&names](ReportRun& run, const Request& request) { return ReportSupply(names, run, request); });
}

}  // namespace tsunagu::matching
