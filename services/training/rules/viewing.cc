#include "services/training/rules/viewing.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace tsunagu::training::rules {
namespace {

using jp::CivilDay;

constexpr int64_t kDay = 24 * 60;
constexpr CivilDay kFirst(1970, 1, 1);

bool SameLesson(const Watched& a, const Watched& b) { return a.session == b.session && a.subject == b.subject; }

bool Overlap(int64_t a_start, int64_t a_end, int64_t b_start, int64_t b_end) {
  return std::max(a_start, b_start) < std::min(a_end, b_end);
}

// The viewings that run at a minute, as time goes on.
class Running {
 public:
  explicit Running(const std::vector<Watched>& watched) : watched_(watched) {}

  void Begin(size_t i) { all_.insert(KeyOf(i)); }
  void End(size_t i) { all_.erase(KeyOf(i)); }
  // Returns the viewing that is credited; the number of viewings if there is none. Viewings of the same lesson
  // elsewhere do not decide whether it counts here, so that withdrawing one of them takes nothing from here.
  size_t Credited() const {
    for (const Key& key : all_) {
      const Watched& one = watched_[std::get<3>(key)];
      if (!SameLesson(one, watched_[std::get<3>(*all_.begin())])) break;
      if (!one.elsewhere) return std::get<3>(key);
    }
    return watched_.size();
  }

 private:
  using Key = std::tuple<int64_t, std::string, std::string, size_t>;
  Key KeyOf(size_t i) const { return {watched_[i].start, watched_[i].session, watched_[i].subject, i}; }

  const std::vector<Watched>& watched_;
  std::set<Key> all_;
};

void CheckTimes(const v1::Viewing& viewing, const v1::Session& session, CivilDay last, absl::Time now, Faults& faults) {
  const Watched watched = WatchedIn(viewing);
  if (watched.end < watched.start) return faults.Add("end_minute", "VIEWING_ENDS_BEFORE_START"_reason);
  const absl::CivilMinute minute = absl::ToCivilMinute(now, absl::FixedTimeZone(9 * 60 * 60));
  if (watched.end > minute - absl::CivilMinute(kFirst)) faults.Add("end_minute", "VIEWING_TO_COME"_reason);
  if (watched.end - watched.start > kDay) faults.Add("end_minute", "VIEWING_LONGER_THAN_A_DAY"_reason);
  const CivilDay first = jp::DayOf(session.held_date());
  const bool early = watched.start < MinuteAt(first, 0);
  if (early || watched.end > MinuteAt(last, kDay)) {
    faults.Add(early ? "start_date" : "end_date", "VIEWING_OUTSIDE_OFFER"_reason,
               {{"first", jp::FormatIso(first)}, {"last", jp::FormatIso(last)}});
  }
}

}  // namespace

int64_t MinuteAt(CivilDay day, int32_t minute) { return (day - kFirst) * kDay + minute; }

Watched WatchedIn(const v1::Viewing& viewing) {
  return {viewing.session(), viewing.subject(), MinuteAt(jp::DayOf(viewing.start_date()), viewing.start_minute()),
          MinuteAt(jp::DayOf(viewing.end_date()), viewing.end_minute())};
}

bool TakesFrom(const Watched& first, const Watched& second) {
  return !SameLesson(first, second) && Overlap(first.start, first.end, second.start, second.end) &&
         std::tie(first.start, first.session, first.subject) < std::tie(second.start, second.session, second.subject);
}

std::vector<Credit> CreditOf(const std::vector<Watched>& watched) {
  std::map<int64_t, std::pair<std::vector<size_t>, std::vector<size_t>>> turns;  // which begin, which end
  for (size_t i = 0; i < watched.size(); ++i) {
    if (watched[i].end <= watched[i].start) continue;
    turns[watched[i].start].first.push_back(i);
    turns[watched[i].end].second.push_back(i);
  }
  std::vector<Credit> credits;
  Running running(watched);
  int64_t from = 0;
  for (const auto& [minute, turn] : turns) {
    const size_t credited = running.Credited();
    while (credited < watched.size() && from < minute) {
      const CivilDay day = kFirst + from / kDay;
      const int64_t to = std::min(minute, MinuteAt(day, kDay));
      credits.push_back({credited, day, static_cast<int32_t>(to - from)});
      from = to;
    }
    from = minute;
    for (const size_t i : turn.second) running.End(i);
    for (const size_t i : turn.first) running.Begin(i);
  }
  return credits;
}

void CheckViewing(const v1::Viewing& viewing, const v1::Session& session, CivilDay last, absl::Time now,
                  Faults& faults) {
  if (session.mode() != v1::Session::MODE_ON_DEMAND) return faults.Add("session", "SESSION_NOT_ON_DEMAND"_reason);
  CheckTimes(viewing, session, last, now, faults);
  const bool taught = std::any_of(session.lessons().begin(), session.lessons().end(),
                                  [&](const auto& lesson) { return lesson.subject() == viewing.subject(); });
  if (!taught) faults.Add("subject", "SUBJECT_NOT_IN_SESSION"_reason, {{"subject", viewing.subject()}});
}

bool WhileHeld(const Watched& watched, const v1::Session& session) {
  const CivilDay day = jp::DayOf(session.held_date());
  return session.mode() != v1::Session::MODE_ON_DEMAND &&
         Overlap(watched.start, watched.end, MinuteAt(day, session.start_minute()),
                 MinuteAt(day, session.end_minute()));
}

}  // namespace tsunagu::training::rules
