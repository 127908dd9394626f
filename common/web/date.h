#ifndef TSUNAGU_COMMON_WEB_DATE_H_
#define TSUNAGU_COMMON_WEB_DATE_H_

#include <string>

#include "absl/time/time.h"

namespace tsunagu::web {

// A time as the field `date` says it: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string HttpDate(absl::Time time);

// The time now, for the head of an answer. Written once a second; stays as it is until the thread asks again.
const std::string& DateOfNow();

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_DATE_H_
