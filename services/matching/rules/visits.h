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

// The frozen input of a round of visits, as an Instance. Its nurses are supplies; a supply's office is the home. Its
// openings are the half-days that openings want, with the posts and the skills of that half-day. Its caps count visits.
struct Visits {
  Instance instance;
  std::vector<int32_t> slots;               // by half-day of an opening: its slot, 0 to below market::kSlots
  std::vector<v1::Supplier> wanted_kinds;   // by half-day of an opening; UNSPECIFIED: any
  std::vector<v1::Supplier> kinds;          // by supply
  std::vector<market::VisitLimits> limits;  // by supply
};

// Nurses whom one supply sends to one half-day of an opening.
struct Cover {
  int32_t supply = -1;
  int32_t half_day = -1;
  int32_t count = 0;
  bool operator==(const Cover&) const = default;
};

// Return whether the opening takes the kind of the supplier, and whether the supply has a nurse in that half-day.
// FirstBlocker checks all other conditions.
bool TakesKind(const Visits& visits, int32_t supply, int32_t half_day);
bool GivesSlot(const Visits& visits, int32_t supply, int32_t half_day);

// Returns the half-days that the supply may visit and has a nurse for, in the order that it prefers. `candidates` must
// belong to the same instance.
std::vector<int32_t> ListOf(const Visits& visits, Candidates& candidates, int32_t supply);

// Returns the largest number of nurses that the supply could send there if it were eligible.
int32_t MostAt(const Visits& visits, int32_t supply, int32_t half_day);

// Supply-proposing deferred acceptance over (supply, facility, half-day), by the orders of rule table 3. A supply
// prefers half-days as a nurse prefers openings; it takes the half-days of one opening in the order of the week.
// Half-days prefer skills beyond the required ones, then fewer metres, then the lot. The result is sorted by half-day,
// then by supply. Returns nothing if there are more than `most` possible visits.
std::optional<std::vector<Cover>> SolveVisits(const Visits& visits, size_t most);

// The standing of one supply at one half-day.
struct Standing {
  bool is_eligible = false;
  // True if the supply would send one more nurse, in addition to its visits or instead of one that it likes less. So if
  // it is eligible and sends fewer nurses than it has, others go before it.
  bool would_send = false;
};
// Returns, by supply, its standing at one half-day under the given covers. A cover with supply -1 belongs to no supply.
std::vector<Standing> StandingsAt(const Visits& visits, absl::Span<const Cover> covers, int32_t half_day);

// Returns what each supply would choose of the covers offered to it, regardless of the room in half-days and caps: the
// first of its list, within its limits. Each pair of a supply and a half-day must be offered at most once. Sorted by
// supply, then in the order of its list.
std::vector<Cover> ChoicesOf(const Visits& visits, absl::Span<const Cover> offered);

// The result of a round for one half-day.
struct VisitAccount {
  int32_t eligible = 0;        // eligible supplies
  int32_t would_send = 0;      // of these, the supplies that would send one more nurse
  BlockerCounts blocked = {};  // of the other supplies: what blocks them; kHalfDays: they have no nurse in that
                               // half-day
  int32_t wrong_kind = 0;      // supplies of a kind that the opening does not want
};
// Returns the accounts by half-day. Looks at every pair of a supply and a half-day once.
std::vector<VisitAccount> AccountsOf(const Visits& visits, absl::Span<const Cover> covers);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VISITS_H_
