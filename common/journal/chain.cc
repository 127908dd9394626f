#include "common/journal/chain.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "common/base/digest.h"

namespace tsunagu::store {
namespace {

constexpr char kFormat = 1;
constexpr size_t kMostSuspects = 1000;  // that are checked for having been moved

void AppendNumber(int64_t number, std::string& bytes) {
  char big_end_first[8];
  for (int i = 0; i < 8; ++i) big_end_first[i] = static_cast<char>(number >> (56 - 8 * i));
  bytes.append(big_end_first, sizeof(big_end_first));
}

// Writes the length of a column; its bytes follow.
void AppendLength(uint32_t length, std::string& content) {
  const char big_end_first[4] = {static_cast<char>(length >> 24), static_cast<char>(length >> 16),
                                 static_cast<char>(length >> 8), static_cast<char>(length)};
  content.append(big_end_first, sizeof(big_end_first));
}

void AppendNull(std::string& content) { AppendLength(0xffffffff, content); }  // no text has this length

}  // namespace

void AppendColumn(int64_t number, std::string& content) {
  AppendLength(8, content);
  AppendNumber(number, content);
}

void AppendColumn(absl::string_view bytes, std::string& content) {
  AppendLength(static_cast<uint32_t>(bytes.size()), content);
  content.append(bytes.data(), bytes.size());
}

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

std::string RowContent(const Row& row, int first, absl::Span<const bool> integers) {
  std::string content;
  for (size_t i = 0; i < integers.size(); ++i) {
    const int column = first + static_cast<int>(i);
    if (row.IsNull(column)) {
      AppendNull(content);
    } else if (integers[i]) {
      AppendColumn(row.Integer(column), content);
    } else {
      AppendColumn(row.Bytes(column), content);
    }
  }
  return content;
}

std::string RowContent(absl::Span<const Value> columns) {
  std::string content;
  for (const Value& value : columns) {
    if (const auto* number = absl::get_if<int64_t>(&value)) {
      AppendColumn(*number, content);
    } else if (const auto* text = absl::get_if<absl::string_view>(&value)) {
      AppendColumn(*text, content);
    } else if (const auto* blob = absl::get_if<Blob>(&value)) {
      AppendColumn(blob->bytes, content);
    } else {
      AppendNull(content);
    }
  }
  return content;
}

ChainVerifier::ChainVerifier(absl::string_view service) : hash_(ChainStart(service)) {}

void ChainVerifier::Find(ChainFinding::Kind kind, const ChainLink& link) {
  findings_.push_back({kind, link.place, link.name, link.revision});
}

void ChainVerifier::CheckGap(const ChainLink& link) {
  // Places are read in order, so an earlier one cannot follow. Each of many missing places is one finding, because each
  // was a change of a record; a forged place far away must not make billions of findings.
  const int64_t told = std::min<int64_t>(link.place - place_ - 1, 10'000);
  for (int64_t i = 1; i <= told; ++i) findings_.push_back({ChainFinding::Kind::kPlaceMissing, place_ + i, "", 0});
  fault_ = link.place - 1;
}

void ChainVerifier::CheckTime(const ChainLink& link) {
  if (link.known_time < known_time_) Find(ChainFinding::Kind::kTimeReversed, link);
  known_time_ = link.known_time;
}

void ChainVerifier::CheckRevision(const ChainLink& link) {
  if (link.revision == 0) return;
  Revision& last = revisions_[absl::Hash<absl::string_view>()(link.name)];
  // A fault in between may be the missing revision.
  if (link.revision != last.number + 1 && fault_ <= last.place) Find(ChainFinding::Kind::kRevisionMissing, link);
  last = {link.revision, link.place};
}

bool ChainVerifier::Fits(const ChainLink& link) {
  const auto behind = [&](const std::string& previous) {
    return SealHash(previous, link.place, link.known_time, link.content) == link.hash;
  };
  if (behind(hash_)) return true;
  // Perhaps the hash before was changed, and not this row.
  if (recomputed_.empty() || !behind(recomputed_)) return false;
  FindingAt(place_, ChainFinding::Kind::kRowChanged)->kind = ChainFinding::Kind::kSealChanged;
  return true;
}

void ChainVerifier::Add(ChainLink link) {
  // Places begin at 1 and are read in order. A link before that was inserted, and is not part of the chain.
  if (link.place <= place_) return Find(ChainFinding::Kind::kRowMoved, link);
  const bool gap = link.place != place_ + 1;
  if (gap) CheckGap(link);
  std::string recomputed;
  if (!link.has_row) {
    findings_.push_back({ChainFinding::Kind::kRowRemoved, link.place, link.name, 0});
    fault_ = link.place;
  } else if (gap || Fits(link)) {  // after a gap the hash cannot be checked
    CheckTime(link);
    CheckRevision(link);
  } else {
    Find(ChainFinding::Kind::kRowChanged, link);
    fault_ = link.place;
    recomputed = SealHash(hash_, link.place, link.known_time, link.content);
    if (suspects_.size() < kMostSuspects) suspects_.push_back({link, hash_});
  }
  place_ = link.place;
  recomputed_ = std::move(recomputed);
  hash_ = std::move(link.hash);
}

ChainFinding* ChainVerifier::FindingAt(int64_t place, ChainFinding::Kind kind) {
  const auto found = std::find_if(findings_.rbegin(), findings_.rend(),
                                  [&](const ChainFinding& one) { return one.place == place && one.kind == kind; });
  return found == findings_.rend() ? nullptr : &*found;
}

void ChainVerifier::Mark(const Suspect& suspect, ChainFinding::Kind kind) {
  ChainFinding* finding = FindingAt(suspect.link.place, ChainFinding::Kind::kRowChanged);
  if (finding != nullptr) finding->kind = kind;
}

// Follows the chain again where it did not fit, with the hashes of the rows that belong there.
void ChainVerifier::FindMoved() {
  std::vector<int64_t> untouched;
  Suspect before;
  for (const Suspect& there : suspects_) {
    const int64_t place = there.link.place;
    const std::string previous = before.link.place == place - 1 ? before.link.hash : there.previous;
    const auto belongs = [&](const ChainLink& row, const ChainLink& seal) {
      return SealHash(previous, place, seal.known_time, row.content) == seal.hash;
    };
    before.link.place = place;
    before.link.hash = there.link.hash;
    if (belongs(there.link, there.link)) {
      untouched.push_back(place);  // it follows a moved one
      continue;
    }
    for (const Suspect& row : suspects_) {
      const bool with_seal = belongs(row.link, row.link);
      if (!with_seal && !belongs(row.link, there.link)) continue;
      Mark(row, ChainFinding::Kind::kRowMoved);
      if (with_seal) before.link.hash = row.link.hash;
      break;
    }
  }
  findings_.erase(std::remove_if(findings_.begin(), findings_.end(),
                                 [&](const ChainFinding& one) {
                                   return one.kind == ChainFinding::Kind::kRowChanged &&
                                          std::binary_search(untouched.begin(), untouched.end(), one.place);
                                 }),
                  findings_.end());
}

std::vector<ChainFinding> ChainVerifier::Finish() {
  FindMoved();
  std::stable_sort(findings_.begin(), findings_.end(),
                   [](const ChainFinding& a, const ChainFinding& b) { return a.place < b.place; });
  return std::move(findings_);
}

}  // namespace tsunagu::store
