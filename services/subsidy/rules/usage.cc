#include "services/subsidy/rules/usage.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/jp/clock_time.h"
#include "common/jp/fiscal_year.h"

namespace tsunagu::subsidy::rules {
namespace {

using v1::ActivityScheme;
using v1::ServiceRecord;

int MonthsOf(const ActivityScheme& scheme) {
  switch (scheme.limit_period()) {
    case ActivityScheme::LIMIT_PERIOD_MONTH:
      return 1;
    case ActivityScheme::LIMIT_PERIOD_QUARTER:
      return 3;
    default:
      return 12;
  }
}

int64_t Months(jp::CivilDay from, jp::CivilDay to) { return absl::CivilMonth(to) - absl::CivilMonth(from); }

int64_t CutTo(int64_t unit, int64_t value) { return value / unit * unit; }

// Returns the minutes from the beginning to the end; absent if they are not valid times.
absl::optional<int> LengthOf(const ServiceRecord& record) {
  const auto start = jp::MinuteOfDay(record.begins_at()), end = jp::MinuteOfDay(record.ends_at());
  if (!start || !end) return absl::nullopt;
  return *end - *start;
}

// Returns the body's part of the price of a visit, before rounding down.
int64_t PaidOf(const ActivityScheme& scheme, absl::string_view cost_class, int64_t minutes, int64_t price) {
  if (scheme.cost_classes().empty()) return price;
  for (const auto& one : scheme.cost_classes()) {
    if (one.code() != cost_class) continue;
    if (one.own_costs().empty()) return price * one.paid_percent() / 100;
    const auto step = std::find_if(one.own_costs().begin(), one.own_costs().end(),
                                   [&](const auto& cost) { return minutes <= cost.up_to_minutes(); });
    const int64_t own = step == one.own_costs().end() ? one.own_costs().rbegin()->yen() : step->yen();
    return std::max<int64_t>(price - own, 0);
  }
  return 0;
}

int64_t PriceOf(const ActivityScheme& scheme, const ServiceRecord& record) {
  return record.unit_price_yen() == 0 ? scheme.unit_price_yen() : record.unit_price_yen();
}

// `length`: in addition to what health insurance pays.
void CheckLength(const ActivityScheme& scheme, int length, Faults& faults) {
  const int least = scheme.least_visit_minutes(), most = scheme.longest_visit_minutes(), unit = scheme.unit_minutes();
  if (length < least) faults.Add("ends_at", "VISIT_TOO_SHORT"_reason, {{"minutes", absl::StrCat(least)}});
  if (most > 0 && length > most) faults.Add("ends_at", "VISIT_TOO_LONG"_reason, {{"minutes", absl::StrCat(most)}});
  if (scheme.rest() == ActivityScheme::REST_REFUSED && length % unit != 0) {
    faults.Add("ends_at", "VISIT_OFF_STEP"_reason, {{"minutes", absl::StrCat(unit)}});
  }
}

}  // namespace

jp::Period LimitPeriodOf(const ActivityScheme& scheme, jp::CivilDay day) {
  const int months = MonthsOf(scheme);
  const absl::CivilMonth first(jp::FiscalYear::Of(day).first_day());
  const absl::CivilMonth from = first + (absl::CivilMonth(day) - first) / months * months;
  return {jp::CivilDay(from), jp::CivilDay(from + months) - 1};
}

absl::optional<int64_t> MinutesByScheme(const ActivityScheme& scheme, jp::CivilDay decided, jp::CivilDay day) {
  if (scheme.limit_minutes() == 0) return absl::nullopt;
  const jp::Period period = LimitPeriodOf(scheme, day);
  if (!scheme.pro_rated() || decided < period.from) return scheme.limit_minutes();
  const int64_t months = MonthsOf(scheme), gone = std::min(Months(period.from, decided), months);
  return CutTo(scheme.unit_minutes(), int64_t{scheme.limit_minutes()} * (months - gone) / months);
}

absl::optional<int64_t> MinutesByGrant(const ActivityScheme& scheme, const v1::UsageGrant& grant, jp::CivilDay day) {
  const auto most = MinutesByScheme(scheme, jp::DayOf(grant.decision_date()), day);
  if (grant.minutes() == 0) return most;
  return std::min<int64_t>(most.value_or(grant.minutes()), grant.minutes());
}

jp::Period DaysOf(const ActivityScheme& scheme, const v1::UsageGrant& grant) {
  const jp::FiscalYear year(grant.fiscal_year());
  const bool from_application = scheme.start() == ActivityScheme::START_APPLICATION;
  const jp::CivilDay start = jp::DayOf(from_application ? grant.application_date() : grant.decision_date());
  const jp::CivilDay last = grant.has_end_date() ? jp::DayOf(grant.end_date()) : year.last_day();
  return {std::max(start, year.first_day()), std::min(last, year.last_day())};
}

void CheckVisit(const ActivityScheme& scheme, const ServiceRecord& record, Faults& faults) {
  if (!jp::MinuteOfDay(record.begins_at())) faults.Add("begins_at", "MALFORMED_TIME"_reason);
  if (!jp::MinuteOfDay(record.ends_at())) faults.Add("ends_at", "MALFORMED_TIME"_reason);
  const auto length = LengthOf(record);
  const bool undone = length == 0 && !record.replaces().empty();
  if (length && !undone) {
    const int elsewhere = record.insured_minutes() + record.fee_minutes();
    if (*length <= 0) {
      faults.Add("ends_at", "SERVICE_ENDS_BEFORE_START"_reason);
    } else if (elsewhere > *length) {
      faults.Add("insured_minutes", "MINUTES_BEYOND_VISIT"_reason, {{"minutes", absl::StrCat(*length)}});
    } else {
      CheckLength(scheme, *length - record.insured_minutes(), faults);
    }
  }
  const auto& places = scheme.places();
  if (!places.empty() && std::find(places.begin(), places.end(), record.place()) == places.end()) {
    faults.Add("place", "PLACE_NOT_IN_SCHEME"_reason);
  }
  if (record.unit_price_yen() > scheme.unit_price_yen()) {
    faults.Add("unit_price_yen", "ABOVE_SCHEME"_reason, {{"most", absl::StrCat(scheme.unit_price_yen())}});
  }
}

const std::string& ClassOn(const v1::UsageGrant& grant, jp::CivilDay day) {
  const std::string* found = &grant.cost_class();
  for (const auto& later : grant.later_classes()) {
    if (jp::DayOf(later.from_date()) <= day) found = &later.cost_class();
  }
  return *found;
}

Counted Count(const ActivityScheme& scheme, absl::string_view cost_class, const ServiceRecord& record) {
  const int length = LengthOf(record).value_or(0), unit = scheme.unit_minutes();
  if (length == 0) return {};  // nothing was done
  const int own = length - record.insured_minutes() - record.fee_minutes();
  const int64_t units = (own + (scheme.rest() == ActivityScheme::REST_COUNTED ? unit - 1 : 0)) / unit;
  const int64_t price = units * PriceOf(scheme, record);
  Counted counted;
  counted.minutes = units * unit;
  counted.duplicate_minutes = record.fee_minutes();
  counted.yen = CutTo(std::max(scheme.yen_unit(), 1), PaidOf(scheme, cost_class, counted.minutes, price));
  counted.own_yen = price - counted.yen;
  return counted;
}

bool AtTheSameTime(const ServiceRecord& a, const ServiceRecord& b) {
  if (jp::DayOf(a.service_date()) != jp::DayOf(b.service_date())) return false;
  const auto minute = [](const std::string& time) { return jp::MinuteOfDay(time).value_or(0); };
  const int start = std::max(minute(a.begins_at()), minute(b.begins_at()));
  return start < std::min(minute(a.ends_at()), minute(b.ends_at()));
}

std::vector<ServiceRecord> Holding(std::vector<ServiceRecord> records) {
  std::set<std::string> replaced;
  for (const ServiceRecord& record : records) replaced.insert(record.replaces());
  const auto is_replaced = [&](const ServiceRecord& record) { return replaced.count(record.name()) > 0; };
  records.erase(std::remove_if(records.begin(), records.end(), is_replaced), records.end());
  return records;
}

int64_t WithinCap(const ActivityScheme& scheme, int64_t yen, int64_t paid) {
  if (scheme.yearly_cap_yen() == 0) return yen;
  return std::clamp<int64_t>(scheme.yearly_cap_yen() - paid, 0, yen);
}

}  // namespace tsunagu::subsidy::rules
