#include "common/base/gzip.h"

#include <zlib.h>

namespace tsunagu {
namespace {

constexpr int kGzip = 15 + 16;  // the largest window, with the header of gzip

// zlib only reads these bytes, but its interface has no const.
Bytef* Bytes(absl::string_view text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); }

}  // namespace

std::string Gzip(absl::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = Bytes(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = Bytes(packed);
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

absl::optional<std::string> Gunzip(absl::string_view packed, size_t most) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzip) != Z_OK) return absl::nullopt;
  std::string bytes;
  stream.next_in = Bytes(packed);
  stream.avail_in = static_cast<uInt>(packed.size());
  int result = Z_OK;
  while (result == Z_OK && bytes.size() <= most) {
    char part[16'384];
    stream.next_out = reinterpret_cast<Bytef*>(part);
    stream.avail_out = sizeof(part);
    result = inflate(&stream, Z_NO_FLUSH);
    bytes.append(part, sizeof(part) - stream.avail_out);
  }
  inflateEnd(&stream);
  if (result != Z_STREAM_END || bytes.size() > most) return absl::nullopt;
  return bytes;
}

}  // namespace tsunagu
