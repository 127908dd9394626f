#ifndef TSUNAGU_COMMON_JOSE_JSON_H_
#define TSUNAGU_COMMON_JOSE_JSON_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace tsunagu::jose {

// A JSON value from strangers (RFC 8259), without a declared structure.
struct Json {
  enum class Kind { kNull, kBool, kNumber, kText, kList, kObject };
  static constexpr int kMostLevels = 16;

  Kind kind = Kind::kNull;
  bool truth = false;
  double number = 0;
  std::string text;
  std::vector<Json> items;
  std::map<std::string, Json, std::less<>> members;

  // Returns nothing when `text` is no JSON, no UTF-8, deeper than kMostLevels, or ambiguous: a duplicate member, half a
  // surrogate pair, a number that no double can hold, anything after the value. The caller has to limit the length.
  static absl::optional<Json> Parse(absl::string_view text);

  bool Is(Kind which) const { return kind == which; }
  // Returns the member of that name; null when there is none.
  const Json* Find(absl::string_view name) const;
  // Returns the text of a text value, the texts in a list, else nothing.
  std::vector<absl::string_view> Texts() const;
};

}  // namespace tsunagu::jose

#endif  // TSUNAGU_COMMON_JOSE_JSON_H_
