#include "services/suite/instant.h"

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/util/time_util.h"
#include "services/suite/print_error.h"

namespace tsunagu::suite {

absl::TimeZone Japan() { return absl::FixedTimeZone(9 * 60 * 60); }

absl::StatusOr<google::protobuf::Timestamp> InstantOf(const std::string& text, bool end_of_day) {
  const auto day = jp::ParseDay(text);
  absl::Time time;
  if (day.ok()) {
    time = absl::FromCivil(end_of_day ? *day + 1 : *day, Japan());
  } else if (!absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) {
    return FailHere(
        absl::StatusCode::kInvalidArgument, "MALFORMED_TIME",
        absl::StrCat("「", text,
                     "」は日付でも時刻でもありません。2026-04-01 か 2026-04-01T09:00:00+09:00 の形にしてください。"),
        absl::StrCat("\"", text, "\" is no day and no time. Write 2026-04-01 or 2026-04-01T09:00:00+09:00."));
  }
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

}  // namespace tsunagu::suite
