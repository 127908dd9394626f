#include "services/matching/rules/opening.h"

#include <algorithm>
#include <bitset>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/jp/clock_time.h"
#include "services/matching/rules/half_day.h"

namespace tsunagu::matching::rules {
namespace {

constexpr int kDays = 7;
constexpr int kMidday = 720;
constexpr const char* kDayNames[kDays][2] = {{"月", "Monday"},   {"火", "Tuesday"}, {"水", "Wednesday"},
                                             {"木", "Thursday"}, {"金", "Friday"},  {"土", "Saturday"},
                                             {"日", "Sunday"}};

using Week = std::bitset<2 * kDays>;  // morning and afternoon of each day

// Returns the index in a week; -1 for a value that the contract refuses.
int At(int half_day) { return registry::v1::HalfDay_IsValid(half_day) ? half_day - 1 : -1; }
bool IsMorning(int half_day) { return At(half_day) % 2 == 0; }

std::string Item(const char* field, int index) { return absl::StrCat(field, "[", index, "]"); }

using HalfDays = google::protobuf::RepeatedField<int>;

Week ReadWeek(const HalfDays& half_days, const char* field, Faults& faults) {
  Week week;
  for (int i = 0; i < half_days.size(); ++i) {
    const int at = At(half_days[i]);
    if (at < 0) continue;
    if (week[at]) AddHalfDayFault(Item(field, i), "HALF_DAY_REPEATED"_reason, half_days[i], faults);
    week.set(at);
  }
  return week;
}

struct Span {
  int begins, ends;
  int length() const { return std::max(0, ends - begins); }
  bool Contains(const Span& other) const { return begins <= other.begins && other.ends <= ends; }
};

struct Hours {
  Span day;
  int midday;
  int pause;

  Span Of(bool morning, bool afternoon) const {
    return {morning ? day.begins : std::max(day.begins, midday), afternoon ? day.ends : std::min(day.ends, midday)};
  }
  int MinutesOf(const Week& week) const {
    int minutes = 0;
    for (int d = 0; d < kDays; ++d) {
      const bool morning = week[2 * d], afternoon = week[2 * d + 1];
      if (!morning && !afternoon) continue;
      minutes += std::max(0, Of(morning, afternoon).length() - (morning && afternoon ? pause : 0));
    }
    return minutes;
  }
};

void CheckKind(const v1::Opening& opening, Faults& faults) {
  const v1::OpeningKind kind = KindOf(opening);
  if (opening.employment_form() != v1::EMPLOYMENT_FORM_UNSPECIFIED && kind != v1::OPENING_KIND_EMPLOYMENT) {
    faults.Add("employment_form", "OPENING_FIELD_NOT_OF_KIND"_reason);
  }
  if (opening.supplier() != v1::SUPPLIER_UNSPECIFIED && kind != v1::OPENING_KIND_VISIT) {
    faults.Add("supplier", "OPENING_FIELD_NOT_OF_KIND"_reason);
  }
  if (kind != v1::OPENING_KIND_DISPATCH) return;
  if (opening.workplace() == v1::WORKPLACE_UNSPECIFIED) faults.Add("workplace", "WORKPLACE_NOT_SAID"_reason);
  if (opening.workplace() == v1::WORKPLACE_CHILD_HOME) faults.Add("workplace", "DISPATCH_TO_HOME"_reason);
}

void CheckTogether(const v1::Opening& opening, const Week& worked, Faults& faults) {
  Week seen;
  for (int g = 0; g < opening.together_size(); ++g) {
    const HalfDays& half_days = opening.together(g).half_days();
    const std::string field = Item("together", g);
    if (half_days.size() == 1) faults.Add(field, "TOGETHER_ALONE"_reason);
    for (const int half_day : half_days) {
      const int at = At(half_day);
      if (at < 0) continue;
      if (seen[at]) AddHalfDayFault(field, "HALF_DAY_REPEATED"_reason, half_day, faults);
      if (!worked[at]) AddHalfDayFault(field, "TOGETHER_NOT_WORKED"_reason, half_day, faults);
      seen.set(at);
    }
  }
}

// Returns nothing if the hours are not given, or not in a form that can be compared with anything.
absl::optional<Hours> ReadHours(const v1::Opening& opening, Faults& faults) {
  const auto read = [&](const std::string& time, const char* field) {
    const auto minute = jp::MinuteOfDay(time);
    if (!time.empty() && !minute) faults.Add(field, "OPENING_TIME_MALFORMED"_reason);
    return minute;
  };
  const auto begins = read(opening.begins_at(), "begins_at"), ends = read(opening.ends_at(), "ends_at");
  const auto midday = read(opening.midday_at(), "midday_at");
  const bool wanted = !opening.begins_at().empty() || !opening.ends_at().empty() || !opening.midday_at().empty() ||
                      opening.break_minutes() > 0 || opening.care_times_size() > 0;
  if (wanted && opening.begins_at().empty()) faults.Add("begins_at", "HOURS_INCOMPLETE"_reason);
  if (wanted && opening.ends_at().empty()) faults.Add("ends_at", "HOURS_INCOMPLETE"_reason);
  if (!begins || !ends) return absl::nullopt;
  if (*begins >= *ends) {
    faults.Add("ends_at", "HOURS_REVERSED"_reason);
    return absl::nullopt;
  }
  return Hours{{*begins, *ends}, midday.value_or(kMidday), opening.break_minutes()};
}

void CheckHalves(const HalfDays& half_days, const char* field, const Hours& hours, Faults& faults) {
  for (int i = 0; i < half_days.size(); ++i) {
    if (At(half_days[i]) < 0) continue;
    const bool morning = IsMorning(half_days[i]);
    if (hours.Of(morning, !morning).length() > 0) continue;
    AddHalfDayFault(Item(field, i), "HALF_DAY_OUTSIDE_HOURS"_reason, half_days[i], faults);
  }
}

void CheckHalvesOfHours(const v1::Opening& opening, const Week& worked, const Hours& hours, Faults& faults) {
  CheckHalves(opening.school_half_days(), "school_half_days", hours, faults);
  CheckHalves(opening.holiday_half_days(), "holiday_half_days", hours, faults);
  bool half[2] = {false, false};
  for (int at = 0; at < 2 * kDays; ++at) half[at % 2] = half[at % 2] || worked[at];
  const std::string midday = absl::StrFormat("%d:%02d", hours.midday / 60, hours.midday % 60);
  if (!half[0] && hours.day.begins < hours.midday) {
    faults.Add("begins_at", "HOURS_WITHOUT_HALF_DAY"_reason, {{"midday", midday}});
  }
  if (!half[1] && hours.day.ends > hours.midday) {
    faults.Add("ends_at", "HOURS_WITHOUT_HALF_DAY"_reason, {{"midday", midday}});
  }
}

void CheckMinutes(const v1::Opening& opening, const Week& school, const Week& holidays, const Hours& hours,
                  Faults& faults) {
  const bool has_school = school.any();
  const int usual = hours.MinutesOf(has_school ? school : holidays);
  const char* usual_field = has_school ? "school_half_days" : "holiday_half_days";
  if (usual < opening.weekly_minutes()) {
    faults.Add(usual_field, "HOURS_TOO_SHORT"_reason,
               {{"minutes", absl::StrCat(usual)}, {"min", absl::StrCat(opening.weekly_minutes())}});
  }
  // For a visit, a nurse may take a part of the hours.
  if (opening.max_weekly_minutes() == 0 || KindOf(opening) == v1::OPENING_KIND_VISIT) return;
  const auto check = [&](const Week& week, const char* field) {
    const int minutes = hours.MinutesOf(week);
    if (minutes <= opening.max_weekly_minutes()) return;
    faults.Add(field, "HOURS_TOO_LONG"_reason,
               {{"minutes", absl::StrCat(minutes)}, {"max", absl::StrCat(opening.max_weekly_minutes())}});
  };
  check(school, "school_half_days");
  check(holidays, "holiday_half_days");
}

absl::optional<Span> ReadCareTime(const std::string& text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '-');
  if (parts.size() > 2) return absl::nullopt;
  const auto begins = jp::MinuteOfDay(parts.front()), ends = jp::MinuteOfDay(parts.back());
  if (!begins || !ends) return absl::nullopt;
  return Span{*begins, *ends};
}

// Returns the days on which the hours do not contain the time of care, in both languages.
std::pair<std::string, std::string> DaysWithout(const Span& care, const Week& worked, const Hours& hours) {
  std::vector<std::string> ja, en;
  int days = 0;
  for (int d = 0; d < kDays; ++d) {
    const bool morning = worked[2 * d], afternoon = worked[2 * d + 1];
    if (!morning && !afternoon) continue;
    ++days;
    const Span there = hours.Of(morning, afternoon);
    if (there.length() > 0 && there.Contains(care)) continue;
    ja.emplace_back(kDayNames[d][0]);
    en.emplace_back(kDayNames[d][1]);
  }
  if (static_cast<int>(en.size()) == days) return {"すべての勤務日", "every day"};
  return {absl::StrJoin(ja, "、"), absl::StrJoin(en, ", ")};
}

void CheckCareTimes(const v1::Opening& opening, const Week& school, const Week& holidays,
                    const absl::optional<Hours>& hours, Faults& faults) {
  for (int i = 0; i < opening.care_times_size(); ++i) {
    const std::string field = Item("care_times", i);
    const auto care = ReadCareTime(opening.care_times(i));
    if (!care) {
      faults.Add(field, "OPENING_TIME_MALFORMED"_reason);
      continue;
    }
    if (absl::StrContains(opening.care_times(i), '-') && care->begins >= care->ends) {
      faults.Add(field, "CARE_TIME_REVERSED"_reason, {{"time", opening.care_times(i)}});
      continue;
    }
    if (!hours) continue;  // already reported
    // If no half-days are given, only the hours can be checked.
    std::vector<Week> weeks = {school, holidays};
    if ((school | holidays).none()) weeks = {Week().set()};
    for (const Week& week : weeks) {
      const auto [ja, en] = week.any() ? DaysWithout(*care, week, *hours) : std::pair<std::string, std::string>();
      if (en.empty()) continue;
      faults.Add(field, "CARE_TIME_OUTSIDE_HOURS"_reason,
                 {{"time", opening.care_times(i)}, {"days", en}, {"days_ja", ja}});
      break;
    }
  }
}

}  // namespace

v1::OpeningKind KindOf(const v1::Opening& opening) {
  return opening.kind() == v1::OPENING_KIND_UNSPECIFIED ? v1::OPENING_KIND_EMPLOYMENT : opening.kind();
}

void CheckOpening(const v1::Opening& opening, Faults& faults) {
  CheckKind(opening, faults);
  const Week school = ReadWeek(opening.school_half_days(), "school_half_days", faults);
  const Week holidays = ReadWeek(opening.holiday_half_days(), "holiday_half_days", faults);
  const Week worked = school | holidays;
  if (opening.max_weekly_minutes() > 0 && opening.max_weekly_minutes() < opening.weekly_minutes()) {
    faults.Add("max_weekly_minutes", "WEEKLY_MINUTES_CONTRADICT"_reason,
               {{"max", absl::StrCat(opening.max_weekly_minutes())}, {"min", absl::StrCat(opening.weekly_minutes())}});
  }
  const absl::optional<Hours> hours = ReadHours(opening, faults);
  const bool needs_half_days = KindOf(opening) == v1::OPENING_KIND_VISIT || opening.together_size() > 0 ||
                               !opening.begins_at().empty() || !opening.ends_at().empty() ||
                               opening.care_times_size() > 0;
  if (worked.none() && needs_half_days) faults.Add("school_half_days", "HALF_DAYS_MISSING"_reason);
  if (worked.any()) CheckTogether(opening, worked, faults);
  if (worked.any() && hours) {
    CheckHalvesOfHours(opening, worked, *hours, faults);
    CheckMinutes(opening, school, holidays, *hours, faults);
  }
  CheckCareTimes(opening, school, holidays, hours, faults);
}

absl::Status CheckOpen(const v1::Opening& opening, jp::CivilDay today) {
  if (opening.state() == v1::OPENING_STATE_REFUSED) return Fail("OPENING_REFUSED"_reason);
  if (opening.has_valid_to_date() && jp::DayOf(opening.valid_to_date()) < today) {
    return Fail("OPENING_OVER"_reason, {{"date", jp::FormatIso(jp::DayOf(opening.valid_to_date()))}});
  }
  return absl::OkStatus();
}

bool TakesPart(const v1::Opening& opening) {
  return opening.state() != v1::OPENING_STATE_REFUSED && KindOf(opening) == v1::OPENING_KIND_EMPLOYMENT;
}

}  // namespace tsunagu::matching::rules
