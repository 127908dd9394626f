#include "services/matching/mediation/promises.h"

#include <vector>

#include "common/base/status_macros.h"
#include "common/jp/period.h"
#include "common/records/records.h"
#include "services/matching/rules/proposal.h"
#include "tsunagu/matching/v1/proposal.pb.h"

namespace tsunagu::matching {

absl::StatusOr<Promises> ReadPromises(store::View& view, jp::CivilDay day) {
  using contract::Where;
  using v1::Proposal;
  Promises promises;
  std::map<std::string, std::vector<jp::Period>> held;
  const Where holding = Where("state", Proposal::STATE_OFFERED) || Where("state", Proposal::STATE_ACCEPTED) ||
                        Where("state", Proposal::STATE_STARTED) || Where("state", Proposal::STATE_LEFT);
  RETURN_IF_ERROR(store::Records<Proposal>::All(view).ForEach(holding, [&](const Proposal& proposal) {
    const auto days = rules::DaysHeld(proposal, view.Today());
    if (days) held[proposal.opening()].push_back(*days);
    if (proposal.state() == Proposal::STATE_ACCEPTED) promises.nurses.insert(proposal.nurse());
    return absl::OkStatus();
  }));
  for (const auto& [opening, periods] : held) {
    promises.posts[opening] = rules::MostAtOnce(periods, {day, jp::kLastDay});
  }
  return promises;
}

}  // namespace tsunagu::matching
