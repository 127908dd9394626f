#ifndef TSUNAGU_SERVICES_MATCHING_CANDIDATE_LISTS_H_
#define TSUNAGU_SERVICES_MATCHING_CANDIDATE_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "google/protobuf/repeated_ptr_field.h"
#include "services/matching/rules/gap.h"
#include "services/matching/rules/instance.h"
#include "tsunagu/matching/v1/recommendation.pb.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {

using CandidateRows = google::protobuf::RepeatedPtrField<v1::Candidate>;

// The nurses of a snapshot, judged for its first opening.
class NurseList {
 public:
  // Keeps a reference to the snapshot, which must outlive this object.
  NurseList(const v1::Snapshot& snapshot, int64_t seed);

  v1::CandidateCounts Counts() const;
  // Counts the nurses who could take the opening, or are kept from it by one thing.
  std::map<registry::v1::Licence, int32_t> WithinReachByLicence() const;
  // Lists at most `most` nurses who could take the opening, in its order, of those whose licence is in `named`.
  void ListEligible(const std::set<registry::v1::Licence>& named, size_t most, CandidateRows& rows) const;
  // Lists, in the same order, the nurses whom one thing keeps from the opening.
  void ListNear(const std::set<registry::v1::Licence>& named, size_t most, CandidateRows& rows) const;

 private:
  template <typename Wanted>
  void List(const std::set<registry::v1::Licence>& named, const Wanted& wanted, size_t most, CandidateRows& rows) const;

  const v1::Snapshot& snapshot_;
  const rules::Instance instance_;
  std::vector<rules::Gap> gaps_;  // by nurse
};

// The openings of a snapshot, judged for its first nurse.
class OpeningList {
 public:
  // Keeps a reference to the snapshot, which must outlive this object, and whose openings must be ordered by name.
  explicit OpeningList(const v1::Snapshot& snapshot);

  v1::CandidateCounts Counts() const;
  // Lists at most `most` openings that she could take, in her order, of those that may be `named`, by row of the
  // snapshot.
  void ListEligible(const std::vector<bool>& named, size_t most, CandidateRows& rows) const;
  // Lists the openings that one thing keeps from her, the nearest first.
  void ListNear(const std::vector<bool>& named, size_t most, CandidateRows& rows) const;

 private:
  int64_t Metres(int32_t opening) const;
  void Add(const std::vector<int32_t>& openings, CandidateRows& rows) const;

  const v1::Snapshot& snapshot_;
  const rules::Instance instance_;
  std::vector<rules::Gap> gaps_;  // by opening
};

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_CANDIDATE_LISTS_H_
