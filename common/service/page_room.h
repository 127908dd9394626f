#ifndef TSUNAGU_COMMON_SERVICE_PAGE_ROOM_H_
#define TSUNAGU_COMMON_SERVICE_PAGE_ROOM_H_

#include <cstddef>
#include <cstdint>

#include "google/protobuf/message.h"

namespace tsunagu {

// The encoded rows of a page, at most: clients take answers of 4 MiB by default, and whoever takes none leaves them
// here.
inline constexpr size_t kMostPageBytes = 1 << 20;

// What still goes into one page: so many rows, and kMostPageBytes of them. A first row always does.
class PageRoom {
 public:
  explicit PageRoom(int64_t rows) : rows_(rows) {}

  // False from the first row on that does not go in any more.
  bool Take(const google::protobuf::Message& row) {
    const size_t size = row.ByteSizeLong();
    full_ = full_ || taken_ == rows_ || (taken_ > 0 && bytes_ + size > kMostPageBytes);
    if (full_) return false;
    bytes_ += size;
    ++taken_;
    return true;
  }
  // Whether there was more than went in.
  bool full() const { return full_; }

 private:
  const int64_t rows_;
  int64_t taken_ = 0;
  size_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_PAGE_ROOM_H_
