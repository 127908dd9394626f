#ifndef TSUNAGU_COMMON_TEXT_SHEET_STRINGS_H_
#define TSUNAGU_COMMON_TEXT_SHEET_STRINGS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/text/sheet/limits.h"
#include "common/text/sheet/xml.h"

namespace tsunagu::sheet {

// Behind the kStart of an element that holds text: the text inside, as it stands, and nothing of elements in it. Reads
// on behind the kEnd. CELL_TOO_LONG {max} as soon as the text cannot fit any more, so that memory stays small.
absl::StatusOr<std::string> ReadText(XmlReader& xml, int64_t max_characters);

// The same for <si> or <is>: the runs of a rich text as one, its escapes decoded. Readings above the characters
// (振り仮名) are not part of it. CELL_TOO_LONG {max}.
absl::StatusOr<std::string> ReadRichText(XmlReader& xml, int64_t max_characters);

// The text whose escapes are decoded. CELL_TOO_LONG {max}.
absl::StatusOr<std::string> DecodeText(absl::string_view text, int64_t max_characters);

// The texts that the cells of a workbook share, one behind the other in memory.
class SharedStrings {
 public:
  // WORKBOOK_TOO_MUCH_TEXT; CELL_TOO_LONG, whose {cell} is then the name of the table; the errors of XmlReader.
  absl::Status Read(XmlReader& xml, const Limits& limits);

  size_t size() const { return ends_.size(); }
  // `index` is below size().
  absl::string_view Get(size_t index) const;

 private:
  std::string all_;
  std::vector<size_t> ends_;
};

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_STRINGS_H_
