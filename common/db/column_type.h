#ifndef TSUNAGU_COMMON_DB_COLUMN_TYPE_H_
#define TSUNAGU_COMMON_DB_COLUMN_TYPE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "common/db/database.h"

namespace tsunagu::store {

// "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''" -> "VARCHAR(64) CHARACTER SET ascii", as
// FoundTable tells it.
std::string TypeIn(absl::string_view definition);

enum class TypeFit {
  kServes,   // the same, or holds more
  kShorter,  // the same kind of value, but not all that are wanted; can be made longer without loss
  kDiffers,
};
// How a column of type `found` serves where `wanted` is asked for.
TypeFit FitOf(absl::string_view found, absl::string_view wanted, Dialect dialect);

// Upper bound of a column's bytes within a row or an index; long text and blobs lie elsewhere and count 20.
int64_t BytesInRow(absl::string_view type);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_COLUMN_TYPE_H_
