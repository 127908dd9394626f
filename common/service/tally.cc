#include "common/service/tally.h"

#include <algorithm>

namespace tsunagu {
namespace {

platform::v1::FigureRow RowOf(const std::string& name, const std::string& counted_as, int64_t value) {
  platform::v1::FigureRow row;
  row.set_resource_name(name);
  if (counted_as != name) row.set_counted_as(counted_as);
  row.set_value(value);
  return row;
}

}  // namespace

Tally::Place& Tally::AddPlace(const std::string& place, bool marked) {
  Place& at = places_[place];
  at.is_marked = marked;
  return at;
}

void Tally::Add(Place& at, const TallyRow& row, int thing) {
  if (row.later) {
    at.is_later = true;
    if (later_.empty() || later_.back().first.name != row.name) later_.emplace_back(row, thing);
    return;
  }
  if (row.weight != 0) Weigh(row);
  if (at.things.empty()) ++occupied_;
  at.things.insert(thing);
  if (!row.shared) at.has_its_own = true;
  things_.insert(thing);
  if (row.marked) marked_.insert(thing);
  const bool is_kept = !rows_.empty() && rows_.back().name == row.name;
  if (keeps_rows_ && !is_kept) rows_.push_back(row);
}

void Tally::Weigh(const TallyRow& row) {
  if (row.shared) {
    if (last_shared_ == row.name) return;
    last_shared_ = row.name;
  }
  weight_ += row.weight;
}

Counted Tally::Places() const {
  Counted counted{static_cast<int64_t>(places_.size()), {}, {}, {}};
  if (!keeps_rows_) return counted;
  for (const auto& [place, at] : places_) counted.rows.push_back(RowOf(place, place, 1));
  return counted;
}

Counted Tally::Occupied() const { return {occupied_, {}, OccupiedRows(false), {}}; }

Counted Tally::OccupiedAlone() const { return OccupiedWhere(true); }

Counted Tally::OccupiedTogether() const { return OccupiedWhere(false); }

Counted Tally::OccupiedWhere(bool has_its_own) const {
  return PlacesWhere([&](const Place& at) { return !at.things.empty() && at.has_its_own == has_its_own; });
}

Counted Tally::MarkedPlaces() const {
  return PlacesWhere([](const Place& at) { return at.is_marked; });
}

Counted Tally::PlacesWhere(absl::FunctionRef<bool(const Place&)> fits) const {
  Counted counted;
  for (const auto& [place, at] : places_) {
    if (!fits(at)) continue;
    ++counted.numerator;
    if (keeps_rows_) counted.rows.push_back(RowOf(place, place, 1));
  }
  return counted;
}

Counted Tally::OccupiedShare() const {
  return {occupied_, static_cast<int64_t>(places_.size()), OccupiedRows(false), {}};
}

Counted Tally::Things() const {
  Counted counted{static_cast<int64_t>(things_.size()), {}, {}, {}};
  for (const TallyRow& row : rows_) counted.rows.push_back(RowOf(row.name, row.thing, 1));
  return counted;
}

Counted Tally::MarkedThings() const {
  Counted counted{static_cast<int64_t>(marked_.size()), {}, {}, {}};
  for (const TallyRow& row : rows_) {
    if (row.marked) counted.rows.push_back(RowOf(row.name, row.thing, 1));
  }
  return counted;
}

Counted Tally::MarkedShare() const {
  Counted counted = MarkedThings();
  counted.denominator = static_cast<int64_t>(things_.size());
  return counted;
}

Counted Tally::Mean() const { return {static_cast<int64_t>(things_.size()), occupied_, OccupiedRows(true), {}}; }

Counted Tally::MeanOfAll() const {
  return {static_cast<int64_t>(things_.size()), static_cast<int64_t>(places_.size()), OccupiedRows(true), {}};
}

Counted Tally::Weight() const {
  Counted counted{weight_, {}, {}, {}};
  for (const TallyRow& row : rows_) {
    if (row.weight != 0) counted.rows.push_back(RowOf(row.name, row.thing, row.weight));
  }
  return counted;
}

Counted Tally::LaterOccupied() const {
  return PlacesWhere([](const Place& at) { return at.is_later && at.things.empty(); });
}

Counted Tally::LaterThings() const {
  Counted counted;
  absl::flat_hash_set<int> seen;
  for (const auto& [row, thing] : later_) {
    if (things_.contains(thing)) continue;
    if (seen.insert(thing).second) ++counted.numerator;
    if (keeps_rows_) counted.rows.push_back(RowOf(row.name, row.thing, 1));
  }
  return counted;
}

Counted Tally::Median() const {
  std::vector<int64_t> sizes;
  for (const auto& [place, at] : places_) {
    if (!at.things.empty()) sizes.push_back(static_cast<int64_t>(at.things.size()));
  }
  std::sort(sizes.begin(), sizes.end());
  const size_t middle = sizes.size() / 2;
  if (sizes.empty()) return {0, 0, {}, {}};
  if (sizes.size() % 2 == 1) return {sizes[middle], 1, OccupiedRows(true), {}};
  return {sizes[middle - 1] + sizes[middle], 2, OccupiedRows(true), {}};
}

std::vector<platform::v1::FigureRow> Tally::OccupiedRows(bool with_number) const {
  std::vector<platform::v1::FigureRow> rows;
  if (!keeps_rows_) return rows;
  for (const auto& [place, at] : places_) {
    if (!at.things.empty())
      rows.push_back(RowOf(place, place, with_number ? static_cast<int64_t>(at.things.size()) : 1));
  }
  return rows;
}

}  // namespace tsunagu
