#include "common/access/loaded_places.h"

#include <algorithm>
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
  identity::Scope::Keys reach = names_->ReachOf(place, day);
  for (const std::string& inner : graph->In(place, day)) {
    // The fewer keys, the smaller the queries: what lies in a prefecture carries its key already.
    const std::vector<std::string> keys = names_->KeysOf(inner);
    if (std::any_of(keys.begin(), keys.end(), [&](const std::string& key) { return reach.count(key) != 0; })) continue;
    reach.merge(names_->ReachOf(inner, day));
  }
  return reach;
}

void LoadedPlaces::Replace(PlaceGraph graph) {
  auto replacement = std::make_shared<const PlaceGraph>(std::move(graph));
  MutexLock lock(mutex_);
  graph_ = std::move(replacement);
}

}  // namespace tsunagu::access
