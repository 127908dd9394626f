#include "services/matching/rules/visit_contract.h"

#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "services/matching/rules/half_day.h"
#include "services/matching/rules/opening.h"
#include "services/matching/rules/proposal.h"

namespace tsunagu::matching::rules {
namespace {

using HalfDays = google::protobuf::RepeatedField<int>;

// The two kinds of week: of school, and of the long holidays.
struct Week {
  const char* field;
  const HalfDays& (*of_contract)(const v1::VisitContract&);
  const HalfDays& (*of_opening)(const v1::Opening&);
};
const Week kWeeks[] = {
    {"school_half_days", [](const v1::VisitContract& c) -> const HalfDays& { return c.school_half_days(); },
     [](const v1::Opening& o) -> const HalfDays& { return o.school_half_days(); }},
    {"holiday_half_days", [](const v1::VisitContract& c) -> const HalfDays& { return c.holiday_half_days(); },
     [](const v1::Opening& o) -> const HalfDays& { return o.holiday_half_days(); }},
};

jp::Period PeriodOf(const v1::VisitContract& contract) {
  return {contract.has_valid_from_date() ? jp::DayOf(contract.valid_from_date()) : jp::kFirstDay,
          contract.has_valid_to_date() ? jp::DayOf(contract.valid_to_date()) : jp::kLastDay};
}

// Returns the periods in which contracts hold a half-day.
std::vector<jp::Period> HoldsOf(const std::vector<v1::VisitContract>& contracts, const Week& week, int half_day) {
  std::vector<jp::Period> holds;
  for (const v1::VisitContract& contract : contracts) {
    if (absl::c_linear_search(week.of_contract(contract), half_day)) holds.push_back(PeriodOf(contract));
  }
  return holds;
}

void CheckTogether(const v1::VisitContract& contract, const v1::Opening& opening, const Week& week, Faults& faults) {
  const HalfDays& taken = week.of_contract(contract);
  const HalfDays& wanted = week.of_opening(opening);
  for (const auto& group : opening.together()) {
    const auto is_taken = [&](int half_day) { return absl::c_linear_search(taken, half_day); };
    if (std::none_of(group.half_days().begin(), group.half_days().end(), is_taken)) continue;
    for (const int half_day : group.half_days()) {
      if (!absl::c_linear_search(wanted, half_day) || is_taken(half_day)) continue;
      AddHalfDayFault(week.field, "TOGETHER_TORN"_reason, half_day, faults);
    }
  }
}

}  // namespace

bool Holds(const v1::VisitContract& contract) {
  return contract.state() == v1::VisitContract::STATE_UNSPECIFIED ||
         contract.state() == v1::VisitContract::STATE_ACCEPTED;
}

bool GoesOn(const v1::VisitContract& contract, jp::CivilDay today) {
  if (Holds(contract)) return PeriodOf(contract).to >= today;
  return contract.state() == v1::VisitContract::STATE_PROPOSED &&
         (!contract.has_reply_by_date() || jp::DayOf(contract.reply_by_date()) >= today);
}

bool AsksForNoMore(const v1::VisitContract& before, const v1::VisitContract& after) {
  if (before.state() != after.state()) return false;
  for (const Week& week : kWeeks) {
    const HalfDays &had = week.of_contract(before), &has = week.of_contract(after);
    if (!std::equal(had.begin(), had.end(), has.begin(), has.end())) return false;
  }
  const jp::Period was = PeriodOf(before), is = PeriodOf(after);
  return is.from >= was.from && is.to <= was.to;
}

void CheckVisitContract(const v1::VisitContract& contract, const v1::Opening& opening, Faults& faults) {
  if (KindOf(opening) != v1::OPENING_KIND_VISIT) faults.Add("opening", "OPENING_NOT_VISIT"_reason);
  if (contract.school_half_days_size() + contract.holiday_half_days_size() == 0) {
    faults.Add("school_half_days", "HALF_DAYS_MISSING"_reason);
  }
  for (const Week& week : kWeeks) {
    const HalfDays& taken = week.of_contract(contract);
    for (int i = 0; i < taken.size(); ++i) {
      const std::string field = absl::StrCat(week.field, "[", i, "]");
      if (!absl::c_linear_search(week.of_opening(opening), taken[i]))
        AddHalfDayFault(field, "HALF_DAY_NOT_OFFERED"_reason, taken[i], faults);
      const bool repeated = std::find(taken.begin(), taken.begin() + i, taken[i]) != taken.begin() + i;
      if (repeated) AddHalfDayFault(field, "HALF_DAY_REPEATED"_reason, taken[i], faults);
    }
    CheckTogether(contract, opening, week, faults);
  }
}

void CheckHalfDaysFree(const v1::VisitContract& contract, const std::vector<v1::VisitContract>& others,
                       const v1::Opening& opening, Faults& faults) {
  for (const Week& week : kWeeks) {
    const HalfDays& taken = week.of_contract(contract);
    for (int i = 0; i < taken.size(); ++i) {
      if (MostAtOnce(HoldsOf(others, week, taken[i]), PeriodOf(contract)) < opening.posts()) continue;
      AddHalfDayFault(absl::StrCat(week.field, "[", i, "]"), "HALF_DAY_HELD"_reason, taken[i], faults);
    }
  }
}

void CheckOffersWhatIsHeld(const v1::Opening& opening, const std::vector<v1::VisitContract>& contracts,
                           jp::CivilDay today, Faults& faults) {
  int most = 0;
  for (const Week& week : kWeeks) {
    for (int half_day = registry::v1::HalfDay_MIN + 1; half_day <= registry::v1::HalfDay_MAX; ++half_day) {
      const int held = MostAtOnce(HoldsOf(contracts, week, half_day), {today, jp::kLastDay});
      most = std::max(most, held);
      if (held > 0 && !absl::c_linear_search(week.of_opening(opening), half_day)) {
        AddHalfDayFault(week.field, "HALF_DAY_HELD"_reason, half_day, faults);
      }
    }
  }
  if (most > opening.posts()) faults.Add("posts", "POSTS_PROMISED"_reason, {{"posts", absl::StrCat(most)}});
}

}  // namespace tsunagu::matching::rules
