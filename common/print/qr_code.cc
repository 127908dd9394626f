#include "common/print/qr_code.h"

#include <qrencode.h>

#include <memory>

namespace tsunagu::print {
namespace {

struct Free {
  void operator()(QRcode* code) const { QRcode_free(code); }
};
using Code = std::unique_ptr<QRcode, Free>;

Code Encode(absl::string_view bytes, QRecLevel level) {
  if (bytes.empty()) return nullptr;
  return Code(QRcode_encodeData(static_cast<int>(bytes.size()), reinterpret_cast<const unsigned char*>(bytes.data()), 0,
                                level));
}

}  // namespace

absl::optional<QrCode> QrCode::Of(absl::string_view bytes) {
  Code code = Encode(bytes, QR_ECLEVEL_M);
  if (code == nullptr || code->width > kWidest) code = Encode(bytes, QR_ECLEVEL_L);
  if (code == nullptr) return absl::nullopt;
  QrCode made;
  made.width_ = code->width;
  made.dark_.resize(static_cast<size_t>(code->width) * code->width);
  for (size_t i = 0; i < made.dark_.size(); ++i) made.dark_[i] = static_cast<char>(code->data[i] & 1);
  return made;
}

}  // namespace tsunagu::print
