#include "common/store/chain.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "common/base/digest.h"

namespace tsunagu::store {
namespace {

constexpr char kFormat = 1;
constexpr size_t kMostSuspects = 1000;  // looked at for having been moved

void AppendNumber(int64_t number, std::string& bytes) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift));
}

}  // namespace

std::string ChainStart(absl::string_view service) { return Sha256(absl::StrCat("tsunagu.journal.v1 ", service)); }

std::string SealHash(absl::string_view previous, int64_t place, int64_t known_time, absl::string_view content) {
  std::string bytes(1, kFormat);
  bytes.reserve(previous.size() + content.size() + 17);
  bytes.append(previous.data(), previous.size());
  AppendNumber(place, bytes);
  AppendNumber(known_time, bytes);
  bytes.append(content.data(), content.size());
  return Sha256(bytes);
}

ChainVerifier::ChainVerifier(absl::string_view service) : hash_(ChainStart(service)) {}

void ChainVerifier::Find(ChainFinding::Kind kind, const ChainLink& link) {
  findings_.push_back({kind, link.place, link.name, link.revision});
}

void ChainVerifier::CheckGap(const ChainLink& link) {
  // A place before the last one cannot come: they are read in order. Many missing in a row are one finding each, as
  // each was a change of somebody's record; a forged place far away must not make billions of them.
  const int64_t told = std::min<int64_t>(link.place - place_ - 1, 10'000);
  for (int64_t i = 1; i <= told; ++i) findings_.push_back({ChainFinding::Kind::kPlaceMissing, place_ + i, "", 0});
}

void ChainVerifier::CheckRevision(const ChainLink& link) {
  int64_t& last = revisions_[absl::Hash<absl::string_view>()(link.name)];
  if (link.revision != last + 1) Find(ChainFinding::Kind::kRevisionMissing, link);
  last = link.revision;
}

void ChainVerifier::Add(ChainLink link) {
  // Places begin at 1 and are read in order. What stands in front was put there, and the chain does not go through it.
  if (link.place <= place_) return Find(ChainFinding::Kind::kRowMoved, link);
  const bool gap = link.place != place_ + 1;
  if (gap) CheckGap(link);
  if (link.known_time < known_time_) Find(ChainFinding::Kind::kTimeReversed, link);
  known_time_ = std::max(known_time_, link.known_time);
  std::string next_recomputed;
  if (!link.has_row) {
    findings_.push_back({ChainFinding::Kind::kRowRemoved, link.place, link.name, 0});
  } else {
    CheckRevision(link);
    const std::string hash = SealHash(hash_, link.place, link.known_time, link.content);
    if (hash != link.hash) {
      // Was it the hash in front that was altered, and not this row?
      if (!recomputed_.empty() && SealHash(recomputed_, link.place, link.known_time, link.content) == link.hash) {
        ChainFinding& before = *std::find_if(findings_.rbegin(), findings_.rend(), [&](const ChainFinding& one) {
          return one.place == place_ && one.kind == ChainFinding::Kind::kRowChanged;
        });
        before.kind = ChainFinding::Kind::kSealChanged;
      } else if (!gap) {
        Find(ChainFinding::Kind::kRowChanged, link);
        next_recomputed = hash;
        if (suspects_.size() < kMostSuspects) suspects_.push_back({link, hash_});
      }
    }
  }
  place_ = link.place;
  recomputed_ = std::move(next_recomputed);
  hash_ = std::move(link.hash);
}

std::vector<ChainFinding> ChainVerifier::Finish() {
  for (const Suspect& there : suspects_) {
    const auto moved = std::find_if(suspects_.begin(), suspects_.end(), [&](const Suspect& row) {
      return SealHash(there.previous, there.link.place, there.link.known_time, row.link.content) == there.link.hash;
    });
    if (moved == suspects_.end()) continue;
    for (ChainFinding& finding : findings_) {
      if (finding.place == moved->link.place && finding.kind == ChainFinding::Kind::kRowChanged) {
        finding.kind = ChainFinding::Kind::kRowMoved;
      }
    }
  }
  std::stable_sort(findings_.begin(), findings_.end(),
                   [](const ChainFinding& a, const ChainFinding& b) { return a.place < b.place; });
  return std::move(findings_);
}

}  // namespace tsunagu::store
