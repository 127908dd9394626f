#ifndef TSUNAGU_SERVICES_TRAINING_VIEWING_LOG_LAYOUT_H_
#define TSUNAGU_SERVICES_TRAINING_VIEWING_LOG_LAYOUT_H_

#include "common/text/file_format.h"

namespace tsunagu::training {

// The log of a learning system: start and end are a day with a time each (2026/10/04 9:30, seconds optional), in the
// columns 視聴開始 and 視聴終了. Only whole minutes count: a start is rounded up, an end down.
FileFormatFactory ViewingLogLayout();

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_VIEWING_LOG_LAYOUT_H_
