#include "common/text/row_sink.h"

#include "common/base/status_macros.h"

namespace tsunagu {

absl::StatusOr<std::string> TakeWhole(RowSink& file) {
  RETURN_IF_ERROR(file.Finish());
  std::string bytes;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const std::string piece, file.Take());
    bytes += piece;
    more = !piece.empty();
  }
  return bytes;
}

}  // namespace tsunagu
