#ifndef TSUNAGU_COMMON_RECORDS_SCAN_H_
#define TSUNAGU_COMMON_RECORDS_SCAN_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/optional.h"
#include "common/jp/civil_day.h"

namespace tsunagu::store {

// The state that is read.
struct Moment {
  absl::optional<jp::CivilDay> as_of;   // only records whose period contains the day; absent: all
  absl::optional<int64_t> known_place;  // as known when the chain had reached this place; absent: the present state
};

// One record of a scan: the requested fields, in the requested order.
class Cells {
 public:
  Cells(std::string name, std::vector<std::string> texts) : name_(std::move(name)), texts_(std::move(texts)) {}

  const std::string& name() const { return name_; }
  // Returns a text, a number (in decimal), an enum (its name), a day (2019-08-01), or several references (separated by
  // spaces); empty when the field is absent.
  const std::string& Text(size_t i) const { return texts_[i]; }

 private:
  std::string name_;
  std::vector<std::string> texts_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_SCAN_H_
