#ifndef TSUNAGU_SERVICES_MATCHING_REGISTRY_ROWS_H_
#define TSUNAGU_SERVICES_MATCHING_REGISTRY_ROWS_H_

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "common/base/reason.h"
#include "common/jp/civil_day.h"
#include "common/rpc/client.h"
#include "common/rpc/peer_access.h"
#include "services/matching/snapshot/within.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"
#include "tsunagu/registry/v1/nurse_training.pb.h"

namespace tsunagu::matching {

template <typename Record>
using ByName = std::map<std::string, Record>;

// Reads the registry's records of a day, page by page, into maps by name.
class RegistryRows {
 public:
  // `registry` must outlive this object.
  RegistryRows(const PeerAccess& registry, rpc::CallOptions options, jp::CivilDay day, int32_t page_size = 1000)
      : registry_(registry), options_(std::move(options)), day_(day), page_size_(page_size) {}

  const rpc::CallOptions& options() const { return options_; }
  jp::CivilDay day() const { return day_; }

  // Reads the nurses who look for work and live in the area, or whose area is unknown.
  absl::Status ReadSeeking(const Within& within, ByName<registry::v1::Nurse>& nurses) const;
  // Reads the trainings that count, of one nurse (nurses/x) or of all nurses (nurses/-).
  absl::Status ReadTrainings(const std::string& parent, ByName<registry::v1::NurseTraining>& trainings) const;
  // Reads the trainings that count, at least those of these nurses: one by one for few nurses, else the whole list.
  absl::Status ReadTrainingsOf(const ByName<registry::v1::Nurse>& nurses,
                               ByName<registry::v1::NurseTraining>& trainings) const;
  absl::Status ReadFacilities(const std::string& filter, ByName<registry::v1::Facility>& facilities) const;
  // Those of these names, whether or not they are there on the day.
  absl::Status ReadFacilitiesNamed(const std::set<std::string>& names,
                                   ByName<registry::v1::Facility>& facilities) const;

 private:
  absl::Status ReadFacilityPages(registry::v1::ListFacilitiesRequest request,
                                 ByName<registry::v1::Facility>& facilities) const;

  const PeerAccess& registry_;
  const rpc::CallOptions options_;
  const jp::CivilDay day_;
  const int32_t page_size_;
};

// Returns the failure of a call to the registry as the caller is told of it: `unanswered` if a later call may succeed.
absl::Status Refusal(const absl::Status& status, Reason unanswered);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_REGISTRY_ROWS_H_
