#ifndef TSUNAGU_COMMON_RECORDS_SCAN_H_
#define TSUNAGU_COMMON_RECORDS_SCAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "absl/types/variant.h"
#include "common/contract/column_value.h"
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
  Cells(std::string name, std::vector<records::ColumnValue> values)
      : name_(std::move(name)), values_(std::move(values)) {}

  const std::string& name() const { return name_; }
  // Of text, an enum (its name), a day (2019-08-01); empty where absent.
  const std::string& Text(size_t i) const {
    static const auto& none = *new std::string;
    const auto* text = absl::get_if<std::string>(&values_[i]);
    return text == nullptr ? none : *text;
  }
  // Of a number, true or a time in microseconds; 0 where absent.
  int64_t Integer(size_t i) const {
    const auto* number = absl::get_if<int64_t>(&values_[i]);
    return number == nullptr ? 0 : *number;
  }

 private:
  std::string name_;
  std::vector<records::ColumnValue> values_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_SCAN_H_
