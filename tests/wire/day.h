#ifndef TSUNAGU_TESTS_WIRE_DAY_H_
#define TSUNAGU_TESTS_WIRE_DAY_H_

#include "absl/strings/string_view.h"
#include "common/jp/civil_day.h"
#include "google/type/date.pb.h"

namespace tsunagu::wire {

// "2050-04-01".
inline google::type::Date Day(absl::string_view text) { return jp::ToDate(*jp::ParseDay(text)); }

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_DAY_H_
