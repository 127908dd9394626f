#ifndef TSUNAGU_SERVICES_MATCHING_LIVE_ROUND_H_
#define TSUNAGU_SERVICES_MATCHING_LIVE_ROUND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "google/protobuf/repeated_ptr_field.h"
#include "services/matching/events/roster.h"
#include "services/matching/market/events.h"
#include "services/matching/rules/instance.h"
#include "services/matching/rules/market.h"
#include "tsunagu/matching/v1/round_event.pb.h"

namespace tsunagu::matching {

// The matching of a round while its events are applied one by one. It starts with the result of the solved round.
class LiveRound {
 public:
  // `roster` must have taken every change that will be applied, must outlive this object, and must be of a round of
  // today's rules.
  LiveRound(const Roster& roster, int64_t seed);

  // Returns each nurse's present opening, by nurse of the roster; -1: none.
  const std::vector<int32_t>& assigned() const { return assigned_; }

  // Returns the event for the next change that the roster has taken, without the applier, the day and the digest. If
  // the change exceeds its budget of moves and does not allow a partial result, the moves are made all the same: see
  // moved_count.
  v1::RoundEvent Apply(const v1::RoundChange& change);
  // Returns whether the market's own verifier confirms what the last event states about the matching.
  bool IsAsTold(const v1::RoundEvent& event) const;

 private:
  struct Steps;
  void Perform(const v1::RoundChange& change, int32_t event, market::LiveMatching& matching, Steps& steps) const;
  void Drop(int32_t nurse, uint32_t licences, int32_t event, market::LiveMatching& matching, Steps& steps) const;
  std::string NameOf(int32_t opening) const { return opening < 0 ? "" : roster_.rows().openings(opening).name(); }
  void Tell(const Steps& steps, google::protobuf::RepeatedPtrField<v1::NurseMove>& rows) const;
  void TellPairs(v1::RoundEvent& event);

  const Roster& roster_;
  const rules::Instance instance_;
  const rules::DrawnMarket drawn_;
  const std::vector<int32_t> number_of_;  // by nurse of the roster: her number in the market
  const market::Caps caps_;
  market::LiveMatching matching_;
  std::vector<int32_t> assigned_;
  int32_t matched_count_ = 0;
  int32_t event_count_ = 0;
};

// Returns whether more nurses moved than the change allows, and the change does not allow a partial result.
bool IsOverBudget(const v1::RoundEvent& event);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_LIVE_ROUND_H_
