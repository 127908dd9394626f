#ifndef TSUNAGU_COMMON_WEB_COMMENTS_H_
#define TSUNAGU_COMMON_WEB_COMMENTS_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::web {

// The comments of the contracts.
class Comments {
 public:
  // Reads a FileDescriptorSet that protoc wrote with --include_source_info; empty when it is malformed.
  explicit Comments(absl::string_view descriptor_set);

  // Returns the comment before a service, method, message, field, enum or enum value, by its full name; "" when there
  // is none. The lines of a paragraph are joined.
  absl::string_view Of(absl::string_view full_name) const;

 private:
  std::map<std::string, std::string, std::less<>> all_;
};

// The contracts from which this program was built, for Comments: cmake/contracts.cmake.
absl::string_view ContractSet();

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_COMMENTS_H_
