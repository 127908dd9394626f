#ifndef TSUNAGU_COMMON_ACCESS_CODED_PLACES_H_
#define TSUNAGU_COMMON_ACCESS_CODED_PLACES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/identity/places.h"

namespace tsunagu::access {

// Places whose names are 全国地方公共団体コード: the first two digits of "areas/312011" are its prefecture. Nothing but
// the names is used.
class CodedPlaces : public identity::Places {
 public:
  // `collection` is the part before the code: "areas".
  explicit CodedPlaces(absl::string_view collection);

  // Returns the place and, for a code, the key of its prefecture ("areas/31").
  std::vector<std::string> KeysOf(absl::string_view place) const override;
  // A grant on a prefecture reaches all places in it, by its key. Empty when the code cannot be that of an area
  // ("areas/3").
  identity::Scope::Keys ReachOf(absl::string_view place, jp::CivilDay day) const override;

 private:
  const std::string prefix_;
};

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_CODED_PLACES_H_
