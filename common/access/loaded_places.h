#ifndef TSUNAGU_COMMON_ACCESS_LOADED_PLACES_H_
#define TSUNAGU_COMMON_ACCESS_LOADED_PLACES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/access/place_graph.h"
#include "common/base/mutex.h"
#include "common/identity/places.h"

namespace tsunagu::access {

// Places with a hierarchy that is loaded. A grant reaches a place together with all places that lie in it on the day.
// Thread-safe.
class LoadedPlaces : public identity::Places {
 public:
  // `names` holds what follows from names alone. It is used until something is loaded, and always for KeysOf.
  explicit LoadedPlaces(std::unique_ptr<const identity::Places> names);

  const identity::Places& names() const override { return *names_; }
  std::vector<std::string> KeysOf(absl::string_view place) const override { return names_->KeysOf(place); }
  identity::Scope::Keys ReachOf(absl::string_view place, jp::CivilDay day) const override;

  // Loads the hierarchy if it has changed. Returns true when grants may reach other places now. Blocks. Only one thread
  // at a time may call it.
  virtual absl::StatusOr<bool> Load() = 0;

 protected:
  void Replace(PlaceGraph graph);

 private:
  const std::unique_ptr<const identity::Places> names_;
  mutable Mutex mutex_;
  std::shared_ptr<const PlaceGraph> graph_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_LOADED_PLACES_H_
