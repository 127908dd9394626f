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

// The matching of a round while its events come in, one after the other. It begins as the round was solved.
class LiveRound {
 public:
  // `roster` has taken every change that will be applied, outlives it, and is of a round of the rules of today.
  LiveRound(const Roster& roster, int64_t seed);

  // Who has which opening now, by nurse of the roster; -1: none.
  const std::vector<int32_t>& assigned() const { return assigned_; }

  // What comes of the next change of those that the roster has taken: everything but who applied it, when, and the
  // digest. Where it would move more than it may and is not to stop there, it moves them all the same: see moved_count.
  v1::RoundEvent Apply(const v1::RoundChange& change);
  // Whether the market's own verifier says of the matching what the last event does.
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

// Whether more have moved than the change allows, and it is not to stop there.
bool IsOverBudget(const v1::RoundEvent& event);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_LIVE_ROUND_H_
