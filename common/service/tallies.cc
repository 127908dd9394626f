#include "common/service/tallies.h"

#include <algorithm>

namespace tsunagu {

Tallies::Tallies(const ReportRun& run, const google::protobuf::EnumDescriptor* populations) : run_(run) {
  for (int i = 0; i < populations->value_count(); ++i) {
    if (populations->value(i)->number() != 0) populations_.push_back(populations->value(i));
  }
  Of("");
  for (const auto& [name, group] : run_.groups()) {
    if (run_.Covers(name)) Of(name);
  }
}

std::vector<Tally>& Tallies::Of(const std::string& group) {
  return tallies_.try_emplace(group, populations_.size(), Tally(run_.explains())).first->second;
}

void Tallies::AddPlace(const Slice& population, const std::string& place, bool marked) {
  if (!run_.Covers(place)) return;
  const auto nth = std::find(populations_.begin(), populations_.end(), population.population) - populations_.begin();
  std::vector<At>& at = at_[place];
  const auto add = [&](const std::string& group) {
    Tally& tally = Of(group)[nth];
    at.push_back({&tally, &tally.AddPlace(place, marked)});
  };
  add("");
  for (const Group* group : run_.GroupsAround(place)) add(group->name);
}

void Tallies::Add(const std::string& place, const TallyRow& row) {
  const auto found = at_.find(place);
  if (found == at_.end()) return;
  const int thing = numbers_.try_emplace(row.thing, static_cast<int>(numbers_.size())).first->second;
  for (const At& at : found->second) at.tally->Add(*at.place, row, thing);
}

void Tallies::ForEach(absl::FunctionRef<void(const Slice&, const Tally&)> each) const {
  for (const auto& [name, tallies] : tallies_) {
    const Group* group = name.empty() ? nullptr : &run_.groups().at(name);
    for (size_t i = 0; i < tallies.size(); ++i) each(Slice(populations_[i], group), tallies[i]);
  }
}

}  // namespace tsunagu
