#ifndef TSUNAGU_COMMON_DB_COLUMN_TYPE_H_
#define TSUNAGU_COMMON_DB_COLUMN_TYPE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "common/db/database.h"

namespace tsunagu::store {

// Returns the type in a column definition, in the form of FoundTable: "VARCHAR(64) CHARACTER SET ascii COLLATE
// ascii_bin NOT NULL DEFAULT ''" -> "VARCHAR(64) CHARACTER SET ascii".
std::string TypeIn(absl::string_view definition);

enum class TypeFit {
  kServes,   // the same type, or one that holds more
  kShorter,  // the same kind of value, but too short; can be made longer without loss
  kDiffers,
};
// Returns whether a column of type `found` can be used where `wanted` is required.
TypeFit FitOf(absl::string_view found, absl::string_view wanted, Dialect dialect);

// Returns an upper bound of a column's bytes within a row or an index; long text and blobs are stored elsewhere and
// count 20.
int64_t BytesInRow(absl::string_view type);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_COLUMN_TYPE_H_
