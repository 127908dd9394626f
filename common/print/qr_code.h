#ifndef TSUNAGU_COMMON_PRINT_QR_CODE_H_
#define TSUNAGU_COMMON_PRINT_QR_CODE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace tsunagu::print {

// A QR code (JIS X 0510) of any bytes: a square of modules, each dark or light, without the quiet zone around it.
class QrCode {
 public:
  // Withstands damage of 15 % (level M) where that needs at most kWidest modules a side, so that phones can still tell
  // them apart, else of 7 % (level L). Absent where that is more than the largest code holds: 2,953 bytes.
  static absl::optional<QrCode> Of(absl::string_view bytes);

  int width() const { return width_; }
  bool IsDark(int x, int y) const { return dark_[static_cast<size_t>(y) * width_ + x] != 0; }

 private:
  static constexpr int kWidest = 141;  // version 31
  int width_ = 0;
  std::string dark_;  // row by row, 1 or 0
};

}  // namespace tsunagu::print

#endif  // TSUNAGU_COMMON_PRINT_QR_CODE_H_
