#ifndef TSUNAGU_TESTS_FUZZ_FUZZ_H_
#define TSUNAGU_TESTS_FUZZ_FUZZ_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::fuzz {

// Checks a property of a fuzz target: libFuzzer treats the abort as a finding and keeps the input.
inline void Require(bool holds, absl::string_view what, absl::string_view detail = "") {
  if (holds) return;
  std::fprintf(stderr, "PROPERTY BROKEN: %.*s\n%.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(detail.size()), detail.data());
  std::abort();
}

// Splits an input: numbers from its beginning, the rest as text.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  uint8_t Byte() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    return byte;
  }
  absl::string_view Rest() const { return rest_; }

 private:
  absl::string_view rest_;
};

}  // namespace tsunagu::fuzz

#endif  // TSUNAGU_TESTS_FUZZ_FUZZ_H_
