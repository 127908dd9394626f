#ifndef TSUNAGU_COMMON_IDENTITY_PLACES_H_
#define TSUNAGU_COMMON_IDENTITY_PLACES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/identity/scope.h"
#include "common/jp/civil_day.h"

namespace tsunagu::identity {

// Which place lies in which; this decides how far a grant reaches. This base class has no hierarchy: a grant on a name
// reaches the records that carry that name. Thread-safe.
class Places {
 public:
  virtual ~Places() = default;

  // Returns the part of the hierarchy that follows from names alone.
  virtual const Places& names() const { return *this; }

  // Returns the access keys of a record that names `place`: the place itself, and a key that covers all places of its
  // kind around it ("areas/31" for every area of that prefecture). The keys of a name never change.
  virtual std::vector<std::string> KeysOf(absl::string_view place) const { return {std::string(place)}; }

  // Returns the access keys that a grant on `place` reaches on `day`: a designated city reaches its wards, a region its
  // members. Empty when `place` is no place.
  virtual Scope::Keys ReachOf(absl::string_view place, jp::CivilDay day) const { return {std::string(place)}; }
};

}  // namespace tsunagu::identity

#endif  // TSUNAGU_COMMON_IDENTITY_PLACES_H_
