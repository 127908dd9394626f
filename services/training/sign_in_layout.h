#ifndef TSUNAGU_SERVICES_TRAINING_SIGN_IN_LAYOUT_H_
#define TSUNAGU_SERVICES_TRAINING_SIGN_IN_LAYOUT_H_

#include "common/text/file_format.h"

namespace tsunagu::training {

// Reads a workbook of SignInWorkbook, filled in, as attendances. A row whose minutes are blank is refused
// (MINUTES_BLANK): whoever was not there has 0, and who was overlooked does not get it.
FileFormatFactory SignInLayout();

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_SIGN_IN_LAYOUT_H_
