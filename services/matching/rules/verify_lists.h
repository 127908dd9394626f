#ifndef TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_LISTS_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "services/matching/rules/instance.h"

namespace tsunagu::matching::rules {

// A second implementation of eligibility and of nurses' lists, for the verifiers. It shares no code with eligibility,
// candidates, priorities and markets.

// Returns whether this file implements the rule table.
bool KnowsTable(int rule_table);

// Returns the metres of her way: the straight line times the road factor; half a metre is rounded up. The result is
// below 2^20, the space that orders have for metres.
int64_t LengthOf(const Nurse& nurse, const Opening& opening);

// An opening that a nurse accepts, and the length of the way to it.
struct Listed {
  int32_t opening = -1;
  int64_t metres = 0;
};

// Reads the lists of nurses, one after the other.
class ListReader {
 public:
  // Farther than any way.
  static constexpr int64_t kAnyMetres = int64_t{1} << 40;

  // Keeps a reference to the instance, which must outlive this object. KnowsTable(rule_table) must be true.
  ListReader(const Instance& instance, int rule_table);

  // Returns the openings that she accepts, in her order: her wishes, then by distance, then by name. Valid until the
  // next list is read.
  const std::vector<Listed>& Read(const Nurse& nurse);
  // As Read, but all openings other than her wishes are in unspecified order, and only those at most `most_metres` away
  // are included; if the table cuts lists, the whole list is built first. Skips openings that are farther away, which
  // makes it faster.
  const std::vector<Listed>& ReadUnordered(const Nurse& nurse, int64_t most_metres);
  size_t wish_count() const { return wish_count_; }
  // Orders two openings that she does not wish for.
  bool ComesBefore(const Listed& a, const Listed& b) const {
    return a.metres != b.metres ? a.metres < b.metres : openings_[a.opening].name < openings_[b.opening].name;
  }
  // Returns the length of the way to an opening that she may take, whether or not it is on her list; -1: she may not
  // take it.
  int64_t WayTo(const Nurse& nurse, int32_t opening);

 private:
  struct Placed {
    Opening opening;  // a copy, so that neighbours on the ground are neighbours in memory
    int32_t index = -1;
  };

  // Fills minutes_ for this nurse: the minutes that replace metres, by site.
  void SpreadMinutes(const Nurse& nurse);
  int64_t WayTo(const Nurse& nurse, const Opening& opening) const;
  // Adds the openings that are not her wishes and are at most `most_metres` away.
  void AddOthers(const Nurse& nurse, int64_t most_metres);
  void AddOther(const Nurse& nurse, const Placed& other, int64_t most_metres);

  const std::vector<Opening>& openings_;
  const int rule_table_;
  std::vector<Placed> placed_;  // from south to north
  const Nurse* minutes_of_ = nullptr;
  bool has_minutes_ = false;      // whether minutes_ has a value other than 0
  std::vector<int32_t> minutes_;  // by site
  std::vector<Listed> list_;
  size_t wish_count_ = 0;
  std::vector<bool> wished_;  // by opening
};

// Returns, by nurse, her lot: the first eight bytes of the digest as a string, which compares like the number.
std::vector<std::string> LotsOf(const Instance& instance);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_VERIFY_LISTS_H_
