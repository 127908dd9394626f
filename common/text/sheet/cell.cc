#include "common/text/sheet/cell.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace tsunagu::sheet {
namespace {

constexpr int64_t kLetters = 26;

}  // namespace

std::string CellName(int64_t column, int64_t row) {
  std::string letters;
  for (; column > 0; column = (column - 1) / kLetters) {
    letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % kLetters));
  }
  return absl::StrCat(letters, row);
}

Place PlaceOf(absl::string_view name) {
  Place place;
  size_t i = 0;
  for (; i < name.size() && absl::ascii_isupper(static_cast<unsigned char>(name[i])); ++i) {
    place.column = place.column * kLetters + (name[i] - 'A' + 1);
    if (place.column > kExcelColumns) return Place();
  }
  for (; i < name.size() && absl::ascii_isdigit(static_cast<unsigned char>(name[i])); ++i) {
    place.row = place.row * 10 + (name[i] - '0');
    if (place.row == 0 || place.row > kExcelRows) return Place();
  }
  return i == name.size() && place.column > 0 && place.row > 0 ? place : Place();
}

}  // namespace tsunagu::sheet
