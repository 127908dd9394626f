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

// The nurses of a snapshot for its first opening.
class NurseList {
 public:
  // Refers to the snapshot.
  NurseList(const v1::Snapshot& snapshot, int64_t seed);

  v1::CandidateCounts Counts() const;
  // How many could take it, or are kept from it by one thing.
  std::map<registry::v1::Licence, int32_t> WithinReachByLicence() const;
  // Those who could take it, as it takes them, at most `most`; of those who may be `named`, by their licences.
  void ListEligible(const std::set<registry::v1::Licence>& named, size_t most, CandidateRows& rows) const;
  // In the same order those whom one thing keeps from it.
  void ListNear(const std::set<registry::v1::Licence>& named, size_t most, CandidateRows& rows) const;

 private:
  template <typename Wanted>
  void List(const std::set<registry::v1::Licence>& named, const Wanted& wanted, size_t most, CandidateRows& rows) const;

  const v1::Snapshot& snapshot_;
  const rules::Instance instance_;
  std::vector<rules::Gap> gaps_;  // by nurse
};

// The openings of a snapshot for its first nurse.
class OpeningList {
 public:
  // Refers to the snapshot, whose openings are in the order of their names.
  explicit OpeningList(const v1::Snapshot& snapshot);

  v1::CandidateCounts Counts() const;
  // Those that she could take, as she would go, at most `most`; of those that may be `named`, by row of the snapshot.
  void ListEligible(const std::vector<bool>& named, size_t most, CandidateRows& rows) const;
  // Those that one thing keeps from her, the nearest first.
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
