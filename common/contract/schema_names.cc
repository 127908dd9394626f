// Names of records: "courses/c1/sessions/s1", whose id is "c1/s1". In the order of ids, the records under one parent
// are adjacent, because ids hold no character that sorts before the slash except the hyphen.
#include <algorithm>

#include "absl/functional/function_ref.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/contract/schema.h"

namespace tsunagu::contract {
namespace {

constexpr absl::string_view kAll = "-";

// Removes the first segment from `path` and returns it; sets `last` when nothing follows.
absl::string_view TakeSegment(absl::string_view& path, bool& last) {
  const size_t end = path.find('/');
  const absl::string_view segment = path.substr(0, end);
  last = end == absl::string_view::npos;
  path.remove_prefix(last ? path.size() : end + 1);
  return segment;
}

// Returns whether `name` has the form of `pattern` and `take` accepts each of its ids. The id of the service is not
// passed to `take`.
bool Fits(absl::string_view pattern, absl::string_view name, absl::FunctionRef<bool(absl::string_view)> take) {
  if (name.size() > kLongestName) return false;
  bool of_service = absl::StartsWith(pattern, "services/"), last = false;
  while (!last) {
    bool last_given = false;
    const absl::string_view wanted = TakeSegment(pattern, last), given = TakeSegment(name, last_given);
    if (last != last_given) return false;
    if (!absl::StartsWith(wanted, "{")) {
      if (given != wanted) return false;
    } else if (!(of_service ? IsWellFormedId(given) : take(given))) {
      return false;
    } else {
      of_service = false;
    }
  }
  return true;
}

// Appends the ids of a name of this pattern to `ids`, each followed by a slash.
bool TakeIds(absl::string_view pattern, absl::string_view name, std::string& ids) {
  return Fits(pattern, name, [&](absl::string_view id) {
    if (!IsWellFormedId(id)) return false;
    absl::StrAppend(&ids, id, "/");
    return true;
  });
}

absl::Status Malformed(absl::string_view field, const std::string& pattern) {
  return FailAt(field, "MALFORMED_NAME"_reason, {{"pattern", pattern}});
}

}  // namespace

absl::StatusOr<std::string> Schema::IdOf(absl::string_view name) const {
  std::string ids;
  if (!TakeIds(pattern_, name, ids)) return Malformed("name", pattern_);
  ids.pop_back();
  return ids;
}

std::string Schema::NameOf(absl::string_view id, absl::string_view service) const {
  std::string name(service);
  bool last = false;
  for (size_t i = 0; i < collections_.size() && !last; ++i) {
    absl::StrAppend(&name, name.empty() ? "" : "/", collections_[i], "/", TakeSegment(id, last));
  }
  return name;
}

bool Schema::IsId(absl::string_view id) const {
  size_t length = id.size();  // the length of the name, without a service
  absl::string_view rest = id;
  bool last = false;
  for (const std::string& collection : collections_) {
    length += collection.size() + 1;
    if (last || !IsWellFormedId(TakeSegment(rest, last))) return false;
  }
  return last && length <= kLongestName;
}

absl::StatusOr<std::string> Schema::IdUnder(absl::string_view parent, absl::string_view own) const {
  std::string ids;
  if (!has_parent() || !TakeIds(parent_pattern_, parent, ids)) return Malformed("parent", parent_pattern_);
  return absl::StrCat(ids, own);
}

absl::StatusOr<std::string> Schema::IdsUnder(absl::string_view parent) const {
  std::string ids;
  bool all = false;
  const bool fits = has_parent() && Fits(parent_pattern_, parent, [&](absl::string_view id) {
                      if (id == kAll) {
                        all = true;
                      } else if (all || !IsWellFormedId(id)) {
                        return false;
                      } else {
                        absl::StrAppend(&ids, id, "/");
                      }
                      return true;
                    });
  if (!fits) return Malformed("parent", parent_pattern_);
  return ids;
}

absl::string_view Schema::ParentOf(absl::string_view name) {
  const size_t collection = name.rfind('/', name.rfind('/') - 1);
  return collection == absl::string_view::npos ? absl::string_view() : name.substr(0, collection);
}

bool IsWellFormedId(absl::string_view id) {
  if (id.empty() || id.size() > 64 || id.front() == '-') return false;
  for (const char c : id) {
    if (!absl::ascii_islower(c) && !absl::ascii_isdigit(c) && c != '-') return false;
  }
  return true;
}

bool IsWellFormedName(absl::string_view name) {
  const std::vector<absl::string_view> segments = absl::StrSplit(name, '/');
  if (segments.size() % 2 != 0) return false;
  for (size_t i = 0; i < segments.size(); i += 2) {
    if (segments[i].empty() || !absl::ascii_islower(segments[i][0])) return false;
    if (!std::all_of(segments[i].begin(), segments[i].end(), absl::ascii_isalpha)) return false;
    if (!IsWellFormedId(segments[i + 1])) return false;
  }
  return true;
}

}  // namespace tsunagu::contract
