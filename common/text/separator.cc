#include "common/text/separator.h"

#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace tsunagu::contract {
namespace {

constexpr absl::string_view kSeparators = ",\t;";  // the most likely first

// Returns the length of a first line "sep=;" with its end, and sets the separator; zero when there is no such line.
size_t SeparatorLine(absl::string_view window, char& separator) {
  absl::string_view line = window.substr(0, window.find_first_of("\r\n"));
  const size_t length = line.size();
  if (absl::ConsumePrefix(&line, "\"") && !absl::ConsumeSuffix(&line, "\"")) return 0;
  if (!absl::StartsWithIgnoreCase(line, "sep=")) return 0;
  line.remove_prefix(4);
  if (line.size() != 1 || !absl::StrContains(kSeparators, line[0])) return 0;
  separator = line[0];
  const absl::string_view rest = window.substr(length);
  return length + (absl::StartsWith(rest, "\r\n") ? 2 : rest.empty() ? 0 : 1);
}

}  // namespace

char TakeSeparator(absl::string_view& window) {
  char separator = kSeparators[0];
  if (const size_t length = SeparatorLine(window, separator); length > 0) {
    window.remove_prefix(length);
    return separator;
  }
  size_t counts[kSeparators.size()] = {};
  size_t most = 0;
  bool quoted = false;
  for (const char c : window) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (most > 0 && (c == '\n' || c == '\r')) break;
    const size_t which = kSeparators.find(c);
    if (which != absl::string_view::npos && ++counts[which] > most) most = counts[which];
  }
  size_t best = 0;
  while (most > 0 && counts[best] != most) ++best;
  return kSeparators[best];
}

}  // namespace tsunagu::contract
