#ifndef TSUNAGU_COMMON_RECORDS_SCAN_H_
#define TSUNAGU_COMMON_RECORDS_SCAN_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/optional.h"
#include "common/jp/civil_day.h"

namespace tsunagu::store {

// Which state of the world is read.
struct Moment {
  absl::optional<jp::CivilDay> as_of;   // only records whose period contains the day; else whatever their period
  absl::optional<int64_t> known_place;  // as they were known when the chain had reached this place; else as they are
};

// One record of a scan: the fields that were asked for, in that order.
class Cells {
 public:
  Cells(std::string name, std::vector<std::string> texts) : name_(std::move(name)), texts_(std::move(texts)) {}

  const std::string& name() const { return name_; }
  // Of text, a number (in decimal), an enum (its name), a day (2019-08-01), several references (with spaces between);
  // empty where absent.
  const std::string& Text(size_t i) const { return texts_[i]; }

 private:
  std::string name_;
  std::vector<std::string> texts_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_SCAN_H_
