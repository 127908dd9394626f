#include "services/registry/rules/listed_code.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/place_name.h"
#include "common/jp/prefecture.h"

namespace tsunagu::registry::rules {
namespace {

using jp::AreaCodeReading;

absl::string_view NameOf(const jp::AreaCode& code, const AreaNames& names) {
  const auto found = names.find(code.six());
  return found == names.end() ? absl::string_view() : absl::string_view(found->second);
}

bool SaysTheSame(absl::string_view listed, absl::string_view name) {
  return jp::FoldPlace(listed) == jp::FoldPlace(name) || jp::IsDamagedCopy(listed, name);
}

// Returns "鳥取県鳥取市"; only the prefecture, if there is no such area.
std::string OwnerOf(const jp::AreaCode& code, const AreaNames& names) {
  const absl::string_view prefecture = jp::PrefectureName(code.prefecture());
  return code.IsPrefecture() ? std::string(prefecture) : absl::StrCat(prefecture, NameOf(code, names));
}

absl::Status Contradicted(const jp::AreaCode& code, const ListedCode& row, const AreaNames& names) {
  return Fail("AREA_CODE_CONTRADICTED"_reason, {{"code", code.six()},
                                                {"owner", OwnerOf(code, names)},
                                                {"said", absl::StrCat(row.prefecture, row.municipality)}});
}

// Returns the code under which the prefecture of `code` has an area of that name; empty if there is none.
std::string CodeOf(absl::string_view name, const jp::AreaCode& code, const AreaNames& names) {
  for (auto area = names.lower_bound(code.prefecture());
       area != names.end() && area->first.substr(0, 2) == code.prefecture(); ++area) {
    if (SaysTheSame(name, area->second)) return area->first;
  }
  return "";
}

std::vector<AreaCodeReading> ReadingsOf(const AreaCodeReading& reading) {
  std::vector<AreaCodeReading> readings = {{reading.code, reading.warning}};
  if (reading.alternative) readings.push_back({*reading.alternative, "LEADING_ZERO_RESTORED"_reason});
  return readings;
}

template <typename Fits>
std::vector<AreaCodeReading> Those(const std::vector<AreaCodeReading>& readings, Fits fits) {
  std::vector<AreaCodeReading> those;
  for (const AreaCodeReading& reading : readings) {
    if (fits(reading.code)) those.push_back(reading);
  }
  return those;
}

}  // namespace

absl::StatusOr<AreaCodeReading> ReadListedCode(const ListedCode& row, const AreaNames& names) {
  ASSIGN_OR_RETURN(const AreaCodeReading read, jp::ReadAreaCode(row.code));
  std::vector<AreaCodeReading> readings = ReadingsOf(read);
  const absl::string_view name = row.municipality.empty() ? row.prefecture : row.municipality;
  if (!row.prefecture.empty()) {
    const std::string number = jp::PrefectureNumber(row.prefecture);
    if (number.empty()) return Fail("UNKNOWN_PREFECTURE"_reason, {{"name", row.prefecture}});
    readings = Those(readings, [&](const jp::AreaCode& code) { return code.prefecture() == number; });
  } else if (readings.size() > 1) {
    readings = Those(readings, [&](const jp::AreaCode& code) { return SaysTheSame(name, NameOf(code, names)); });
    if (readings.size() != 1) {
      return Fail("AREA_CODE_UNCLEAR"_reason,
                  {{"text", row.code}, {"code", read.code.six()}, {"other", read.alternative->six()}});
    }
  }
  if (readings.empty()) return Contradicted(read.code, row, names);
  const AreaCodeReading& reading = readings.front();
  const absl::string_view today = NameOf(reading.code, names);
  const bool is_damaged = reading.warning != Reason();
  const bool is_another =
      is_damaged && (today.empty() ? !CodeOf(name, reading.code, names).empty() : !SaysTheSame(name, today));
  if (is_another || (reading.code.IsPrefecture() && !row.municipality.empty())) {
    return Contradicted(reading.code, row, names);
  }
  return reading;
}

}  // namespace tsunagu::registry::rules
