#ifndef TSUNAGU_COMMON_RECORDS_KEPT_ROWS_H_
#define TSUNAGU_COMMON_RECORDS_KEPT_ROWS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/db/database.h"

namespace tsunagu::store {

class Table;

// The rows of one record as they are in its table and beside it, whoever wrote them, as JSON: a list of rows by the
// name of each table, every value as text. What is no text stands as "base64:…". It may hold personal data in clear.
absl::StatusOr<std::string> RowsAsJson(Session& session, const Table& table, absl::string_view id);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_KEPT_ROWS_H_
