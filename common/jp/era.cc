#include "common/jp/era.h"

#include "absl/strings/str_cat.h"

namespace tsunagu::jp {
namespace {

using absl::CivilDay;

const Era kEras[] = {
    {"令和", "㋿", 'R', 2019, CivilDay(2019, 5, 1), CivilDay(9999, 12, 31)},
    {"平成", "㍻", 'H', 1989, CivilDay(1989, 1, 8), CivilDay(2019, 4, 30)},
    {"昭和", "㍼", 'S', 1926, CivilDay(1926, 12, 25), CivilDay(1989, 1, 7)},
    {"大正", "㍽", 'T', 1912, CivilDay(1912, 7, 30), CivilDay(1926, 12, 25)},
    // 明治 began in 1868, but its days follow the Gregorian calendar only from its sixth year.
    {"明治", "㍾", 'M', 1868, CivilDay(1873, 1, 1), CivilDay(1912, 7, 30)},
};

}  // namespace

absl::Span<const Era> Eras() { return kEras; }

const Era* EraOf(absl::CivilDay day) {
  for (const Era& era : kEras) {
    if (era.first <= day) return &era;
  }
  return nullptr;
}

std::string EraYear(absl::CivilDay day) {
  const Era* era = EraOf(day);
  if (era == nullptr) return absl::StrCat(day.year(), "年");
  const auto year = day.year() - era->first_year + 1;
  return year == 1 ? absl::StrCat(era->name, "元年") : absl::StrCat(era->name, year, "年");
}

}  // namespace tsunagu::jp
