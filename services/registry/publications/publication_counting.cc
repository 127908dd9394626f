#include "services/registry/publications/publication_counting.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "services/registry/placements/body_counts.h"
#include "services/registry/rules/area.h"
#include "tsunagu/registry/v1/area_role.pb.h"
#include "tsunagu/registry/v1/region.pb.h"
#include "tsunagu/registry/v1/region_member.pb.h"

namespace tsunagu::registry {

using contract::Where;
using v1::Publication;

absl::Status Counting::ReadBodies() {
  RETURN_IF_ERROR(store::Records<v1::Area>::All(tx_).ForEach(
      Where("parent", publication_.prefecture()) && Where::ActiveOn(day_), [&](v1::Area& area) {
        if (rules::IsMunicipality(area.kind())) areas_.push_back(std::move(area));
        return absl::OkStatus();
      }));
  for (const v1::Area& area : areas_) groups_.push_back({area.name(), area.display_name(), {area.name()}});
  const auto& wanted = publication_.groupings();
  if (std::count(wanted.begin(), wanted.end(), Publication::GROUPING_REGIONS) > 0) RETURN_IF_ERROR(AddRegions());
  if (std::count(wanted.begin(), wanted.end(), Publication::GROUPING_KINDS) > 0) RETURN_IF_ERROR(AddKinds());
  ASSIGN_OR_RETURN(const v1::Area prefecture, store::Records<v1::Area>::All(tx_).Get(publication_.prefecture()));
  Group all{prefecture.name(), prefecture.display_name(), {}};
  for (const v1::Area& area : areas_) all.bodies.push_back(area.name());
  groups_.push_back(std::move(all));
  return absl::OkStatus();
}

absl::Status Counting::AddRegions() {
  return store::Records<v1::Region>::All(tx_).ForEach(
      Where("prefecture", publication_.prefecture()), [&](const v1::Region& region) -> absl::Status {
        Group group{region.name(), region.display_name(), {}};
        RETURN_IF_ERROR(store::Records<v1::RegionMember>::All(tx_).ForEach(
            Where("region", region.name()) && Where::ActiveOn(day_), [&](const v1::RegionMember& member) {
              if (HasBody(member.area())) group.bodies.push_back(member.area());
              return absl::OkStatus();
            }));
        std::sort(group.bodies.begin(), group.bodies.end());
        if (!group.bodies.empty()) groups_.push_back(std::move(group));
        return absl::OkStatus();
      });
}

absl::Status Counting::AddKinds() {
  std::set<std::string> designated_cities;
  RETURN_IF_ERROR(store::Records<v1::AreaRole>::All(tx_).ForEach(
      Where("role", v1::AREA_ROLE_KIND_DESIGNATED_CITY) && Where::ActiveOn(day_), [&](const v1::AreaRole& role) {
        designated_cities.insert(role.area());
        return absl::OkStatus();
      }));
  Group designated{"kinds/designated-city", "指定都市", {}}, city{"kinds/city", "市・特別区", {}},
      town{"kinds/town", "町村", {}};
  for (const v1::Area& area : areas_) {
    const bool is_town = area.kind() == v1::AREA_KIND_TOWN || area.kind() == v1::AREA_KIND_VILLAGE;
    Group& group = designated_cities.count(area.name()) > 0 ? designated : is_town ? town : city;
    group.bodies.push_back(area.name());
  }
  for (Group* group : {&designated, &city, &town}) {
    if (!group->bodies.empty()) groups_.push_back(std::move(*group));
  }
  return absl::OkStatus();
}

bool Counting::HasBody(const std::string& name) const {
  return std::any_of(areas_.begin(), areas_.end(), [&](const v1::Area& area) { return area.name() == name; });
}

absl::Status Counting::CountPeople() {
  for (const v1::Area& area : areas_) {
    ASSIGN_OR_RETURN(const rules::BodyCounts counts, CountsOf(tx_, area.name(), day_));
    for (const auto& [stage, people] : {std::pair(kActual, &counts.actual), std::pair(kPlanned, &counts.planned)}) {
      const auto trained = std::count_if(people->begin(), people->end(),
                                         [&](const auto& one) { return counts.trained.count(one.first) > 0; });
      Count(area.name(), stage, kTrained, trained);
      Count(area.name(), stage, kUntrained, static_cast<int64_t>(people->size()) - trained);
    }
  }
  return absl::OkStatus();
}

CountSum Counting::PeopleOf(const std::string& body, const std::vector<std::string>& stages,
                            const std::vector<std::string>& trainings) const {
  CountSum sum;
  for (const std::string& stage : stages) {
    for (const std::string& training : trainings) sum.push_back(index_.at({body, stage, training}));
  }
  return sum;
}

int Counting::Count(const std::string& body, const std::string& what, const std::string& part, int64_t value) {
  PublicationLedger::Count& count = *done_.ledger.add_counts();
  count.set_body(body);
  count.set_what(what);
  count.set_part(part);
  count.set_value(value);
  return index_[{body, what, part}] = done_.ledger.counts_size() - 1;
}

void Counting::Recount(const std::string& body, const std::string& what, const std::string& part, int64_t value) {
  const auto known = index_.find({body, what, part});
  if (known == index_.end() || done_.ledger.counts(known->second).value() != value) Count(body, what, part, value);
}

int64_t Counting::ValueOf(const CountSum& sum) const {
  int64_t value = 0;
  for (const int count : sum) value += done_.ledger.counts(count).value();
  return value;
}

void Counting::Equate(const CountSum& a, const CountSum& b) {
  PublicationLedger::Figure& figure = *done_.ledger.add_figures();
  figure.mutable_counts()->Add(a.begin(), a.end());
  figure.mutable_less()->Add(b.begin(), b.end());
}

void Counting::AddTable(Publication::Table which,
                        const std::vector<std::pair<PublicationTable::Column, SumOf>>& columns) {
  PublicationTable table;
  table.table = which;
  for (const auto& [column, sum_of] : columns) table.columns.push_back(column);
  for (const Group& group : groups_) {
    PublicationTable::Row row{group.place, group.label, {}};
    for (const auto& [column, sum_of] : columns) row.figures.push_back(FigureOf(group, sum_of));
    table.rows.push_back(std::move(row));
  }
  done_.tables.push_back(std::move(table));
}

int Counting::FigureOf(const Group& group, const SumOf& sum_of) {
  std::optional<CountSum> all;
  for (const std::string& body : group.bodies) {
    const std::optional<CountSum> sum = sum_of(body);
    if (!sum) continue;
    if (!all) all.emplace();
    all->insert(all->end(), sum->begin(), sum->end());
  }
  if (!all) return -1;
  std::sort(all->begin(), all->end());
  const auto [found, is_new] = figures_.emplace(*all, done_.ledger.figures_size());
  if (is_new) done_.ledger.add_figures()->mutable_counts()->Add(all->begin(), all->end());
  return found->second;
}

}  // namespace tsunagu::registry
