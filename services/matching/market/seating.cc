#include "services/matching/market/seating.h"

#include <algorithm>

namespace tsunagu::matching::market {

Seating::Seating(const Market& market, const Caps& caps)
    : market_(market),
      index_(market),
      present_(market.nurse_count(), true),
      dropped_(market.choices.size(), false),
      sits_(market.choices.size(), false),
      openings_(market.posts.size()),
      caps_(caps, market.posts.size()) {
  ranks_.reserve(market.nurse_count());
  for (int32_t nurse = 0; nurse < market.nurse_count(); ++nurse) ranks_.push_back(choice_count(nurse));
  for (size_t opening = 0; opening < openings_.size(); ++opening) openings_[opening].posts = market.posts[opening];
}

int32_t Seating::RankOf(int32_t nurse, int32_t opening) const {
  int32_t rank = 0;
  while (rank < choice_count(nurse) && OpeningAt(nurse, rank) != opening) ++rank;
  return rank;
}

int32_t Seating::FirstWho(int32_t opening, int32_t index) const {
  const absl::Span<const OpeningIndex::Applicant> applicants = index_.Of(opening);
  const auto count = static_cast<int32_t>(applicants.size());
  for (; index < count; ++index) {
    const auto& [nurse, rank] = applicants[index];
    if (rank < ranks_[nurse] && present_[nurse] && !dropped_[market_.begin[nurse] + rank]) break;
  }
  return index;
}

void Seating::Seat(int32_t nurse, int32_t rank) {
  const int32_t from = opening(nurse);
  if (from >= 0) Leave(nurse);
  ranks_[nurse] = rank;
  const int32_t to = opening(nurse);
  moves_.push_back({nurse, from, to});
  if (to < 0) return;
  const int32_t index = index_.IndexOf(market_.begin[nurse] + rank);
  sits_[index_.begin(to) + index] = true;
  ++openings_[to].count;
  openings_[to].last = std::max(openings_[to].last, index);
  if (!caps_.empty()) caps_.Change(to, 1, LastKey(to) + 1);
}

void Seating::Leave(int32_t nurse) {
  const int32_t opening = this->opening(nurse);
  const size_t begin = index_.begin(opening);
  const int32_t index = index_.IndexOf(market_.begin[nurse] + ranks_[nurse]);
  sits_[begin + index] = false;
  --openings_[opening].count;
  int32_t& last = openings_[opening].last;
  while (last >= 0 && !sits_[begin + last]) --last;
  if (!caps_.empty()) caps_.Change(opening, -1, last < 0 ? 0 : LastKey(opening) + 1);
}

uint64_t Seating::LastKey(int32_t opening) const {
  if (last(opening) < 0) return 0;
  const auto& [nurse, rank] = ApplicantAt(opening, last(opening));
  return KeyOf(nurse, rank);
}

int32_t Seating::LastAround(int32_t opening) const {
  if (full(opening)) return last(opening) < 0 ? -1 : LastNurse(opening);
  const int32_t set = caps_.InnermostFull(opening);
  return set < 0 || caps_.limit(set) == 0 ? -1 : LastNurse(caps_.OpeningOfLast(set));
}

int32_t Seating::Behind(int32_t opening, uint64_t key) const {
  const absl::Span<const OpeningIndex::Applicant> applicants = index_.Of(opening);
  const auto at = std::partition_point(
      applicants.begin(), applicants.end(),
      [&](const OpeningIndex::Applicant& applicant) { return KeyOf(applicant.nurse, applicant.rank) <= key; });
  return static_cast<int32_t>(at - applicants.begin());
}

std::vector<Move> Seating::MovesSince(size_t since) const {
  std::vector<Move> moves(moves_.begin() + static_cast<std::ptrdiff_t>(since), moves_.end());
  std::stable_sort(moves.begin(), moves.end(), [](const Move& a, const Move& b) { return a.nurse < b.nurse; });
  size_t kept = 0;
  for (const Move& move : moves) {
    if (kept > 0 && moves[kept - 1].nurse == move.nurse) {
      moves[kept - 1].to = move.to;
    } else {
      moves[kept++] = move;
    }
  }
  moves.resize(kept);
  moves.erase(std::remove_if(moves.begin(), moves.end(), [](const Move& move) { return move.from == move.to; }),
              moves.end());
  return moves;
}

void Seating::Undo(size_t since) {
  for (size_t i = moves_.size(); i-- > since;) {
    const Move move = moves_[i];
    Seat(move.nurse, RankOf(move.nurse, move.from));
  }
  moves_.resize(since);
}

Market Seating::Now() const {
  Market now;
  for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) {
    for (size_t choice = market_.begin[nurse]; choice < market_.begin[nurse + 1]; ++choice) {
      if (present_[nurse] && !dropped_[choice]) now.choices.push_back(market_.choices[choice]);
    }
    now.begin.push_back(now.choices.size());
  }
  for (const Opening& opening : openings_) now.posts.push_back(opening.posts);
  return now;
}

Solution Seating::Result() const {
  Solution result;
  for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) result.assigned.push_back(opening(nurse));
  for (int32_t opening = 0; opening < market_.opening_count(); ++opening) {
    if (!full(opening) || last(opening) < 0) {
      result.cutoffs.of_opening.push_back(kNoCutoff);
      continue;
    }
    result.cutoffs.of_opening.push_back(LastKey(opening));
  }
  for (int32_t set = 0; set < caps_.set_count(); ++set) {
    const bool taken = caps_.count(set) > 0 && caps_.count(set) >= caps_.limit(set);
    result.cutoffs.of_set.push_back(taken ? caps_.LastKey(set) : kNoCutoff);
  }
  return result;
}

}  // namespace tsunagu::matching::market
