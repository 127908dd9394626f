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

// In minutes of Japan's clocks since the beginning of 1970.
int64_t MinuteAt(jp::CivilDay day, int32_t minute);

// From when to when somebody watched one lesson, which is a subject of a session (MinuteAt). The minute `end` is not
// watched any more.
struct Watched {
  std::string session;
  std::string subject;
  int64_t start = 0;
  int64_t end = 0;
  // Recorded under another enrollment of hers: it says what she watched at these minutes, and is credited there.
  bool elsewhere = false;
};

// The days of `viewing` are dates.
Watched WatchedIn(const v1::Viewing& viewing);

// Whether `first` is credited with minutes that `second` would have without it: both say that she watched at that time,
// and nobody watches two lessons at once. The one that began first has them; of those that began together, the one
// whose session and subject come first.
bool TakesFrom(const Watched& first, const Watched& second);

// Minutes of one day that one of them is credited with, however long the lesson is.
struct Credit {
  size_t watched;  // index
  jp::CivilDay day;
  int32_t minutes;
};

// Credits what one learner watched, each minute once, in the order of time.
std::vector<Credit> CreditOf(const std::vector<Watched>& watched);

// Adds what is wrong with a viewing of `session`, whose course ends on `last`: a session that is not on demand, times
// that are in the wrong order, still to come, further apart than a day or outside the days of the offer; a subject that
// the session does not teach.
void CheckViewing(const v1::Viewing& viewing, const v1::Session& session, jp::CivilDay last, absl::Time now,
                  Faults& faults);

// Whether she would have watched while `session` was held, which is not on demand.
bool WhileHeld(const Watched& watched, const v1::Session& session);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_VIEWING_H_
