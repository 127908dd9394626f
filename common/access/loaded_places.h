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

// Places of which more is known than their names say: what was loaded last. A grant reaches a place with all that lies
// in it on the day. Thread-safe.
class LoadedPlaces : public identity::Places {
 public:
  // `names` says what follows from names alone; that holds before anything is loaded, and always for KeysOf.
  explicit LoadedPlaces(std::unique_ptr<const identity::Places> names);

  const identity::Places& names() const override { return *names_; }
  std::vector<std::string> KeysOf(absl::string_view place) const override { return names_->KeysOf(place); }
  identity::Scope::Keys ReachOf(absl::string_view place, jp::CivilDay day) const override;

  // Looks whether anything has changed, and loads it then: true where grants may reach something else now. Blocks.
  // Called by one thread at a time.
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
