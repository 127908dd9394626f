#include "tests/faults/subsidy_books_usage.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/service_record.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"
#include "tsunagu/subsidy/v1/usage_grant.pb.h"

namespace tsunagu::faults {
namespace {

using namespace subsidy::v1;  // NOLINT: all of its records

int MinuteOf(const std::string& time) {
  const size_t colon = time.find(':');
  return std::atoi(time.c_str()) * 60 + std::atoi(time.c_str() + colon + 1);
}

// Months since the year 0.
int MonthOf(const google::type::Date& date) { return date.year() * 12 + date.month() - 1; }

class Usage {
 public:
  explicit Usage(BookReader& reader) : reader_(reader) {
    reader_.ForEach<ActivityScheme>([&](const ActivityScheme& one) { schemes_[one.name()] = one; });
    reader_.ForEach<UsageGrant>([&](const UsageGrant& one) { grants_[one.name()] = one; });
    reader_.ForEach<ServiceRecord>([&](const ServiceRecord& one) {
      held_[one.name()] = one;
      if (!one.replaces().empty() && !replaced_.insert(one.replaces()).second)
        reader_.Fault(one.replaces(), ": replaced twice");
      if (!one.replaces().empty() && ParentOf(one.replaces()) != ParentOf(one.name()))
        reader_.Fault(one.name(), ": of another");
    });
    for (const auto& [name, record] : held_) CheckRecord(record);
    for (const std::string& name : replaced_) held_.erase(name);
    reader_.ForEach<UsageClaim>([&](const UsageClaim& one) { claims_.push_back(one); });
  }

  void Check() {
    CheckLimits();
    CheckTimes();
    CheckClaims();
  }

 private:
  // Checks the result of a record: minutes beyond what others pay, in whole units; and yen, by the class of the grant.
  void CheckRecord(const ServiceRecord& record) {
    const UsageGrant& grant = grants_[ParentOf(record.name())];
    const ActivityScheme& scheme = schemes_[grant.scheme()];
    const int length = MinuteOf(record.ends_at()) - MinuteOf(record.begins_at()), unit = scheme.unit_minutes();
    const bool counts_rest = scheme.rest() == ActivityScheme::REST_COUNTED;
    int units = 0;
    for (int left = length - record.insured_minutes() - record.fee_minutes(); left >= unit || (counts_rest && left > 0);
         left -= unit) {
      ++units;
    }
    const int day = DayOf(record.service_date());
    std::string cost_class = grant.cost_class();
    for (const auto& later : grant.later_classes())
      cost_class = DayOf(later.from_date()) <= day ? later.cost_class() : cost_class;
    const long price = units * (record.unit_price_yen() > 0 ? record.unit_price_yen() : scheme.unit_price_yen());
    long yen = scheme.cost_classes().empty() ? price : 0;
    for (const auto& one : scheme.cost_classes()) {
      if (one.code() != cost_class) continue;
      yen = price * one.paid_percent() / 100;
      if (one.own_costs().empty()) continue;
      long own = 0;
      for (auto cost = one.own_costs().rbegin(); cost != one.own_costs().rend();
           ++cost) {  // the first step that is long enough
        const bool is_last = cost == one.own_costs().rbegin();
        if (is_last || units * unit <= cost->up_to_minutes()) own = cost->yen();
      }
      yen = std::max(price - own, 0L);
    }
    if (scheme.yen_unit() > 1) yen -= yen % scheme.yen_unit();
    if (record.minutes() != units * unit || record.yen() != yen || record.own_yen() != price - yen) {
      reader_.Fault(record.name(), ": ", record.minutes(), " minutes, ", record.yen(), " yen; model: ", units * unit,
                    ", ", yen);
    }
    const bool is_within = DayOf(grant.start_date()) <= day && day <= DayOf(grant.last_date());
    if (!is_within && replaced_.count(record.name()) == 0) reader_.Fault(record.name(), ": outside its grant");
  }

  // No child exceeds its grant.
  void CheckLimits() {
    std::map<std::string, std::map<int, long>> used;  // by grant and limit period
    for (const auto& [name, record] : held_) {
      const UsageGrant& grant = grants_[ParentOf(name)];
      used[grant.name()][PeriodOf(grant, record.service_date())] += record.minutes();
    }
    for (const auto& [name, by_period] : used) {
      for (const auto& [period, minutes] : by_period) {
        const long most = MostOf(grants_[name], period);
        if (most > 0 && minutes > most) reader_.Fault(name, ": ", minutes, " minutes used of ", most);
      }
    }
  }
  static int Months(const ActivityScheme& scheme) {
    return scheme.limit_period() == ActivityScheme::LIMIT_PERIOD_MONTH     ? 1
           : scheme.limit_period() == ActivityScheme::LIMIT_PERIOD_QUARTER ? 3
                                                                           : 12;
  }
  // The first month of the limit period; years begin in April.
  int PeriodOf(const UsageGrant& grant, const google::type::Date& day) {
    const int months = Months(schemes_[grant.scheme()]), since = MonthOf(day) - 3;
    return since - since % months + 3;
  }
  // 0: no limit.
  long MostOf(const UsageGrant& grant, int period) {
    const ActivityScheme& scheme = schemes_[grant.scheme()];
    const int months = Months(scheme), left = period + months - MonthOf(grant.decision_date());
    long most = scheme.limit_minutes();
    if (scheme.pro_rated() && left < months) {
      most = most * std::max(left, 0) / months;
      most -= most % scheme.unit_minutes();
    }
    if (grant.minutes() > 0 && (scheme.limit_minutes() == 0 || grant.minutes() < most)) most = grant.minutes();
    return most;
  }

  // No child is at two services at once.
  void CheckTimes() {
    struct Visit {
      int ends;
      std::string name;
    };
    std::map<std::string, std::map<int, Visit>> visits;  // by body, child and day; by the minute of its beginning
    for (const auto& [name, record] : held_) {
      const UsageGrant& grant = grants_[ParentOf(name)];
      const int begins = MinuteOf(record.begins_at()), ends = MinuteOf(record.ends_at());
      if (begins == ends) continue;  // nothing was done
      auto& of_day = visits[absl::StrCat(grant.body(), " ", grant.child(), " ", DayOf(record.service_date()))];
      if (!of_day.emplace(begins, Visit{ends, name}).second) reader_.Fault(name, ": at two services");
    }
    for (const auto& [day, of_day] : visits) {
      int until = 0;
      for (const auto& [begins, visit] : of_day) {
        if (begins < until) reader_.Fault(visit.name, ": at two services");
        until = std::max(until, visit.ends);
      }
    }
  }

  // A month is claimed once, and a claim agrees with the records.
  void CheckClaims() {
    std::map<std::string, std::pair<long, long>> due;  // by provider, month and grant: minutes, yen
    for (const auto& [name, record] : held_) {
      auto& [minutes, yen] =
          due[absl::StrCat(record.provider(), " ", MonthOf(record.service_date()), " ", ParentOf(name))];
      minutes += record.minutes();
      yen += record.yen();
    }
    std::set<std::string> months;
    std::map<std::string, long> paid;  // by grant
    for (const UsageClaim& claim : claims_) {
      if (claim.state() == UsageClaim::STATE_WITHDRAWN) continue;
      const std::string month = absl::StrCat(ParentOf(claim.name()), " ", MonthOf(claim.month_date()), " ");
      if (!months.insert(month).second) reader_.Fault(claim.name(), ": its month is claimed already");
      long total = 0;
      std::set<std::string> claimed;
      for (const auto& line : claim.lines()) {
        const auto [minutes, yen] = due[month + line.usage_grant()];
        const bool is_capped = schemes_[grants_[line.usage_grant()].scheme()].yearly_cap_yen() > 0;
        const bool fits = line.minutes() == minutes && (is_capped ? line.yen() <= yen : line.yen() == yen);
        if (!fits || !claimed.insert(line.usage_grant()).second) {
          reader_.Fault(claim.name(), ": ", line.usage_grant(), " ", line.minutes(), "/", line.yen(),
                        ", records: ", minutes, "/", yen);
        }
        total += line.yen();
        paid[line.usage_grant()] += line.yen();
      }
      if (total != claim.total_yen()) reader_.Fault(claim.name(), ": total ", claim.total_yen(), ", lines ", total);
      for (auto one = due.lower_bound(month); one != due.end() && one->first.compare(0, month.size(), month) == 0;
           ++one) {
        const bool is_missing = one->second.first > 0 && claimed.count(one->first.substr(month.size())) == 0;
        if (is_missing) reader_.Fault(claim.name(), ": has no line for ", one->first);
      }
    }
    for (const auto& [grant, yen] : paid) {
      const long cap = schemes_[grants_[grant].scheme()].yearly_cap_yen();
      if (cap > 0 && yen > cap) reader_.Fault(grant, ": ", yen, " paid, more than ", cap);
    }
  }

  BookReader& reader_;
  std::map<std::string, ActivityScheme> schemes_;
  std::map<std::string, UsageGrant> grants_;
  std::map<std::string, ServiceRecord> held_;  // records that no other record replaces
  std::set<std::string> replaced_;
  std::vector<UsageClaim> claims_;
};

}  // namespace

void CheckUsage(BookReader& reader) { Usage(reader).Check(); }

}  // namespace tsunagu::faults
