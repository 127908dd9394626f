#ifndef TSUNAGU_COMMON_DB_PARAMETERS_H_
#define TSUNAGU_COMMON_DB_PARAMETERS_H_

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "common/db/database.h"

namespace tsunagu::store {

// Returns "(?, ?), (?, ?)" for the given number of rows and values.
inline std::string Marks(size_t rows, size_t values) {
  std::string row = "(?";
  for (size_t i = 1; i < values; ++i) row += ", ?";
  row += ")";
  std::string all = row;
  for (size_t i = 1; i < rows; ++i) all += ", " + row;
  return all;
}

// Parameters of a statement, and the strings that they refer to.
class Parameters {
 public:
  void Add(int64_t number) { values_.push_back(number); }
  void AddNull() { values_.push_back(absl::monostate()); }
  void AddText(std::string text) { values_.push_back(absl::string_view(owned_.emplace_back(std::move(text)))); }
  void AddBlob(std::string bytes) { values_.push_back(Blob{owned_.emplace_back(std::move(bytes))}); }
  // Adds copies of all values of `others`.
  void Append(const Parameters& others) {
    for (const Value& value : others.values_) {
      if (const auto* text = absl::get_if<absl::string_view>(&value)) {
        AddText(std::string(*text));
      } else if (const auto* blob = absl::get_if<Blob>(&value)) {
        AddBlob(std::string(blob->bytes));
      } else {
        values_.push_back(value);
      }
    }
  }
  absl::Span<const Value> values() const { return values_; }

 private:
  std::deque<std::string> owned_;
  std::vector<Value> values_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_PARAMETERS_H_
