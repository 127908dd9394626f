#ifndef TSUNAGU_COMMON_SERVICE_TALLY_H_
#define TSUNAGU_COMMON_SERVICE_TALLY_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/types/optional.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu {

// A number, and the records behind it.
struct Counted {
  int64_t numerator = 0;
  absl::optional<int64_t> denominator;
  std::vector<platform::v1::FigureRow> rows;  // when requested
  std::vector<platform::v1::Label> notes;     // remarks for the reader
};

// States that a thing is at a place, such as a person at a body.
struct TallyRow {
  std::string name;  // of the record that states it
  std::string thing;
  bool marked = false;  // it also counts in the marked things
  bool shared = false;  // it is there for several places together: added once per place, in sequence
  bool later = false;   // it is in the future: counted separately, unless it is there already
  int64_t weight = 0;   // its part of the total weight
};

// Counts things at places within one population, such as people at bodies. A thing counts once in the population and
// once at each of its places, however often it is added. Things are identified by numbers.
class Tally {
 public:
  struct Place {
    absl::flat_hash_set<int> things;
    bool has_its_own = false;  // at least one thing is not shared
    bool is_later = false;     // a thing is in the future
    bool is_marked = false;
  };

  // `keeps_rows`: the numbers are returned with their rows.
  explicit Tally(bool keeps_rows) : keeps_rows_(keeps_rows) {}

  // Adds a place to the population, whether or not something is there. `marked`: it also counts in the marked places.
  // The reference is valid as long as the tally.
  Place& AddPlace(const std::string& place, bool marked);
  // `thing` is the number of the row's thing.
  void Add(Place& at, const TallyRow& row, int thing);

  Counted Places() const;
  Counted MarkedPlaces() const;
  // Places with at least one thing.
  Counted Occupied() const;
  // Occupied places with at least one thing that is not shared.
  Counted OccupiedAlone() const;
  // The other occupied places: all their things are shared.
  Counted OccupiedTogether() const;
  // Occupied places among all places.
  Counted OccupiedShare() const;
  Counted Things() const;
  Counted MarkedThings() const;
  // Marked things among all things.
  Counted MarkedShare() const;
  // Things per occupied place.
  Counted Mean() const;
  // Things per place, including places without things.
  Counted MeanOfAll() const;
  // The median number of things of the occupied places: the mean of the two middle ones for an even number.
  Counted Median() const;
  // The total weight of all rows; a shared row counts once.
  Counted Weight() const;
  // Places and things that are only in the future.
  Counted LaterOccupied() const;
  Counted LaterThings() const;

 private:
  // Returns the rows of the occupied places, each with its number of things, or with 1.
  std::vector<platform::v1::FigureRow> OccupiedRows(bool with_number) const;
  Counted OccupiedWhere(bool has_its_own) const;
  Counted PlacesWhere(absl::FunctionRef<bool(const Place&)> fits) const;
  void Weigh(const TallyRow& row);

  const bool keeps_rows_;
  std::map<std::string, Place> places_;
  absl::flat_hash_set<int> things_, marked_;
  std::vector<TallyRow> rows_;
  std::vector<std::pair<TallyRow, int>> later_;
  int64_t occupied_ = 0, weight_ = 0;
  std::string last_shared_;  // the last shared row that was weighed
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_TALLY_H_
