#include "common/records/side_rows.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

constexpr size_t kMostRows = 64;  // of one statement

// Writes all values in statements of 64, 32, … rows, so that few different statements have to be prepared.
absl::Status Insert(Session& session, absl::string_view into, size_t width, absl::Span<const Value> values) {
  for (size_t rows = kMostRows; rows > 0; rows /= 2) {
    if (values.size() < rows * width) continue;
    const std::string sql = absl::StrCat("INSERT INTO ", into, " VALUES ", Marks(rows, width));
    for (; values.size() >= rows * width; values.remove_prefix(rows * width)) {
      RETURN_IF_ERROR(session.Execute(sql, values.first(rows * width)).status());
    }
  }
  return absl::OkStatus();
}

}  // namespace

void SideRows::Add(absl::string_view into, size_t width, const Parameters& parameters) {
  Rows& rows = rows_[std::string(into)];
  rows.width = width;
  rows.parameters.Append(parameters);
}

absl::Status SideRows::Write(Session& session) {
  const auto rows = std::exchange(rows_, {});
  for (const auto& [into, one] : rows) {
    if (status_.ok()) status_ = Insert(session, into, one.width, one.parameters.values());
  }
  return status_;
}

}  // namespace tsunagu::store
