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
  bool one_line = false;  // else it is broken where it is too wide
  double spacing = 0;     // between characters, in points
};

// A PDF of pages in A4, upright. Its text can be selected and searched. The same calls make the same bytes, on one
// machine: the fonts are those that it has. Not thread-safe; its calls may come from one thread after another.
class Document {
 public:
  static constexpr double kWidth = 210, kHeight = 297;

  // `day` stands in it as the day when it was made. JAPANESE_FONT_MISSING where this machine has none.
  static absl::StatusOr<std::unique_ptr<Document>> Begin(absl::string_view title, jp::CivilDay day);
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  // Text from the top of the box; smaller, down to a third, where it would not fit in. Answers how high it has become.
  // CHARACTER_NOT_PRINTABLE where no font of this machine has one of its characters.
  absl::StatusOr<double> Text(const Box& box, const Style& style, absl::string_view text);
  // A thin line.
  void Line(double left, double top, double right, double bottom);
  // Draws it with its quiet zone into a square.
  void Code(double left, double top, double side, const QrCode& code);
  void EndPage();
  // Not drawn: what programs find in the file, beside its title. Before Finish; ASCII without spaces stands there as it
  // is.
  void Keywords(absl::string_view words);

  // After the last page.
  absl::Status Finish();
  // What has become ready since the last call; after Finish, the rest.
  std::string Take();

 private:
  Document();
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace tsunagu::print

#endif  // TSUNAGU_COMMON_PRINT_DOCUMENT_H_
