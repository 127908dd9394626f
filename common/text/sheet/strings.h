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

// Call after the kStart of an element that holds text. Returns the text inside it unchanged, without the text of inner
// elements, and reads past the kEnd. Errors: CELL_TOO_LONG {max} as soon as the text exceeds the limit, so that memory
// stays small.
absl::StatusOr<std::string> ReadText(XmlReader& xml, int64_t max_characters);

// The same for <si> or <is>: joins the runs of a rich text and decodes its escapes. Leaves out the readings above the
// characters (振り仮名). Errors: CELL_TOO_LONG {max}.
absl::StatusOr<std::string> ReadRichText(XmlReader& xml, int64_t max_characters);

// Returns the text with its escapes decoded. Errors: CELL_TOO_LONG {max}.
absl::StatusOr<std::string> DecodeText(absl::string_view text, int64_t max_characters);

// The texts that the cells of a workbook share, stored in one block of memory.
class SharedStrings {
 public:
  // Errors: WORKBOOK_TOO_MUCH_TEXT; CELL_TOO_LONG, whose {cell} is then the name of the table; those of XmlReader.
  absl::Status Read(XmlReader& xml, const Limits& limits);

  size_t size() const { return ends_.size(); }
  // `index` must be below size().
  absl::string_view Get(size_t index) const;

 private:
  std::string all_;
  std::vector<size_t> ends_;
};

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_STRINGS_H_
