#include "common/service/report_run.h"

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/access/read_places.h"
#include "common/base/quotient.h"
#include "common/records/parts.h"
#include "common/records/table.h"
#include "common/text/columns.h"
#include "tsunagu/options.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;
using google::protobuf::EnumValueDescriptor;

// Returns "designated_cities" for PLACEMENT_POPULATION_DESIGNATED_CITIES of PlacementPopulation.
std::string WordOf(const EnumValueDescriptor& value) { return absl::AsciiStrToLower(ShortName(value)); }

}  // namespace

v1::Label LabelOf(const std::string& ja, const std::string& en) {
  v1::Label label;
  label.set_ja(ja);
  label.set_en(en);
  return label;
}

absl::Status ReportRun::ReadKnown(absl::string_view name, google::protobuf::Message& record) const {
  store::Table& table = *view_.parts().FindTableOfType(contract::Schema::Of(record.GetDescriptor()).type());
  if (!moment_.known_place) return table.GetInto(view_, name, record);
  ASSIGN_OR_RETURN(const store::Record known, table.GetKnown(view_, name, *moment_.known_place));
  record.GetReflection()->Swap(&record, known.get());
  return absl::OkStatus();
}

absl::Status ReportRun::ReadPlaces() {
  if (places_) return absl::OkStatus();
  ASSIGN_OR_RETURN(places_, access::ReadPlaces(view_, moment_.known_place));
  return absl::OkStatus();
}

identity::Scope::Keys ReportRun::ReachOf(absl::string_view place) const {
  return places_->ReachOf(view_.parts().places().names(), place, *moment_.as_of);
}

absl::Status ReportRun::NarrowTo(const std::string& area) {
  store::Table* table = view_.parts().TableOfName(area);
  if (table == nullptr) {  // it belongs to another service: uses the present hierarchy of places
    identity::Scope::Keys reach = view_.parts().places().ReachOf(area, *moment_.as_of);
    if (reach.empty()) return FailAt("area", "REFERENCE_NOT_FOUND"_reason, {{"name", area}});
    area_ = identity::Scope::Of(std::move(reach));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string id, table->schema().IdOf(area));
  ASSIGN_OR_RETURN(const bool exists, table->Exists(view_, id));
  if (!exists) return FailAt("area", "REFERENCE_NOT_FOUND"_reason, {{"name", area}});
  RETURN_IF_ERROR(ReadPlaces());
  area_ = identity::Scope::Of(ReachOf(area));
  return absl::OkStatus();
}

bool ReportRun::is_narrowed() const { return !area_.everything() || !view_.scope().everything(); }

void ReportRun::AddGroup(Group group) {
  const auto [added, is_new] = groups_.try_emplace(group.name, group);
  if (!is_new) return;
  for (const std::string& key : ReachOf(group.name)) groups_by_key_[key].push_back(&added->second);
}

bool ReportRun::Covers(absl::string_view place) const {
  const std::vector<std::string> keys = view_.parts().places().KeysOf(place);
  return area_.Meets(keys) && view_.scope().Meets(keys);
}

std::vector<const Group*> ReportRun::GroupsAround(absl::string_view place) const {
  std::set<const Group*> around;
  for (const std::string& key : view_.parts().places().KeysOf(place)) {
    const auto found = groups_by_key_.find(key);
    if (found != groups_by_key_.end()) around.insert(found->second.begin(), found->second.end());
  }
  return {around.begin(), around.end()};
}

void ReportRun::Add(const Slice& slice, const EnumValueDescriptor& measure, Counted counted) {
  const MeasureRule& rule = measure.options().GetExtension(tsunagu::measure);
  v1::Figure& figure = figures.emplace_back();
  figure.set_population(WordOf(*slice.population));
  figure.set_measure(WordOf(measure));
  figure.set_key(absl::StrCat(figure.population(), "/", figure.measure()));
  if (slice.group != nullptr) {
    figure.set_group(slice.group->name);
    *figure.mutable_group_label() = LabelOf(slice.group->label, slice.group->label);
    figure.set_key(absl::StrCat(figure.group(), "/", figure.key()));
  }
  *figure.mutable_population_label() = LabelOf(slice.population->options().GetExtension(tsunagu::ja),
                                               absl::StrReplaceAll(figure.population(), {{"_", " "}}));
  *figure.mutable_measure_label() = LabelOf(rule.ja(), rule.en());
  *figure.mutable_unit() = LabelOf(rule.unit_ja(), rule.unit_en());
  figure.set_numerator(counted.numerator);
  figure.set_provenance(v1::PROVENANCE_ROWS);
  for (v1::Label& note : counted.notes) *figure.add_notes() = std::move(note);
  if (!counted.denominator) {
    figure.set_value(absl::StrCat(counted.numerator));
  } else {
    figure.set_denominator(*counted.denominator);
    figure.set_decimals(rule.decimals());
    if (*counted.denominator != 0) {
      figure.set_value(Quotient(counted.numerator * (rule.percent() ? 100 : 1), *counted.denominator, rule.decimals()));
    }
  }
  if (explains_) rows.emplace(figure.key(), std::move(counted.rows));
}

}  // namespace tsunagu
