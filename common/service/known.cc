#include "common/service/known.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/journal/sealer.h"
#include "common/records/store.h"
#include "common/rpc/call.h"
#include "common/service/service.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu {

absl::StatusOr<int64_t> PlaceKnownAt(Service& service, rpc::Call& call,
                                     const google::protobuf::Timestamp& as_known_at) {
  const int64_t asked = google::protobuf::util::TimeUtil::TimestampToMicroseconds(as_known_at);
  const absl::Time now = service.store().clock().Now();
  if (absl::FromUnixMicros(asked) > now) {
    return FailAt("as_known_at", "NOT_YET_KNOWN"_reason,
                  {{"known_time", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", now, absl::UTCTimeZone())}});
  }
  // Of the last moments: what has been committed by now becomes known first, and nothing can be known before it later.
  if (service.sealer().head().known_time < asked) {
    RETURN_IF_ERROR(service.sealer().SettleUntilNow(call.deadline));
  }
  int64_t place = 0;
  RETURN_IF_ERROR(service.store().database().Read(call.deadline, [&](store::Session& session) {
    place = 0;
    return session.Query(
        "SELECT `place` FROM `journal_seal` WHERE `known_time` <= ? ORDER BY `known_time` DESC, `place` DESC LIMIT 1",
        {asked}, [&](const store::Row& row) {
          place = row.Integer(0);
          return absl::OkStatus();
        });
  }));
  call.notes.emplace_back("tsunagu-journal-place", absl::StrCat(place));
  return place;
}

}  // namespace tsunagu
