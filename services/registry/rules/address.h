#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_ADDRESS_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_ADDRESS_H_

#include <cstdint>
#include <string>
#include <unordered_map>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu::registry::rules {

// Finds the municipality or ward of an address by the longest area name with which the address begins. Names are
// compared as in jp::FoldPlace.
class AddressBook {
 public:
  // Adds an area, which must not be a prefecture; `lives` is false if it has ended.
  void Add(const v1::Area& area, bool lives);

  struct Found {
    std::string area;           // "areas/313025"; empty if none was found
    Reason warning = Reason();  // a warning for the user, with the argument "address", and "area" if that is not empty
    std::string ended;          // the display name of the ended area in the address
  };
  // An address begins with its prefecture; where it does not, that of `designator` stands in, the code of the body that
  // designated the office. A county (郡) may stand before the name, or be left out.
  // - AREA_NOT_IN_ADDRESS: no area is found, or several that cannot be told apart.
  // - PREFECTURE_TAKEN: it was found with the prefecture of `designator`.
  // - WARD_NOT_FOUND: the city is there, but not the ward of it that the address names.
  // - ENDED_AREA_IN_ADDRESS: the address names one that has ended, and none that lives.
  Found Find(absl::string_view address, absl::string_view designator) const;

 private:
  struct Entry {
    std::string living;  // its resource name; empty where none lives
    bool several = false;
    bool has_wards = false;
    std::string ended;  // display name of one that has ended
  };
  struct Match {
    const Entry* living = nullptr;
    const Entry* ended = nullptr;  // a longer name, of one that has ended
    size_t length = 0;             // of the name of the living one
  };
  Match LongestMatch(absl::string_view folded) const;

  std::unordered_map<std::string, Entry> areas_;  // by prefecture and name, folded
  size_t longest_ = 0;                            // bytes
};

// "43.08299855" as 43082999 (millionths, rounded half up); empty text and anything else is no number.
bool ParseMillionths(absl::string_view text, int32_t& millionths);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_ADDRESS_H_
