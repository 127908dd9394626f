#ifndef TSUNAGU_SERVICES_MATCHING_REGISTRY_COPY_H_
#define TSUNAGU_SERVICES_MATCHING_REGISTRY_COPY_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/jp/civil_day.h"
#include "common/rpc/client.h"
#include "common/rpc/peer_access.h"
#include "services/matching/snapshot/registry_rows.h"
#include "tsunagu/platform/v1/change.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"
#include "tsunagu/registry/v1/nurse_training.pb.h"

namespace tsunagu::matching {

// A consistent copy, as of one place of the registry's journal, of the nurses who look for work in an area or have no
// area, and of the facilities, that are valid on a day. It is read page by page while others write, and then updated
// with the changes since.
class RegistryCopy {
 public:
  // Copies records that are valid on `day`, and of nurses only those who live within an area. `registry` must outlive
  // the copy.
  RegistryCopy(const PeerAccess& registry, rpc::CallOptions options, Within within, jp::CivilDay day,
               int32_t page_size = 1000)
      : registry_(registry),
        rows_(registry, std::move(options), day, page_size),
        within_(std::move(within)),
        page_size_(page_size) {}

  absl::Status Read();
  // As Read, for facilities only; the copy has no nurses then.
  absl::Status ReadFacilities();

  const ByName<registry::v1::Nurse>& nurses() const { return nurses_; }
  // Returns the trainings that count on the day, including those of nurses outside the selection.
  const ByName<registry::v1::NurseTraining>& trainings() const { return trainings_; }
  const ByName<registry::v1::Facility>& facilities() const { return facilities_; }
  int64_t place() const { return place_; }

 private:
  absl::Status CatchUp(const platform::v1::ReadChangesResponse& start);
  // Without a token: returns no changes, only the present place of the feed.
  absl::StatusOr<platform::v1::ReadChangesResponse> Changes(const std::string& token) const;
  // Applies changes up to place().
  absl::Status Apply(const platform::v1::ReadChangesResponse& page);
  bool Wanted(const registry::v1::Nurse& nurse) const;
  bool Wanted(const registry::v1::Facility& facility) const { return Holds(facility); }
  bool Wanted(const registry::v1::NurseTraining& training) const;
  template <typename Record>
  bool Holds(const Record& record) const;
  template <typename Record>
  absl::Status Apply(const platform::v1::Change& change, ByName<Record>& records) const;

  const PeerAccess& registry_;
  const RegistryRows rows_;
  const Within within_;
  const int32_t page_size_;
  bool facilities_only_ = false;
  int64_t place_ = 0;
  ByName<registry::v1::Nurse> nurses_;
  ByName<registry::v1::NurseTraining> trainings_;
  ByName<registry::v1::Facility> facilities_;
};

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_REGISTRY_COPY_H_
