#include "common/journal/follow_chain.h"

#include <map>
#include <utility>

#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

using Kind = ChainFinding::Kind;

// Returns the checkpoints of a chain by place. One that somebody else signed is a finding.
std::multimap<int64_t, Checkpoint> Genuine(absl::string_view name, const std::vector<Checkpoint>& all,
                                           absl::string_view public_key, ChainReport& report) {
  std::multimap<int64_t, Checkpoint> genuine;
  for (const Checkpoint& one : all) {
    if (one.service != name) continue;
    if (one.Verify() && (public_key.empty() || one.public_key == public_key)) {
      report.keys.insert(one.public_key);
      genuine.emplace(one.place, one);
    } else {
      report.findings.push_back({Kind::kCheckpointForged, one.place, "", 0});
    }
  }
  report.checkpoints = static_cast<int64_t>(genuine.size());
  return genuine;
}

}  // namespace

absl::StatusOr<ChainReport> FollowChain(const ChainSource& source, const std::vector<Checkpoint>& checkpoints,
                                        absl::string_view public_key) {
  ChainReport report;
  const auto genuine = Genuine(source.name, checkpoints, public_key, report);
  const JournalHead& head = source.head;
  ChainVerifier verifier = ChainVerifier::From(source.start);
  auto next = genuine.begin();
  bool head_seen = head.place == 0 && head.hash == verifier.hash();
  while (true) {
    ASSIGN_OR_RETURN(std::vector<ChainLink> links, source.read(verifier.place()));
    const bool last = links.size() < ChainSource::kPage;
    for (ChainLink& link : links) {
      // Settling advances the known time of the head without a row.
      head_seen |= link.place == head.place && link.hash == head.hash && link.known_time <= head.known_time;
      for (; next != genuine.end() && next->first <= link.place; ++next) {
        if (next->first == link.place && next->second.hash == link.hash) continue;
        report.findings.push_back({Kind::kCheckpointDiffers, next->first, "", 0});
      }
      ++report.sealed;
      verifier.Add(std::move(link));
    }
    if (source.progress) source.progress(verifier.place());
    if (last) break;
  }
  for (; next != genuine.end(); ++next) report.findings.push_back({Kind::kCheckpointDiffers, next->first, "", 0});
  for (ChainFinding& finding : verifier.Finish()) {
    head_seen |= finding.place == head.place;  // that place is reported already
    report.findings.push_back(std::move(finding));
  }
  if (!head_seen) report.findings.push_back({Kind::kHeadDiffers, head.place, "", 0});
  return report;
}

}  // namespace tsunagu::store
