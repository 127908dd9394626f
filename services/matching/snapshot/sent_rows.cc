#include "services/matching/snapshot/sent_rows.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/contract/schema.h"
#include "services/matching/rules/half_day.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/matching/v1/visit_supply.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::matching {
namespace {

using Names = google::protobuf::RepeatedPtrField<std::string>;

template <typename M>
void CheckName(const std::string& name, const std::string& path, Faults& faults) {
  const contract::Schema& schema = contract::Schema::Of(M::descriptor());
  if (name.empty() || schema.IdOf(name).ok()) return;
  faults.Add(path, "MALFORMED_NAME"_reason, {{"pattern", schema.pattern()}});
}

void CheckHalfDays(const google::protobuf::RepeatedField<int>& half_days, const std::string& path, Faults& faults) {
  std::set<int> seen;
  for (int i = 0; i < half_days.size(); ++i) {
    if (half_days[i] == 0 || seen.insert(half_days[i]).second) continue;
    rules::AddHalfDayFault(absl::StrCat(path, "[", i, "]"), "HALF_DAY_REPEATED"_reason, half_days[i], faults);
  }
}

void CheckFacilities(const Names& names, const std::string& path, bool wished, Faults& faults) {
  std::set<std::string> seen;
  for (int i = 0; i < names.size(); ++i) {
    const std::string item = absl::StrCat(path, "[", i, "]");
    CheckName<registry::v1::Facility>(names[i], item, faults);
    const bool fresh = seen.insert(names[i]).second;
    const bool well_formed = contract::Schema::Of(registry::v1::Facility::descriptor()).IdOf(names[i]).ok();
    if (wished && !fresh && well_formed) faults.Add(item, "WISH_REPEATED"_reason, {{"name", names[i]}});
  }
}

template <typename Row>
void CheckWeek(const Row& row, int32_t min, int32_t max, const char* max_field, const std::string& path,
               Faults& faults) {
  CheckHalfDays(row.school_half_days(), path + ".school_half_days", faults);
  CheckHalfDays(row.holiday_half_days(), path + ".holiday_half_days", faults);
  if (max == 0 || min <= max) return;
  faults.Add(absl::StrCat(path, ".", max_field), "WEEKLY_MINUTES_CONTRADICT"_reason,
             {{"max", absl::StrCat(max)}, {"min", absl::StrCat(min)}});
}

template <typename Rows>
void CheckEach(const Rows& rows, const std::string& path, Faults& faults) {
  for (int i = 0; i < rows.size(); ++i) CheckSentRow(rows[i], absl::StrCat(path, "[", i, "]"), faults);
}

}  // namespace

void CheckSentPerson(const v1::SnapshotNurse& row, const std::string& path, Faults& faults) {
  CheckFacilities(row.wishes(), path + ".wishes", true, faults);
  CheckFacilities(row.unwanted_facilities(), path + ".unwanted_facilities", false, faults);
  CheckWeek(row, row.min_weekly_minutes(), row.weekly_minutes(), "weekly_minutes", path, faults);
}

void CheckSentRow(const v1::SnapshotNurse& row, const std::string& path, Faults& faults) {
  CheckName<registry::v1::Nurse>(row.name(), path + ".name", faults);
  CheckSentPerson(row, path, faults);
  CheckName<v1::Opening>(row.present_opening(), path + ".present_opening", faults);
}

void CheckSentRow(const v1::SnapshotOpening& row, const std::string& path, Faults& faults) {
  CheckName<v1::Opening>(row.name(), path + ".name", faults);
  CheckName<registry::v1::Facility>(row.facility(), path + ".facility", faults);
  CheckWeek(row, row.weekly_minutes(), row.max_weekly_minutes(), "max_weekly_minutes", path, faults);
}

void CheckSentRow(const v1::SnapshotSupply& row, const std::string& path, Faults& faults) {
  CheckName<v1::VisitSupply>(row.name(), path + ".name", faults);
  CheckFacilities(row.wishes(), path + ".wishes", true, faults);
  CheckFacilities(row.unwanted_facilities(), path + ".unwanted_facilities", false, faults);
}

void CheckSentRows(const v1::Snapshot& snapshot, const std::string& path, Faults& faults) {
  CheckEach(snapshot.nurses(), path + ".nurses", faults);
  CheckEach(snapshot.openings(), path + ".openings", faults);
  CheckEach(snapshot.supplies(), path + ".supplies", faults);
  std::set<std::string> taking_part;
  for (const v1::SnapshotNurse& row : snapshot.nurses()) taking_part.insert(row.name());
  for (const v1::SnapshotOpening& row : snapshot.openings()) taking_part.insert(row.name());
  for (const v1::SnapshotSupply& row : snapshot.supplies()) taking_part.insert(row.name());
  for (int i = 0; i < snapshot.left_out_size(); ++i) {
    const std::string& name = snapshot.left_out(i).name();
    if (taking_part.count(name) > 0) {
      faults.Add(absl::StrCat(path, ".left_out[", i, "].name"), "DUPLICATE_PARTICIPANT"_reason, {{"name", name}});
    }
    if (name.empty() || contract::IsWellFormedName(name)) continue;
    faults.Add(absl::StrCat(path, ".left_out[", i, "].name"), "MALFORMED_NAME"_reason, {{"pattern", "collection/id"}});
  }
}

}  // namespace tsunagu::matching
