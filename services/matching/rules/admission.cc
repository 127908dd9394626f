#include "services/matching/rules/admission.h"

#include "services/matching/rules/account.h"
#include "services/matching/rules/eligibility.h"

namespace tsunagu::matching::rules {

Admission::Admission(const Instance& instance, absl::Span<const int32_t> opening_of_nurse)
    : instance_(instance),
      opening_of_nurse_(opening_of_nurse.begin(), opening_of_nurse.end()),
      openings_(instance.openings.size()),
      caps_(instance.caps.size()),
      caps_of_(instance.openings.size()) {
  for (const Nurse& nurse : instance.nurses) lots_.push_back(DrawLot(instance.seed, nurse.name));
  for (size_t i = 0; i < openings_.size(); ++i) openings_[i].most = instance.openings[i].posts;
  for (size_t i = 0; i < caps_.size(); ++i) {
    caps_[i].most = instance.caps[i].limit;
    for (const int32_t opening : instance.caps[i].openings) caps_of_[opening].push_back(static_cast<int32_t>(i));
  }
  for (size_t nurse = 0; nurse < opening_of_nurse_.size(); ++nurse) {
    const int32_t opening = opening_of_nurse_[nurse];
    if (opening < 0) continue;
    const PriorityKey key = KeyOf(static_cast<int32_t>(nurse), opening);
    Add(key, openings_[opening]);
    for (const int32_t cap : caps_of_[opening]) Add(key, caps_[cap]);
  }
}

PriorityKey Admission::KeyOf(int32_t nurse, int32_t opening) const {
  return PriorityOf(instance_.nurses[nurse], instance_.openings[opening], lots_[nurse]);
}

void Admission::Add(const PriorityKey& key, Taken& taken) {
  ++taken.count;
  if (!taken.last.has_value() || *taken.last < key) taken.last = key;
}

// If she is the last herself, she moves there from another opening of the same cap.
bool Admission::Admits(const Taken& taken, const PriorityKey& key) {
  return taken.count < taken.most || (taken.last.has_value() && key <= *taken.last);
}

bool Admission::WouldTake(int32_t nurse, int32_t opening) const {
  const PriorityKey key = KeyOf(nurse, opening);
  if (!Admits(openings_[opening], key)) return false;
  for (const int32_t cap : caps_of_[opening]) {
    if (!Admits(caps_[cap], key)) return false;
  }
  return true;
}

bool Admission::IsLeftOut(int32_t nurse) const {
  const int32_t has = opening_of_nurse_[nurse];
  for (int32_t opening = 0; opening < static_cast<int32_t>(openings_.size()); ++opening) {
    if (opening == has || FirstBlocker(instance_.nurses[nurse], instance_.openings[opening]) != Blocker::kNone)
      continue;
    if (has >= 0 && TasteOf(instance_, nurse, has) < TasteOf(instance_, nurse, opening)) continue;
    if (WouldTake(nurse, opening)) return true;
  }
  return false;
}

}  // namespace tsunagu::matching::rules
