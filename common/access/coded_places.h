#ifndef TSUNAGU_COMMON_ACCESS_CODED_PLACES_H_
#define TSUNAGU_COMMON_ACCESS_CODED_PLACES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/identity/places.h"

namespace tsunagu::access {

// Places whose names are 全国地方公共団体コード: "areas/312011" lies in the prefecture that its first two digits say.
// All that can be known from names alone.
class CodedPlaces : public identity::Places {
 public:
  // `collection` is what stands before the code: "areas".
  explicit CodedPlaces(absl::string_view collection);

  // The place and, for a code, its prefecture's key ("areas/31").
  std::vector<std::string> KeysOf(absl::string_view place) const override;
  // A prefecture reaches all that lies in it, by its key. Nothing where the code can be no area's ("areas/3").
  identity::Scope::Keys ReachOf(absl::string_view place, jp::CivilDay day) const override;

 private:
  const std::string prefix_;
};

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_CODED_PLACES_H_
