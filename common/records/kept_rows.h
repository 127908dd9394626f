#ifndef TSUNAGU_COMMON_RECORDS_KEPT_ROWS_H_
#define TSUNAGU_COMMON_RECORDS_KEPT_ROWS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/db/database.h"

namespace tsunagu::store {

class Table;

// Returns the rows of one record in its table and in the side tables, whoever wrote them, as JSON: a list of rows by
// the name of each table, every value as text. A value that is no text is written as "base64:…". The result may contain
// unencrypted personal data.
absl::StatusOr<std::string> RowsAsJson(Session& session, const Table& table, absl::string_view id);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_KEPT_ROWS_H_
