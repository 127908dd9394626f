#ifndef TSUNAGU_COMMON_JP_PERIOD_H_
#define TSUNAGU_COMMON_JP_PERIOD_H_

#include "common/jp/civil_day.h"

namespace tsunagu::jp {

// The first and the last day that a date can have; they mean "always" and "until further notice".
inline constexpr CivilDay kFirstDay(1, 1, 1);
inline constexpr CivilDay kLastDay(9999, 12, 31);

// The days from the first to the last, both inclusive.
struct Period {
  CivilDay from = kFirstDay;
  CivilDay to = kLastDay;

  // False when it ends before it begins, and so contains no day.
  bool valid() const { return from <= to; }
  bool Contains(CivilDay day) const { return from <= day && day <= to; }
  bool Overlaps(const Period& other) const { return from <= other.to && other.from <= to; }

  friend bool operator==(const Period& a, const Period& b) { return a.from == b.from && a.to == b.to; }
  friend bool operator!=(const Period& a, const Period& b) { return !(a == b); }
};

}  // namespace tsunagu::jp

#endif  // TSUNAGU_COMMON_JP_PERIOD_H_
