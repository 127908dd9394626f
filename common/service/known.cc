#include "common/service/known.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/journal/sealer.h"
#include "common/records/store.h"
#include "common/rpc/call.h"
#include "common/service/service.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu {

namespace {

using google::protobuf::util::TimeUtil;

// Returns the last place that has become known at `time` or before; `time` is in microseconds.
absl::StatusOr<KnownPlace> LastPlaceAt(Service& service, rpc::Call& call, int64_t time) {
  KnownPlace known;
  RETURN_IF_ERROR(service.store().database().Read(call.deadline, [&](store::Session& session) {
    known = {};
    return session.Query(
        "SELECT `place`, `known_time` FROM `journal_seal` WHERE `known_time` <= ? ORDER BY `known_time` DESC, `place` "
        "DESC "
        "LIMIT 1",
        {time}, [&](const store::Row& row) {
          known.place = row.Integer(0);
          known.known_time = TimeUtil::MicrosecondsToTimestamp(row.Integer(1));
          return absl::OkStatus();
        });
  }));
  call.notes.emplace_back("tsunagu-journal-place", absl::StrCat(known.place));
  return known;
}

}  // namespace

absl::StatusOr<KnownPlace> LatestPlace(Service& service, rpc::Call& call) {
  RETURN_IF_ERROR(service.sealer().SettleUntilNow(call.deadline));
  return LastPlaceAt(service, call, INT64_MAX);
}

absl::StatusOr<int64_t> PlaceKnownAt(Service& service, rpc::Call& call,
                                     const google::protobuf::Timestamp& as_known_at) {
  const int64_t asked = TimeUtil::TimestampToMicroseconds(as_known_at);
  const absl::Time now = service.store().clock().Now();
  if (absl::FromUnixMicros(asked) > now) {
    return FailAt("as_known_at", "NOT_YET_KNOWN"_reason,
                  {{"known_time", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", now, absl::UTCTimeZone())}});
  }
  // For a recent time: what has been committed by now becomes known first, so nothing can become known before it later.
  if (service.sealer().head().known_time < asked) {
    RETURN_IF_ERROR(service.sealer().SettleUntilNow(call.deadline));
  }
  ASSIGN_OR_RETURN(const KnownPlace known, LastPlaceAt(service, call, asked));
  return known.place;
}

}  // namespace tsunagu
