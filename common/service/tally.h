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

// A number with the records behind it.
struct Counted {
  int64_t numerator = 0;
  absl::optional<int64_t> denominator;
  std::vector<platform::v1::FigureRow> rows;  // where they are wanted
  std::vector<platform::v1::Label> notes;     // what to know when reading it
};

// Says that a thing is at a place: somebody at a body.
struct TallyRow {
  std::string name;  // of the record that says so
  std::string thing;
  bool marked = false;  // it is one of the things that are counted apart
  bool shared = false;  // it is there for several places together, and added for each, one after the other
  bool later = false;   // it is to come: it counts apart, where it is not there already
  int64_t weight = 0;   // what it adds to the whole weight
};

// Counts things at places within one population: people at bodies. A thing counts once in the population and once at
// each of its places, however often it is added. Things go by numbers: the same for the same thing.
class Tally {
 public:
  struct Place {
    absl::flat_hash_set<int> things;
    bool has_its_own = false;  // one of them is not shared
    bool is_later = false;     // something is to come
    bool is_marked = false;
  };

  // `keeps_rows`: the numbers come with their rows.
  explicit Tally(bool keeps_rows) : keeps_rows_(keeps_rows) {}

  // Of the population, whether something is there or not. `marked`: it is one of the places that are counted apart.
  // It stays where it is as long as the tally does.
  Place& AddPlace(const std::string& place, bool marked);
  // `thing` is the number of the row's.
  void Add(Place& at, const TallyRow& row, int thing);

  Counted Places() const;
  Counted MarkedPlaces() const;
  // Places at which something is.
  Counted Occupied() const;
  // Those of them at which something is for them alone.
  Counted OccupiedAlone() const;
  // The others: all that is there is shared.
  Counted OccupiedTogether() const;
  // Occupied places, of all.
  Counted OccupiedShare() const;
  Counted Things() const;
  Counted MarkedThings() const;
  // Marked things, of all.
  Counted MarkedShare() const;
  // Things for one occupied place.
  Counted Mean() const;
  // Things for one place, whether or not something is there.
  Counted MeanOfAll() const;
  // The occupied place in the middle, by its number of things: of two in the middle, their mean.
  Counted Median() const;
  // Of all rows, that of a shared one once.
  Counted Weight() const;
  // Places at which something is only to come, and things that only are.
  Counted LaterOccupied() const;
  Counted LaterThings() const;

 private:
  // Of the occupied places, each with its number of things, or with 1.
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
  std::string last_shared_;  // the newest row that was weighed for several places
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_TALLY_H_
