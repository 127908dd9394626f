#include "services/matching/snapshot/registry_copy.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "common/base/status_macros.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

}  // namespace

absl::Status RegistryCopy::Read() {
  ASSIGN_OR_RETURN(const platform::v1::ReadChangesResponse start, Changes(""));
  RETURN_IF_ERROR(rows_.ReadSeeking(within_, nurses_));
  RETURN_IF_ERROR(rows_.ReadTrainings("nurses/-", trainings_));
  RETURN_IF_ERROR(rows_.ReadFacilities("", facilities_));
  return CatchUp(start);
}

absl::Status RegistryCopy::ReadFacilities() {
  facilities_only_ = true;
  ASSIGN_OR_RETURN(const platform::v1::ReadChangesResponse start, Changes(""));
  RETURN_IF_ERROR(rows_.ReadFacilities("", facilities_));
  return CatchUp(start);
}

absl::Status RegistryCopy::CatchUp(const platform::v1::ReadChangesResponse& start) {
  // Everything that was committed before this call has a place by now, including all that the pages above contain.
  // Later changes are ignored: with continuous writers they would never end.
  ASSIGN_OR_RETURN(const platform::v1::ReadChangesResponse end, Changes(""));
  place_ = end.place();
  std::string token = start.resume_token();
  for (int64_t reached = start.place(); reached < place_;) {
    ASSIGN_OR_RETURN(const platform::v1::ReadChangesResponse page, Changes(token));
    RETURN_IF_ERROR(Apply(page));
    reached = page.place();
    token = page.resume_token();
  }
  return absl::OkStatus();
}

absl::StatusOr<platform::v1::ReadChangesResponse> RegistryCopy::Changes(const std::string& token) const {
  platform::v1::ReadChangesRequest request;
  request.set_parent("services/registry");
  request.add_collections("facilities");
  if (!facilities_only_) {
    request.add_collections("nurses");
    request.add_collections("nurseTrainings");
  }
  request.set_resume_token(token);
  request.set_page_size(page_size_);
  return registry_.peer->Unary<platform::v1::ReadChangesResponse>("tsunagu.platform.v1.ChangeService/ReadChanges",
                                                                  request, rows_.options());
}

absl::Status RegistryCopy::Apply(const platform::v1::ReadChangesResponse& page) {
  for (const platform::v1::Change& change : page.changes()) {
    if (change.place() > place_) break;
    const std::string& name = change.resource_name();
    RETURN_IF_ERROR(absl::StrContains(name, "/nurseTrainings/") ? Apply(change, trainings_)
                    : absl::StartsWith(name, "nurses/")         ? Apply(change, nurses_)
                                                                : Apply(change, facilities_));
  }
  return absl::OkStatus();
}

template <typename Record>
bool RegistryCopy::Holds(const Record& record) const {
  return (!record.has_valid_from_date() || jp::DayOf(record.valid_from_date()) <= rows_.day()) &&
         (!record.has_valid_to_date() || jp::DayOf(record.valid_to_date()) >= rows_.day());
}

bool RegistryCopy::Wanted(const registry_v1::Nurse& nurse) const {
  if (!nurse.seeking() || !Holds(nurse)) return false;
  return nurse.home_area().empty() || within_.Has(nurse.home_area());
}

bool RegistryCopy::Wanted(const registry_v1::NurseTraining& training) const {
  return !training.revoked() && jp::DayOf(training.completion_date()) <= rows_.day() &&
         (!training.has_expiry_date() || jp::DayOf(training.expiry_date()) >= rows_.day());
}

template <typename Record>
absl::Status RegistryCopy::Apply(const platform::v1::Change& change, ByName<Record>& records) const {
  const auto found = records.find(change.resource_name());
  int64_t read = 0;
  const bool seen = found != records.end() && absl::SimpleAtoi(found->second.etag(), &read);
  if (seen && change.has_image() && read >= change.revision()) return absl::OkStatus();  // the page is newer
  Record record;
  if (change.has_image() && !change.image().UnpackTo(&record)) return absl::DataLossError("image of a change");
  records.erase(change.resource_name());
  if (change.has_image() && Wanted(record)) records.emplace(change.resource_name(), std::move(record));
  return absl::OkStatus();
}

}  // namespace tsunagu::matching
