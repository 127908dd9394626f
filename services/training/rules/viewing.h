#ifndef TSUNAGU_SERVICES_TRAINING_RULES_VIEWING_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_VIEWING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "tsunagu/training/v1/session.pb.h"
#include "tsunagu/training/v1/viewing.pb.h"

namespace tsunagu::training::rules {

// Returns minutes of Japan's local time since the beginning of 1970.
int64_t MinuteAt(jp::CivilDay day, int32_t minute);

// The time in which somebody watched one lesson, which is a subject of a session (MinuteAt). The minute `end` is
// exclusive.
struct Watched {
  std::string session;
  std::string subject;
  int64_t start = 0;
  int64_t end = 0;
  // Recorded under another enrollment of hers: what she watched at these minutes is credited there.
  bool elsewhere = false;
};

// The days of `viewing` must be existing dates.
Watched WatchedIn(const v1::Viewing& viewing);

// Returns whether `first` is credited with minutes that `second` would have without it: both record the same time, and
// nobody watches two lessons at once. The viewing that began first has priority; of those that began together, the one
// whose session and subject come first.
bool TakesFrom(const Watched& first, const Watched& second);

// Minutes of one day that one viewing is credited with, regardless of the length of the lesson.
struct Credit {
  size_t watched;  // index
  jp::CivilDay day;
  int32_t minutes;
};

// Credits what one learner watched, each minute once, in chronological order.
std::vector<Credit> CreditOf(const std::vector<Watched>& watched);

// Adds the faults in a viewing of `session`, whose course ends on `last`: a session that is not on demand; times in the
// wrong order, in the future, more than a day apart or outside the days of the offer; a subject that the session does
// not teach.
void CheckViewing(const v1::Viewing& viewing, const v1::Session& session, jp::CivilDay last, absl::Time now,
                  Faults& faults);

// Returns whether the viewing overlaps `session`, which is not on demand.
bool WhileHeld(const Watched& watched, const v1::Session& session);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_VIEWING_H_
