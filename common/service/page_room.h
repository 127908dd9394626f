#ifndef TSUNAGU_COMMON_SERVICE_PAGE_ROOM_H_
#define TSUNAGU_COMMON_SERVICE_PAGE_ROOM_H_

#include <cstddef>
#include <cstdint>

#include "google/protobuf/message.h"

namespace tsunagu {

// The maximum size of a page's encoded rows. Clients accept answers of 4 MiB by default, and answers to clients that do
// not read stay in the server's memory.
inline constexpr size_t kMostPageBytes = 1 << 20;

// Counts the rows of one page: at most `rows` rows and kMostPageBytes bytes. A first row always fits.
class PageRoom {
 public:
  explicit PageRoom(int64_t rows) : rows_(rows) {}

  // Returns false from the first row on that does not fit.
  bool Take(const google::protobuf::Message& row) {
    const size_t size = row.ByteSizeLong();
    full_ = full_ || taken_ == rows_ || (taken_ > 0 && bytes_ + size > kMostPageBytes);
    if (full_) return false;
    bytes_ += size;
    ++taken_;
    return true;
  }
  // Whether a row did not fit.
  bool full() const { return full_; }

 private:
  const int64_t rows_;
  int64_t taken_ = 0;
  size_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_PAGE_ROOM_H_
