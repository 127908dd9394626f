#ifndef TSUNAGU_SERVICES_REGISTRY_RULES_ADDRESS_H_
#define TSUNAGU_SERVICES_REGISTRY_RULES_ADDRESS_H_

#include <string>
#include <unordered_map>
#include <vector>

#include "absl/strings/string_view.h"

namespace tsunagu::registry::rules {

// Finds the municipality or ward in which an address lies, by the longest area name it begins with.
class AddressBook {
 public:
  // `full_name` is prefecture and area: 鳥取県岩美町, 北海道札幌市中央区.
  void Add(absl::string_view full_name, absl::string_view area_name);

  // "areas/313025"; empty when no name fits. The 郡 of towns and villages, which area names leave out, is passed over.
  std::string Find(absl::string_view address) const;

 private:
  std::string LongestMatch(absl::string_view address) const;

  std::unordered_map<std::string, std::string> areas_;
  size_t longest_ = 0;  // bytes
};

// "43.08299855" as 43082999 (millionths, rounded half up); empty text and anything else is no number.
bool ParseMillionths(absl::string_view text, int32_t& millionths);

}  // namespace tsunagu::registry::rules

#endif  // TSUNAGU_SERVICES_REGISTRY_RULES_ADDRESS_H_
