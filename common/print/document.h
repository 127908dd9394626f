#ifndef TSUNAGU_COMMON_PRINT_DOCUMENT_H_
#define TSUNAGU_COMMON_PRINT_DOCUMENT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/jp/civil_day.h"
#include "common/print/qr_code.h"

namespace tsunagu::print {

// A place on the page, in millimetres from its upper left corner.
struct Box {
  double left = 0, top = 0, width = 0, height = 0;
};

enum class Align { kLeft, kCentre, kRight };

struct Style {
  double points = 10.5;
  Align align = Align::kLeft;
  bool bold = false;
  bool one_line = false;  // false: text that is too wide is broken into lines
  double spacing = 0;     // additional, between characters, in points
};

// A PDF of A4 pages in portrait. Its text can be selected and searched. The same calls give the same bytes on one
// machine, with the same fonts. Not thread-safe, but successive calls may come from different threads.
class Document {
 public:
  static constexpr double kWidth = 210, kHeight = 297;

  // `day` is recorded as the day of creation. Errors: JAPANESE_FONT_MISSING when this machine has no Japanese font.
  static absl::StatusOr<std::unique_ptr<Document>> Begin(absl::string_view title, jp::CivilDay day);
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  // Draws text from the top of the box; reduces it, down to a third, when it would not fit. Returns the height used.
  // Errors: CHARACTER_NOT_PRINTABLE when no font of this machine has one of its characters.
  absl::StatusOr<double> Text(const Box& box, const Style& style, absl::string_view text);
  // Draws a thin line.
  void Line(double left, double top, double right, double bottom);
  // Draws the code with its quiet zone into a square.
  void Code(double left, double top, double side, const QrCode& code);
  void EndPage();
  // Sets words that are not drawn, but that programs find in the file beside its title. Call before Finish. ASCII
  // without spaces is stored unchanged.
  void Keywords(absl::string_view words);

  // Call after the last page.
  absl::Status Finish();
  // Returns the bytes that have become ready since the last call; after Finish, the rest.
  std::string Take();

 private:
  Document();
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace tsunagu::print

#endif  // TSUNAGU_COMMON_PRINT_DOCUMENT_H_
