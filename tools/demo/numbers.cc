#include "tools/demo/numbers.h"

#include "absl/strings/str_format.h"

namespace tsunagu::demo {

std::string Share(int64_t part, int64_t whole) {
  if (whole == 0) return "–";
  const int64_t permille = (part * 2000 + whole) / (2 * whole);
  return absl::StrFormat("%d.%d %%", permille / 10, permille % 10);
}

std::string Kilometres(int64_t metres) {
  const int64_t tenths = (metres + 50) / 100;
  return absl::StrFormat("%d.%d", tenths / 10, tenths % 10);
}

std::string Seconds(int64_t millis) {
  const int64_t hundredths = (millis + 5) / 10;
  return absl::StrFormat("%d.%02d", hundredths / 100, hundredths % 100);
}

}  // namespace tsunagu::demo
