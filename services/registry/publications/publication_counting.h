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

// Indices of counts, whose sum something is.
using CountSum = std::vector<int>;
// What a column says of a body; nothing where nobody has said anything.
using SumOf = std::function<std::optional<CountSum>(const std::string& body)>;

// The counts of a publication, and its tables as they are made of them. `tx` and `publication` outlive it.
class Counting {
 public:
  Counting(store::Tx& tx, const v1::Publication& publication)
      : tx_(tx), publication_(publication), day_(jp::DayOf(publication.as_of_date())) {}

  // First: the municipalities, and what they are summed up by.
  absl::Status ReadBodies();
  // Then: people by stage and training, each once for a body and a stage.
  absl::Status CountPeople();

  // Those people of a body.
  CountSum PeopleOf(const std::string& body, const std::vector<std::string>& stages,
                    const std::vector<std::string>& trainings) const;
  // One count more; returns its index.
  int Count(const std::string& body, const std::string& what, const std::string& part, int64_t value);
  // The same count; another one where it was something else.
  void Recount(const std::string& body, const std::string& what, const std::string& part, int64_t value);
  int64_t ValueOf(const CountSum& sum) const;

  // Everybody knows that both are the same.
  void Equate(const CountSum& a, const CountSum& b);
  void AddTable(v1::Publication::Table which, const std::vector<std::pair<PublicationTable::Column, SumOf>>& columns);

  bool HasBody(const std::string& name) const;
  PublicationTables Done() { return std::move(done_); }

 private:
  // Some bodies that are summed up.
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
  std::map<std::vector<std::string>, int> index_;  // of counts, by body, what and part
  std::map<CountSum, int> figures_;
  PublicationTables done_;
};

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_PUBLICATION_COUNTING_H_
