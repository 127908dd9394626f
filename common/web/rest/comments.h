#ifndef TSUNAGU_COMMON_WEB_COMMENTS_H_
#define TSUNAGU_COMMON_WEB_COMMENTS_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::web {

// What the contracts say of what they declare.
class Comments {
 public:
  // Of a FileDescriptorSet that protoc wrote with --include_source_info; empty where that is malformed.
  explicit Comments(absl::string_view descriptor_set);

  // The comment in front of a service, method, message, field, enum or its value, by its full name; "" where there is
  // none. Lines that belong together are one.
  absl::string_view Of(absl::string_view full_name) const;

 private:
  std::map<std::string, std::string, std::less<>> all_;
};

// The contracts that this program was built from, for Comments: cmake/contracts.cmake.
absl::string_view ContractSet();

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_COMMENTS_H_
