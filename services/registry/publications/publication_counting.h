#ifndef TSUNAGU_SERVICES_REGISTRY_PUBLICATION_COUNTING_H_
#define TSUNAGU_SERVICES_REGISTRY_PUBLICATION_COUNTING_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/jp/civil_day.h"
#include "services/registry/publications/publication_tables.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu::registry {

inline constexpr char kActual[] = "ACTUAL", kPlanned[] = "PLANNED", kTrained[] = "TRAINED", kUntrained[] = "UNTRAINED";

// The indexes of the counts that a sum consists of.
using CountSum = std::vector<int>;
// Returns the value of a column for a body; nothing if it is unknown.
using SumOf = std::function<std::optional<CountSum>(const std::string& body)>;

// Counts for a publication, and the tables made of the counts. `tx` and `publication` must outlive this object.
class Counting {
 public:
  Counting(store::Tx& tx, const v1::Publication& publication)
      : tx_(tx), publication_(publication), day_(jp::DayOf(publication.as_of_date())) {}

  // Call this first: reads the municipalities and their groups.
  absl::Status ReadBodies();
  // Call this second: counts people by stage and training, each person once for a body and a stage.
  absl::Status CountPeople();

  // Returns the sum of these people of a body.
  CountSum PeopleOf(const std::string& body, const std::vector<std::string>& stages,
                    const std::vector<std::string>& trainings) const;
  // Adds a count; returns its index.
  int Count(const std::string& body, const std::string& what, const std::string& part, int64_t value);
  // As Count, but does nothing if the count of that name has this value already.
  void Recount(const std::string& body, const std::string& what, const std::string& part, int64_t value);
  int64_t ValueOf(const CountSum& sum) const;

  // Records that readers know that both sums are equal.
  void Equate(const CountSum& a, const CountSum& b);
  void AddTable(v1::Publication::Table which, const std::vector<std::pair<PublicationTable::Column, SumOf>>& columns);

  bool HasBody(const std::string& name) const;
  PublicationTables Done() { return std::move(done_); }

 private:
  // A group of bodies whose values are added up.
  struct Group {
    std::string place, label;
    std::vector<std::string> bodies;
  };

  absl::Status AddRegions();
  absl::Status AddKinds();
  int FigureOf(const Group& group, const SumOf& sum_of);

  store::Tx& tx_;
  const v1::Publication& publication_;
  const jp::CivilDay day_;
  std::vector<v1::Area> areas_;
  std::vector<Group> groups_;
  std::map<std::vector<std::string>, int> index_;  // indexes of counts, by body, what and part
  std::map<CountSum, int> figures_;
  PublicationTables done_;
};

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_PUBLICATION_COUNTING_H_
