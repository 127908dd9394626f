#ifndef TSUNAGU_SERVICES_TRAINING_SIGN_IN_LAYOUT_H_
#define TSUNAGU_SERVICES_TRAINING_SIGN_IN_LAYOUT_H_

#include "common/text/file_format.h"

namespace tsunagu::training {

// Reads a filled-in workbook of SignInWorkbook as attendances. A row whose minutes are blank is refused
// (MINUTES_BLANK): an absent learner has 0, and an overlooked learner must not get that by mistake.
FileFormatFactory SignInLayout();

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_SIGN_IN_LAYOUT_H_
