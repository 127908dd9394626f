#ifndef TSUNAGU_SERVICES_MATCHING_RULES_VISITS_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_VISITS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/visits.h"
#include "services/matching/rules/candidates.h"
#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/instance.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu::matching::rules {

// The frozen input of a round of visits, in the words of an Instance: its nurses are supplies, with the office of each
// as her home; its openings are half-days that openings want, with the posts and the skills of that half-day; its caps
// count visits.
struct Visits {
  Instance instance;
  std::vector<int32_t> slots;               // by half-day of an opening: which, 0 to below market::kSlots
  std::vector<v1::Supplier> wanted_kinds;   // by half-day of an opening; UNSPECIFIED: any
  std::vector<v1::Supplier> kinds;          // by supply
  std::vector<market::VisitLimits> limits;  // by supply
};

// Nurses whom one supply sends to one half-day of an opening.
struct Cover {
  int32_t supply = -1;
  int32_t place = -1;
  int32_t count = 0;
  bool operator==(const Cover&) const = default;
};

// Whether the opening takes suppliers of its kind, and it has somebody in that half-day. What it is like otherwise is
// for FirstBlocker.
bool TakesKind(const Visits& visits, int32_t supply, int32_t place);
bool GivesSlot(const Visits& visits, int32_t supply, int32_t place);

// The half-days that the supply may visit and has somebody for, as it would rather have them. `candidates` are those of
// the instance.
std::vector<int32_t> ListOf(const Visits& visits, Candidates& candidates, int32_t supply);

// Most nurses whom the supply could send to it, were it eligible.
int32_t MostAt(const Visits& visits, int32_t supply, int32_t place);

// Supply-proposing deferred acceptance over (supply, facility, half-day), by the orders of rule table 3: what a supply
// would rather have is as with nurses, half-days of one opening in the order of the week; places go by skills beyond
// the required ones, metres and lot. Sorted by place, then by supply. None where there are more than `most` visits to
// choose from.
std::optional<std::vector<Cover>> SolveVisits(const Visits& visits, size_t most);

// What one supply is to one half-day.
struct Standing {
  bool is_eligible = false;
  // It would send one nurse more, beside what it does or instead of what it likes less. So of one that is eligible and
  // sends fewer than it has: others go before it.
  bool would_send = false;
};
// By supply, at one half-day, given who covers what; a cover of supply -1 is nobody's.
std::vector<Standing> StandingsAt(const Visits& visits, absl::Span<const Cover> covers, int32_t place);

// What each supply would take of the covers that are offered to it, whatever half-days and caps have room for: the
// first of its list, within its limits. Each pair of a supply and a place is offered once. Sorted by supply, and by its
// list.
std::vector<Cover> ChoicesOf(const Visits& visits, absl::Span<const Cover> offered);

// What became of one half-day.
struct VisitAccount {
  int32_t eligible = 0;        // supplies
  int32_t would_send = 0;      // of these
  BlockerCounts blocked = {};  // of the others: what keeps them away; kHalfDays: they have nobody in that half-day
  int32_t wrong_kind = 0;      // they are not the kind of supplier that it wants
};
// By half-day. Looks at every pair of a supply and a half-day once.
std::vector<VisitAccount> AccountsOf(const Visits& visits, absl::Span<const Cover> covers);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VISITS_H_
