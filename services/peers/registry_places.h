#ifndef TSUNAGU_SERVICES_PEERS_REGISTRY_PLACES_H_
#define TSUNAGU_SERVICES_PEERS_REGISTRY_PLACES_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/loaded_places.h"
#include "common/base/mutex.h"
#include "common/jp/civil_day.h"
#include "common/jp/period.h"
#include "common/rpc/peer_access.h"

namespace tsunagu::rpc {
struct CallOptions;
}

namespace tsunagu::peers {

// Places as the registry has them: its areas, its regions and their members. Without a registry, what names say.
class RegistryPlaces : public access::LoadedPlaces {
 public:
  RegistryPlaces(PeerFinder find_peer, std::unique_ptr<const identity::Places> names);

  // One call where the registry's feed tells of no change. Waits two seconds at most for each answer.
  absl::StatusOr<bool> Load() override;

  // What the registry calls an area or a region now; without a registry, or where it has none: its id ("312011").
  std::string DisplayNameOf(absl::string_view place) const;

  // The areas that exist on `day`, as the registry has it now, by name; none without a registry.
  std::vector<std::string> AreasOn(jp::CivilDay day) const;

 private:
  // Whether the feed tells of changes behind token_, which it moves on.
  absl::StatusOr<bool> HasChanged(rpc::Peer& registry, const rpc::CallOptions& options);

  const PeerFinder find_peer_;
  mutable Mutex mutex_;
  struct KnownArea {
    std::string display_name;
    jp::Period days;
  };
  std::map<std::string, KnownArea, std::less<>> areas_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string, std::less<>> regions_ ABSL_GUARDED_BY(mutex_);  // what they are called
  std::string token_;  // in the registry's feed, as of what was loaded; empty: nothing was
};

}  // namespace tsunagu::peers

#endif  // TSUNAGU_SERVICES_PEERS_REGISTRY_PLACES_H_
