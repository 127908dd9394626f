#ifndef TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_LISTS_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// Who may take what, read again for those who verify: no code is shared with eligibility, candidates, priorities and markets.

// Whether this is one of the rule tables that are read here.
bool KnowsTable(int rule_table);

// Metres of her way: the straight line times the road factor, half a metre rounded up. Orders have room for 2^20 metres.
int64_t LengthOf(const Nurse& nurse, const Opening& opening);

// An opening that a nurse accepts, and how far it is.
struct Listed {
  int32_t opening = -1;
  int64_t metres = 0;
};

// The lists of nurses, one after the other. Looks at every opening for each nurse.
class ListReader {
 public:
  // Keeps a reference to the instance, which must outlive it. The table is known.
  ListReader(const Instance& instance, int rule_table);

  // What she accepts, in her order: her wishes, then the nearer ones first, then by name. Valid until the next is read.
  const std::vector<Listed>& Read(const Nurse& nurse);
  // The same with all but her wishes in no order, which is faster.
  const std::vector<Listed>& ReadUnordered(const Nurse& nurse);
  size_t wish_count() const { return wish_count_; }
  // The order of two that she does not wish for.
  bool ComesBefore(const Listed& a, const Listed& b) const {
    return a.metres != b.metres ? a.metres < b.metres : openings_[a.opening].name < openings_[b.opening].name;
  }
  // Whether she whose list was read last may take the opening, be it on her list or not.
  bool IsEligible(int32_t opening) const { return metres_[opening] >= 0; }

 private:
  // Leaves in minutes_ what counts instead of metres.
  void SpreadMinutes(const Nurse& nurse);

  const std::vector<Opening>& openings_;
  const int rule_table_;
  std::vector<int32_t> minutes_;  // by site
  std::vector<Listed> list_;
  size_t wish_count_ = 0;
  std::vector<int64_t> metres_;  // by opening; -1: she may not take it
  std::vector<bool> wished_;     // by opening
};

// By nurse her lot: the first eight bytes of the digest, as text, which compare like the number they are.
std::vector<std::string> LotsOf(const Instance& instance);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_LISTS_H_
