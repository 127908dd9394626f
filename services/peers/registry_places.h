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

// Places from the registry: areas, regions and their members. Without a registry, only what the names imply.
class RegistryPlaces : public access::LoadedPlaces {
 public:
  RegistryPlaces(PeerFinder find_peer, std::unique_ptr<const identity::Places> names);

  // Makes one call if the registry's feed has no change. Waits at most two seconds for each answer.
  absl::StatusOr<bool> Load() override;

  // Returns the registry's present name of an area or a region; without a registry, or if the registry has no name: its
  // id ("312011").
  std::string DisplayNameOf(absl::string_view place) const;

  // Returns the areas that exist on `day`, as the registry has them now, by name; none without a registry.
  std::vector<std::string> AreasOn(jp::CivilDay day) const;

 private:
  // Returns whether the feed has changes after token_. Moves token_ past them.
  absl::StatusOr<bool> HasChanged(rpc::Peer& registry, const rpc::CallOptions& options);

  const PeerFinder find_peer_;
  mutable Mutex mutex_;
  struct KnownArea {
    std::string display_name;
    jp::Period days;
  };
  std::map<std::string, KnownArea, std::less<>> areas_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string, std::less<>> regions_ ABSL_GUARDED_BY(mutex_);  // display names
  std::string token_;  // in the registry's feed, as of the last load; empty: nothing was loaded
};

}  // namespace tsunagu::peers

#endif  // TSUNAGU_SERVICES_PEERS_REGISTRY_PLACES_H_
