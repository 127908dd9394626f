#ifndef TSUNAGU_COMMON_RECORDS_SIDE_ROWS_H_
#define TSUNAGU_COMMON_RECORDS_SIDE_ROWS_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "common/db/parameters.h"

namespace tsunagu::store {

// New rows of side tables, which one transaction collects and writes many at once: an import makes several of them for
// each record, and on a server each statement costs a round trip.
class SideRows {
 public:
  // `into`: "`nurses_access` (`key`, `id`)"; `parameters` are the values of its rows, `width` for each row.
  void Add(absl::string_view into, size_t width, const Parameters& parameters);
  // Writes the collected rows. When that fails, every later call returns the same error.
  absl::Status Write(Session& session);

 private:
  struct Rows {
    size_t width = 0;
    Parameters parameters;
  };
  std::map<std::string, Rows, std::less<>> rows_;  // by table and columns
  absl::Status status_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_SIDE_ROWS_H_
