#ifndef TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_LISTS_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// Who may take what, read again for those who verify: no code is shared with eligibility, candidates, priorities and
// markets.

// Whether this is one of the rule tables that are read here.
bool KnowsTable(int rule_table);

// Metres of her way: the straight line times the road factor, half a metre rounded up. Orders have room for 2^20
// metres.
int64_t LengthOf(const Nurse& nurse, const Opening& opening);

// An opening that a nurse accepts, and how far it is.
struct Listed {
  int32_t opening = -1;
  int64_t metres = 0;
};

// The lists of nurses, one after the other.
class ListReader {
 public:
  // Farther than any way.
  static constexpr int64_t kAnyMetres = int64_t{1} << 40;

  // Keeps a reference to the instance, which must outlive it. The table is known.
  ListReader(const Instance& instance, int rule_table);

  // What she accepts, in her order: her wishes, then the nearer ones first, then by name. Valid until the next is read.
  const std::vector<Listed>& Read(const Nurse& nurse);
  // The same with all but her wishes in no order, and of those only the ones that are no farther than `most_metres`;
  // where the table cuts lists, that takes the whole one first. Looks at no opening that lies farther away, and is
  // faster by as much.
  const std::vector<Listed>& ReadUnordered(const Nurse& nurse, int64_t most_metres);
  size_t wish_count() const { return wish_count_; }
  // The order of two that she does not wish for.
  bool ComesBefore(const Listed& a, const Listed& b) const {
    return a.metres != b.metres ? a.metres < b.metres : openings_[a.opening].name < openings_[b.opening].name;
  }
  // How far it is to an opening that she may take, be it on her list or not; -1: she may not.
  int64_t WayTo(const Nurse& nurse, int32_t opening);

 private:
  struct Placed {
    Opening opening;  // a copy: neighbours on the ground are neighbours in memory
    int32_t index = -1;
  };

  // Leaves in minutes_ what counts instead of metres, for her from now on.
  void SpreadMinutes(const Nurse& nurse);
  int64_t WayTo(const Nurse& nurse, const Opening& opening) const;
  // Adds what is no wish of hers and no farther than `most_metres`.
  void AddOthers(const Nurse& nurse, int64_t most_metres);
  void AddOther(const Nurse& nurse, const Placed& other, int64_t most_metres);

  const std::vector<Opening>& openings_;
  const int rule_table_;
  std::vector<Placed> placed_;  // from south to north
  const Nurse* minutes_of_ = nullptr;
  bool has_minutes_ = false;      // not only zeros in
  std::vector<int32_t> minutes_;  // by site
  std::vector<Listed> list_;
  size_t wish_count_ = 0;
  std::vector<bool> wished_;  // by opening
};

// By nurse her lot: the first eight bytes of the digest, as text, which compare like the number they are.
std::vector<std::string> LotsOf(const Instance& instance);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_LISTS_H_
