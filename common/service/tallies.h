#ifndef TSUNAGU_COMMON_SERVICE_TALLIES_H_
#define TSUNAGU_COMMON_SERVICE_TALLIES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "common/service/report_run.h"
#include "common/service/tally.h"
#include "google/protobuf/descriptor.h"

namespace tsunagu {

// A tally for each population of a report, in total and in each group. Groups of which the report covers nothing are
// left out.
class Tallies {
 public:
  // `populations` is an enum of the contract. `run` has its groups already, and must outlive this object.
  Tallies(const ReportRun& run, const google::protobuf::EnumDescriptor* populations);

  // Adds a place to the population, whether or not something is there. Ignores a place that the report does not cover.
  // Add all places before the first thing. See Tally::AddPlace.
  void AddPlace(const Slice& population, const std::string& place, bool marked = false);
  // See Tally::Add. Ignored when the place belongs to no population.
  void Add(const std::string& place, const TallyRow& row);

  // Calls `each` for the total, then for every group by name.
  void ForEach(absl::FunctionRef<void(const Slice&, const Tally&)> each) const;

 private:
  std::vector<Tally>& Of(const std::string& group);

  const ReportRun& run_;
  std::vector<const google::protobuf::EnumValueDescriptor*> populations_;
  std::map<std::string, std::vector<Tally>> tallies_;  // by group, "" for the total; in the order of populations_
  struct At {
    Tally* tally;
    Tally::Place* place;
  };
  absl::flat_hash_map<std::string, std::vector<At>> at_;  // by place
  absl::flat_hash_map<std::string, int> numbers_;         // of things
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_TALLIES_H_
