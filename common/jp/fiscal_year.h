#ifndef TSUNAGU_COMMON_JP_FISCAL_YEAR_H_
#define TSUNAGU_COMMON_JP_FISCAL_YEAR_H_

#include <ostream>
#include <string>

#include "common/jp/civil_day.h"

namespace tsunagu::jp {

// The year of public budgets (年度): 1 April to 31 March, numbered by the calendar year in which it begins.
class FiscalYear {
 public:
  explicit constexpr FiscalYear(int year) : year_(year) {}
  static FiscalYear Of(CivilDay day) { return FiscalYear(static_cast<int>(day.year()) - (day.month() < 4 ? 1 : 0)); }

  int year() const { return year_; }
  CivilDay first_day() const { return CivilDay(year_, 4, 1); }
  CivilDay last_day() const { return CivilDay(year_ + 1, 3, 31); }
  bool Contains(CivilDay day) const { return first_day() <= day && day <= last_day(); }
  FiscalYear next() const { return FiscalYear(year_ + 1); }
  FiscalYear previous() const { return FiscalYear(year_ - 1); }
  // Returns 令和元年度 for 2019, named as public budgets are: in the era of the last day of its first calendar year.
  std::string Label() const;

  friend bool operator==(FiscalYear a, FiscalYear b) { return a.year_ == b.year_; }
  friend bool operator!=(FiscalYear a, FiscalYear b) { return a.year_ != b.year_; }
  friend bool operator<(FiscalYear a, FiscalYear b) { return a.year_ < b.year_; }
  friend std::ostream& operator<<(std::ostream& out, FiscalYear year) { return out << year.year_ << "年度"; }

 private:
  int year_;
};

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_FISCAL_YEAR_H_
