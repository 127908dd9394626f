#ifndef TSUNAGU_COMMON_TEXT_FILTER_PARSER_H_
#define TSUNAGU_COMMON_TEXT_FILTER_PARSER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/jp/period.h"

namespace tsunagu::contract {

// A parsed filter, before the names of its fields are checked.
struct FilterNode {
  enum class Kind {
    kAnd,
    kOr,
    kNot,
    kComparison,
    kOverlaps,  // the record's period shares a day with `period`; built by code only
    kUnder,     // the record lies under the parent `value`; built by code only
  };

  Kind kind = Kind::kAnd;
  std::vector<FilterNode> children;  // none under kAnd: everything matches; none under kOr: nothing matches

  // For a comparison.
  std::string field;
  std::string comparator;  // one of = != < <= > >= :
  std::string value;       // without quotes and escapes; of kUnder, the parent's name
  bool any = false;        // `field:*`
  int position = 1;        // of the field, in characters from 1

  jp::Period period;  // of kOverlaps
};

// Reads the grammar of AIP-160 without functions, wildcards and bare values:
//
//   expression = factor { [ "AND" ] factor }        OR binds tighter than AND
//   factor     = term { "OR" term }
//   term       = [ "NOT" | "-" ] ( comparison | "(" expression ")" )
//   comparison = field ( "=" | "!=" | "<" | "<=" | ">" | ">=" | ":" ) value | field ":" "*"
//   value      = "…" or '…' with \" \' \\, or a bare word of letters, digits, _ . / : + - and anything not ASCII
//
// Blank text matches everything. At most 1,000 characters, 16 open parentheses and 50 comparisons. Errors:
// MALFORMED_FILTER {position, detail}, INVALID_UTF8, at the field "filter". They repeat no value.
absl::StatusOr<FilterNode> ParseFilter(absl::string_view filter);

// Returns MALFORMED_FILTER at the field "filter".
absl::Status MalformedFilter(int position, absl::string_view detail);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_FILTER_PARSER_H_
