#include "services/matching/rules/account.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <tuple>

#include "services/matching/rules/way.h"

namespace tsunagu::matching::rules {
namespace {

// The opening with each change applied; made once for all nurses.
struct Eased {
  explicit Eased(const Opening& opening) : trained(opening), shorter(opening) {
    shorter.weekly_minutes -= kFewerMinutes;
  }
  Opening trained, shorter;
};

void CountUnplaced(const Nurse& nurse, const Opening& opening, Blocker blocker, Eased& eased, Account& account) {
  ++CountOf(account.blocked, blocker);
  if (blocker == Blocker::kSkills) {
    const uint64_t missing = opening.required_skills & ~nurse.skills;
    if (!std::has_single_bit(missing)) return;
    eased.trained.required_skills = opening.required_skills & nurse.skills;
    if (FirstBlocker(nurse, eased.trained) == Blocker::kNone) ++account.by_skill[std::countr_zero(missing)];
  } else if (blocker == Blocker::kHours) {
    if (FirstBlocker(nurse, eased.shorter) == Blocker::kNone) ++account.by_hours;
  } else if (blocker == Blocker::kDistance) {
    if (BeyondLimit(nurse, opening).metres <= kFurtherMetres) ++account.by_distance;
  } else if (blocker == Blocker::kTravelTime) {
    if (BeyondLimit(nurse, opening).minutes <= kFurtherMinutes) ++account.by_minutes;
  }
}

// Never kExcluded.
Blocker MainOf(const BlockerCounts& blocked) {
  Blocker main = Blocker::kNone;
  int32_t most = 0;
  for (const Blocker blocker : kBlockersInOrder) {
    if (blocker == Blocker::kExcluded || CountOf(blocked, blocker) <= most) continue;
    most = CountOf(blocked, blocker);
    main = blocker;
  }
  return main;
}

void CountTaken(const Nurse& nurse, const Opening& opening, Account& account) {
  const int32_t extra = std::popcount(nurse.skills & ~opening.required_skills);
  const int64_t metres = WayMetres(nurse, opening);
  const bool is_last =
      account.taken == 0 || std::tuple(-extra, metres) > std::tuple(-account.last_extra_skills, account.last_metres);
  ++account.taken;
  if (!is_last) return;
  account.last_extra_skills = extra;
  account.last_metres = metres;
}

}  // namespace

Taste TasteOf(const Instance& instance, int32_t nurse, int32_t opening) {
  const Nurse& her = instance.nurses[nurse];
  const auto wish = std::find(her.wishes.begin(), her.wishes.end(), opening);
  const bool is_wish = wish != her.wishes.end();
  return {is_wish ? static_cast<int32_t>(wish - her.wishes.begin()) : std::numeric_limits<int32_t>::max(),
          WayMetres(her, instance.openings[opening]), instance.openings[opening].name};
}

Blocker Account::MainBlocker() const { return MainOf(blocked); }

int Account::BestSkill() const {
  const auto best = std::max_element(by_skill.begin(), by_skill.end());
  return *best == 0 ? -1 : static_cast<int>(best - by_skill.begin());
}

Account AccountOf(const Instance& instance, absl::Span<const int32_t> opening_of_nurse, int32_t index) {
  const Opening& opening = instance.openings[index];
  Account account;
  Eased eased(opening);
  for (int32_t i = 0; i < static_cast<int32_t>(instance.nurses.size()); ++i) {
    const Nurse& nurse = instance.nurses[i];
    const int32_t has = opening_of_nurse[i];
    const Blocker blocker = FirstBlocker(nurse, opening);
    if (has < 0) CountUnplaced(nurse, opening, blocker, eased, account);
    if (has == index) {
      CountTaken(nurse, opening, account);
    } else if (blocker == Blocker::kNone) {
      const bool prefers = has >= 0 && TasteOf(instance, i, has) < TasteOf(instance, i, index);
      ++(prefers ? account.elsewhere : account.refused);
    }
  }
  return account;
}

Unplaced::Unplaced(const Instance& instance, absl::Span<const int32_t> opening_of_nurse) : instance_(instance) {
  for (size_t i = 0; i < instance.nurses.size(); ++i) {
    if (opening_of_nurse[i] >= 0) continue;
    const Nurse& nurse = instance.nurses[i];
    nurses_.push_back({nurse, BoxAround(nurse.home, StraightReach(nurse)), GoesByMetres(nurse)});
  }
}

Blocker Unplaced::MainBlockerAt(int32_t index) const {
  const Opening& opening = instance_.openings[index];
  BlockerCounts blocked = {};
  for (const One& one : nurses_) {
    if (one.by_metres && !one.reach.Holds(opening.place)) {
      const Blocker anywhere = FirstBlockerAnywhere(one.nurse, opening);
      ++CountOf(blocked, anywhere == Blocker::kNone ? Blocker::kDistance : anywhere);
    } else {
      ++CountOf(blocked, FirstBlocker(one.nurse, opening));
    }
  }
  return MainOf(blocked);
}

}  // namespace tsunagu::matching::rules
