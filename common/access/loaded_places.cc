#include "common/access/loaded_places.h"

#include <utility>

namespace tsunagu::access {

LoadedPlaces::LoadedPlaces(std::unique_ptr<const identity::Places> names)
    : names_(std::move(names)), graph_(std::make_shared<const PlaceGraph>()) {}

identity::Scope::Keys LoadedPlaces::ReachOf(absl::string_view place, jp::CivilDay day) const {
  std::shared_ptr<const PlaceGraph> graph;
  {
    MutexLock lock(mutex_);
    graph = graph_;
  }
  return graph->ReachOf(*names_, place, day);
}

void LoadedPlaces::Replace(PlaceGraph graph) {
  auto replacement = std::make_shared<const PlaceGraph>(std::move(graph));
  MutexLock lock(mutex_);
  graph_ = std::move(replacement);
}

}  // namespace tsunagu::access
