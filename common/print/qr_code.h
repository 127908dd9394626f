#ifndef TSUNAGU_COMMON_PRINT_QR_CODE_H_
#define TSUNAGU_COMMON_PRINT_QR_CODE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace tsunagu::print {

// A QR code (JIS X 0510) of any bytes: a square of modules, each dark or light, without the quiet zone around it.
class QrCode {
 public:
  // Makes a code that tolerates damage of 15 % (level M) if it then has at most kWidest modules per side, so that
  // phones can still read them, else of 7 % (level L). Returns nothing for more than the largest code holds: 2,953
  // bytes.
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
