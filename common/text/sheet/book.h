#ifndef TSUNAGU_COMMON_TEXT_SHEET_BOOK_H_
#define TSUNAGU_COMMON_TEXT_SHEET_BOOK_H_

#include <vector>

#include "common/text/sheet/limits.h"
#include "common/text/sheet/reader.h"
#include "common/text/sheet/strings.h"
#include "common/text/sheet/styles.h"

namespace tsunagu::sheet {

// The parts of a workbook that all its sheets refer to.
struct SheetReader::Book {
  Limits limits;
  SharedStrings strings;
  std::vector<DateStyle> formats;
  bool date1904 = false;
};

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_BOOK_H_
