#include "common/db/column_type.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/match.h"

namespace tsunagu::store {
namespace {

// Returns 64 for "VARCHAR(64)"; 0 when there is no length.
int64_t LengthIn(absl::string_view type) {
  const size_t open = type.find('(');
  return open == absl::string_view::npos ? 0 : std::atoll(std::string(type.substr(open + 1)).c_str());
}

absl::string_view WordIn(absl::string_view type) { return type.substr(0, type.find_first_of("( ")); }

absl::string_view CharsetIn(absl::string_view type) {
  const size_t at = type.find(" CHARACTER SET ");
  return at == absl::string_view::npos ? absl::string_view() : type.substr(at);
}

// Returns the rank of `word` in `family`, whose words are sorted from shorter to longer, from 1; 0: not in it.
int RankIn(std::initializer_list<absl::string_view> family, absl::string_view word) {
  const auto found = std::find(family.begin(), family.end(), word);
  return found == family.end() ? 0 : static_cast<int>(found - family.begin()) + 1;
}

TypeFit Compare(int64_t found, int64_t wanted) { return found >= wanted ? TypeFit::kServes : TypeFit::kShorter; }

// SQLite stores text, numbers and bytes of any length; a type only determines which of them a column prefers.
absl::string_view AffinityOf(absl::string_view type) {
  const absl::string_view word = WordIn(type);
  if (absl::StrContains(word, "INT")) return "integer";
  return absl::StrContains(word, "CHAR") || absl::StrContains(word, "TEXT") ? "text" : "blob";
}

}  // namespace

std::string TypeIn(absl::string_view definition) {
  size_t end = definition.size();
  for (const absl::string_view rest : {" COLLATE", " NOT NULL", " DEFAULT"}) end = std::min(end, definition.find(rest));
  return std::string(definition.substr(0, end));
}

TypeFit FitOf(absl::string_view found, absl::string_view wanted, Dialect dialect) {
  if (found == wanted) return TypeFit::kServes;
  if (dialect == Dialect::kSqlite)
    return AffinityOf(found) == AffinityOf(wanted) ? TypeFit::kServes : TypeFit::kDiffers;
  if (CharsetIn(found) != CharsetIn(wanted)) return TypeFit::kDiffers;
  const absl::string_view have = WordIn(found), want = WordIn(wanted);
  if (have == "VARCHAR" && want == "VARCHAR") return Compare(LengthIn(found), LengthIn(wanted));
  for (const auto& family : {std::initializer_list<absl::string_view>{"TEXT", "MEDIUMTEXT", "LONGTEXT"},
                             std::initializer_list<absl::string_view>{"BLOB", "MEDIUMBLOB", "LONGBLOB"}}) {
    const int had = RankIn(family, have), asked = RankIn(family, want);
    if (had != 0 && asked != 0) return Compare(had, asked);
  }
  return TypeFit::kDiffers;
}

int64_t BytesInRow(absl::string_view type) {
  if (!absl::StartsWith(type, "VARCHAR(")) return absl::StartsWith(type, "BIGINT") ? 8 : 20;
  return absl::StrContains(type, "ascii") ? LengthIn(type) + 2 : LengthIn(type) * 4 + 2;
}

}  // namespace tsunagu::store
