#ifndef TSUNAGU_COMMON_IDENTITY_PLACES_H_
#define TSUNAGU_COMMON_IDENTITY_PLACES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/identity/scope.h"
#include "common/jp/civil_day.h"

namespace tsunagu::identity {

// How places lie in one another, which decides how far a grant reaches. This one knows no hierarchy: a grant on a name
// reaches what carries that name. Thread-safe.
class Places {
 public:
  virtual ~Places() = default;

  // What follows from names alone, of all that it knows.
  virtual const Places& names() const { return *this; }

  // The access keys of a record that names `place`: the place, and what may stand for all places of its kind around it
  // ("areas/31" for every area of that prefecture). They never change for a name.
  virtual std::vector<std::string> KeysOf(absl::string_view place) const { return {std::string(place)}; }

  // The access keys that a grant on `place` reaches on `day`: a designated city reaches its wards, a region its
  // members. Empty for what is no place.
  virtual Scope::Keys ReachOf(absl::string_view place, jp::CivilDay day) const { return {std::string(place)}; }
};

}  // namespace tsunagu::identity

#endif  // TSUNAGU_COMMON_IDENTITY_PLACES_H_
