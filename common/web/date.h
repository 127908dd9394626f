#ifndef TSUNAGU_COMMON_WEB_DATE_H_
#define TSUNAGU_COMMON_WEB_DATE_H_

#include <string>

#include "absl/time/time.h"

namespace tsunagu::web {

// Returns a time in the form of the header `date`: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string HttpDate(absl::Time time);

// Returns the current time for the head of an answer. Formatted once a second; valid until the thread calls again.
const std::string& DateOfNow();

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_DATE_H_
