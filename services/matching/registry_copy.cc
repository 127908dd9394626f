#include "services/matching/registry_copy.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/peers/registry_pages.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

// Rows whose `field` lies in the round's area, or says nothing.
std::string InArea(absl::string_view field, const std::string& area) {
  if (area.empty()) return "";
  if (IsPrefecture(area)) {
    const std::string prefecture = area.substr(0, 8);
    return absl::StrCat("(NOT ", field, ":* OR (", field, " >= \"", prefecture, "\" AND ", field, " <= \"", prefecture,
                        "9999\"))");
  }
  return absl::StrCat("(NOT ", field, ":* OR ", field, " = \"", area, "\")");
}

}  // namespace

bool IsPrefecture(const std::string& area) { return area.size() == 12 && area.substr(8, 3) == "000"; }

bool LiesIn(const std::string& area, const std::string& round_area) {
  if (round_area.empty()) return true;
  return IsPrefecture(round_area) ? area.substr(0, 8) == round_area.substr(0, 8) : area == round_area;
}

absl::Status RegistryCopy::Read() {
  ASSIGN_OR_RETURN(const platform::v1::ReadChangesResponse start, Changes(""));
  RETURN_IF_ERROR(ReadNurses());
  RETURN_IF_ERROR(ReadTrainings());
  RETURN_IF_ERROR(ReadFacilities());
  // What was committed before this call has its place by now, so all that the pages above have seen. What comes later
  // is left out: under writers who never rest there is no end to it.
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

absl::Status RegistryCopy::ReadNurses() {
  registry_v1::ListNursesRequest request;
  request.set_page_size(page_size_);
  const std::string in_area = InArea("home_area", area_);
  *request.mutable_as_of_date() = jp::ToDate(day_);
  request.set_filter(absl::StrCat("seeking = true", in_area.empty() ? "" : " AND ", in_area));
  return peers::ReadAll<registry_v1::ListNursesResponse>(
      *registry_.peer, options_, "tsunagu.registry.v1.NurseService/ListNurses", std::move(request), [&](const auto& page) {
        for (const registry_v1::Nurse& nurse : page.nurses()) nurses_[nurse.name()] = nurse;
      });
}

absl::Status RegistryCopy::ReadTrainings() {
  registry_v1::ListNurseTrainingsRequest request;
  request.set_parent("nurses/-");
  request.set_page_size(page_size_);
  request.set_filter("revoked = false");
  *request.mutable_as_of_date() = jp::ToDate(day_);
  return peers::ReadAll<registry_v1::ListNurseTrainingsResponse>(
      *registry_.peer, options_, "tsunagu.registry.v1.NurseTrainingService/ListNurseTrainings", std::move(request),
      [&](const auto& page) {
        for (const registry_v1::NurseTraining& training : page.nurse_trainings()) {
          trainings_[training.name()] = training;
        }
      });
}

absl::Status RegistryCopy::ReadFacilities() {
  registry_v1::ListFacilitiesRequest request;
  *request.mutable_as_of_date() = jp::ToDate(day_);
  request.set_page_size(page_size_);
  return peers::ReadAll<registry_v1::ListFacilitiesResponse>(
      *registry_.peer, options_, "tsunagu.registry.v1.FacilityService/ListFacilities", std::move(request),
      [&](const auto& page) {
        for (const registry_v1::Facility& facility : page.facilities()) facilities_[facility.name()] = facility;
      });
}

absl::StatusOr<platform::v1::ReadChangesResponse> RegistryCopy::Changes(const std::string& token) const {
  platform::v1::ReadChangesRequest request;
  request.set_parent("services/registry");
  request.add_collections("facilities");
  request.add_collections("nurses");
  request.add_collections("nurseTrainings");
  request.set_resume_token(token);
  request.set_page_size(page_size_);
  return registry_.peer->Unary<platform::v1::ReadChangesResponse>("tsunagu.platform.v1.ChangeService/ReadChanges",
                                                                  request, options_);
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
  return (!record.has_valid_from_date() || jp::DayOf(record.valid_from_date()) <= day_) &&
         (!record.has_valid_to_date() || jp::DayOf(record.valid_to_date()) >= day_);
}

bool RegistryCopy::Wanted(const registry_v1::Nurse& nurse) const {
  if (!nurse.seeking() || !Holds(nurse)) return false;
  return nurse.home_area().empty() || LiesIn(nurse.home_area(), area_);
}

bool RegistryCopy::Wanted(const registry_v1::NurseTraining& training) const {
  return !training.revoked() && jp::DayOf(training.completion_date()) <= day_ &&
         (!training.has_expiry_date() || jp::DayOf(training.expiry_date()) >= day_);
}

template <typename Record>
absl::Status RegistryCopy::Apply(const platform::v1::Change& change, std::map<std::string, Record>& records) const {
  const auto found = records.find(change.resource_name());
  int64_t read = 0;
  const bool seen = found != records.end() && absl::SimpleAtoi(found->second.etag(), &read);
  if (seen && change.has_image() && read >= change.revision()) return absl::OkStatus();  // a page was later than it
  Record record;
  if (change.has_image() && !change.image().UnpackTo(&record)) return absl::DataLossError("image of a change");
  records.erase(change.resource_name());
  if (change.has_image() && Wanted(record)) records.emplace(change.resource_name(), std::move(record));
  return absl::OkStatus();
}

}  // namespace tsunagu::matching
