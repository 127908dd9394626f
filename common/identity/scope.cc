#include "common/identity/scope.h"

#include <algorithm>

namespace tsunagu::identity {

bool Scope::Meets(absl::Span<const std::string> keys) const {
  return std::all_of(all_of_.begin(), all_of_.end(), [&](const Keys& one) {
    return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) { return one.count(key) != 0; });
  });
}

Scope Scope::Intersection(const Scope& other) const {
  std::vector<Keys> both = all_of_;
  both.insert(both.end(), other.all_of_.begin(), other.all_of_.end());
  return Scope(std::move(both));
}

}  // namespace tsunagu::identity
