#include "common/identity/scope.h"

#include <algorithm>
#include <cstdlib>

namespace tsunagu::identity {

bool Scope::Meets(absl::Span<const std::string> keys) const {
  return std::all_of(all_of_.begin(), all_of_.end(), [&](const Keys& one) {
    return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) { return one.count(key) != 0; });
  });
}

Scope Scope::Union(const Scope& other) const {
  if (everything() || other.everything()) return Everything();
  if (all_of_.size() != 1 || other.all_of_.size() != 1) std::abort();  // only grants are united
  Keys keys = all_of_.front();
  keys.insert(other.all_of_.front().begin(), other.all_of_.front().end());
  return Of(std::move(keys));
}

Scope Scope::Intersection(const Scope& other) const {
  std::vector<Keys> both = all_of_;
  both.insert(both.end(), other.all_of_.begin(), other.all_of_.end());
  return Scope(std::move(both));
}

}  // namespace tsunagu::identity
