#ifndef TSUNAGU_COMMON_TEXT_SHEET_STYLES_H_
#define TSUNAGU_COMMON_TEXT_SHEET_STYLES_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/text/sheet/xml.h"

namespace tsunagu::sheet {

// The kind of value that a number format shows. kElapsed is a sum of hours, minutes or seconds: [h]:mm.
enum class DateStyle { kNone, kDate, kDateTime, kTime, kElapsed };

// Returns the style of a format with a number instead of a code, as in the Japanese Excel.
DateStyle StyleOfBuiltIn(int64_t number);

// Returns the style of a format code: yyyy/m/d, [$-411]ggge"年"m"月"d"日", h:mm. All its sections (a;b;c) count
// together.
DateStyle StyleOfCode(absl::string_view code);

// Returns the style of each cell format of xl/styles.xml, in their order; cells refer to them by index.
absl::StatusOr<std::vector<DateStyle>> ReadStyles(XmlReader& xml);

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_STYLES_H_
