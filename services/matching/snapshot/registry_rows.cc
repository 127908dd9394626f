#include "services/matching/snapshot/registry_rows.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/peers/registry_pages.h"

namespace tsunagu::matching {
namespace {

namespace registry_v1 = tsunagu::registry::v1;

}  // namespace

absl::Status RegistryRows::ReadSeeking(const Within& within, ByName<registry_v1::Nurse>& nurses) const {
  registry_v1::ListNursesRequest request;
  request.set_page_size(page_size_);
  *request.mutable_as_of_date() = jp::ToDate(day_);
  const std::string in_area = within.Filter("home_area");
  request.set_filter(absl::StrCat("seeking = true", in_area.empty() ? "" : " AND ", in_area));
  return peers::ReadAll<registry_v1::ListNursesResponse>(*registry_.peer, options_,
                                                         "tsunagu.registry.v1.NurseService/ListNurses",
                                                         std::move(request), [&](const auto& page) {
                                                           for (const registry_v1::Nurse& nurse : page.nurses())
                                                             nurses[nurse.name()] = nurse;
                                                         });
}

absl::Status RegistryRows::ReadTrainings(const std::string& parent,
                                         ByName<registry_v1::NurseTraining>& trainings) const {
  registry_v1::ListNurseTrainingsRequest request;
  request.set_parent(parent);
  request.set_page_size(page_size_);
  request.set_filter("revoked = false");
  *request.mutable_as_of_date() = jp::ToDate(day_);
  return peers::ReadAll<registry_v1::ListNurseTrainingsResponse>(
      *registry_.peer, options_, "tsunagu.registry.v1.NurseTrainingService/ListNurseTrainings", std::move(request),
      [&](const auto& page) {
        for (const registry_v1::NurseTraining& training : page.nurse_trainings()) trainings[training.name()] = training;
      });
}

absl::Status RegistryRows::ReadTrainingsOf(const ByName<registry_v1::Nurse>& nurses,
                                           ByName<registry_v1::NurseTraining>& trainings) const {
  constexpr size_t kFew = 50;  // this many single calls take as long as reading some pages of a list
  if (nurses.size() > kFew) return ReadTrainings("nurses/-", trainings);
  for (const auto& [name, nurse] : nurses) RETURN_IF_ERROR(ReadTrainings(name, trainings));
  return absl::OkStatus();
}

absl::Status RegistryRows::ReadFacilities(const std::string& filter, ByName<registry_v1::Facility>& facilities) const {
  registry_v1::ListFacilitiesRequest request;
  request.set_filter(filter);
  *request.mutable_as_of_date() = jp::ToDate(day_);
  return ReadFacilityPages(std::move(request), facilities);
}

absl::Status RegistryRows::ReadFacilitiesNamed(const std::set<std::string>& names,
                                               ByName<registry_v1::Facility>& facilities) const {
  constexpr size_t kLongestFilter = 900;
  for (auto name = names.begin(); name != names.end();) {
    registry_v1::ListFacilitiesRequest request;
    std::string& filter = *request.mutable_filter();
    for (; name != names.end() && filter.size() + name->size() < kLongestFilter; ++name) {
      absl::StrAppend(&filter, filter.empty() ? "" : " OR ", "name = \"", *name, "\"");
    }
    RETURN_IF_ERROR(ReadFacilityPages(std::move(request), facilities));
  }
  return absl::OkStatus();
}

absl::Status RegistryRows::ReadFacilityPages(registry_v1::ListFacilitiesRequest request,
                                             ByName<registry_v1::Facility>& facilities) const {
  request.set_page_size(page_size_);
  return peers::ReadAll<registry_v1::ListFacilitiesResponse>(
      *registry_.peer, options_, "tsunagu.registry.v1.FacilityService/ListFacilities", std::move(request),
      [&](const auto& page) {
        for (const registry_v1::Facility& facility : page.facilities()) facilities[facility.name()] = facility;
      });
}

absl::Status Refusal(const absl::Status& status, Reason unanswered) {
  const bool away = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
                    absl::IsResourceExhausted(status) || absl::IsAborted(status);
  return away ? Fail(unanswered) : status;
}

}  // namespace tsunagu::matching
