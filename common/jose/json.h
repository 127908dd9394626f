#ifndef TSUNAGU_COMMON_JOSE_JSON_H_
#define TSUNAGU_COMMON_JOSE_JSON_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace tsunagu::jose {

// A JSON value of strangers (RFC 8259) whose shape nobody has declared.
struct Json {
  enum class Kind { kNull, kBool, kNumber, kText, kList, kObject };
  static constexpr int kMostLevels = 16;

  Kind kind = Kind::kNull;
  bool truth = false;
  double number = 0;
  std::string text;
  std::vector<Json> items;
  std::map<std::string, Json, std::less<>> members;

  // Nothing where it is no JSON, no UTF-8, deeper than kMostLevels, or leaves open what it means: a member that is
  // there twice, half a surrogate pair, a number that no double holds, anything behind the value. How long it may be is
  // the caller's to say.
  static absl::optional<Json> Parse(absl::string_view text);

  bool Is(Kind which) const { return kind == which; }
  // The member of that name; null where there is none.
  const Json* Find(absl::string_view name) const;
  // Where it is a text, that one; where it is a list, the texts in it; else none.
  std::vector<absl::string_view> Texts() const;
};

}  // namespace tsunagu::jose

#endif  // TSUNAGU_COMMON_JOSE_JSON_H_
