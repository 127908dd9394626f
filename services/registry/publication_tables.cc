#include "services/registry/publication_tables.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/civil_day.h"
#include "common/records/records.h"
#include "services/registry/joint_groups.h"
#include "services/registry/rules/area.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/coordinator_training.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"
#include "tsunagu/registry/v1/region.pb.h"
#include "tsunagu/registry/v1/region_member.pb.h"
#include "tsunagu/registry/v1/survey_response.pb.h"

namespace tsunagu::registry {
namespace {

using records::Where;
using Form = v1::SurveyForm;
using Publication = v1::Publication;
using Response = v1::SurveyResponse;

constexpr char kActual[] = "ACTUAL", kPlanned[] = "PLANNED", kTrained[] = "TRAINED", kUntrained[] = "UNTRAINED";

// Indices of counts, whose sum something is.
using Sum = std::vector<int>;
// What a column says of a body; nothing where nobody has said anything.
using SumOf = std::function<std::optional<Sum>(const std::string& body)>;

// Some bodies that are summed up.
struct Group {
  std::string place, label;
  std::vector<std::string> bodies;
};

// Whether somebody is trained is read once.
class Trained {
 public:
  Trained(store::Tx& tx, jp::CivilDay day) : tx_(tx), day_(day) {}

  absl::StatusOr<bool> Is(const std::string& coordinator) {
    const auto known = known_.find(coordinator);
    if (known != known_.end()) return known->second;
    ASSIGN_OR_RETURN(const bool trained,
                     store::Records<v1::CoordinatorTraining>::All(tx_).Any(
                         Where::Under(coordinator) && Where("revoked", false) && Where::ActiveOn(day_)));
    known_[coordinator] = trained;
    return trained;
  }

 private:
  store::Tx& tx_;
  const jp::CivilDay day_;
  std::map<std::string, bool> known_;
};

class Counting {
 public:
  Counting(store::Tx& tx, const Publication& publication)
      : tx_(tx), publication_(publication), day_(jp::DayOf(publication.as_of_date())), trained_(tx, day_) {}

  absl::Status ReadBodies() {
    RETURN_IF_ERROR(store::Records<v1::Area>::All(tx_).ForEach(
        Where("parent", publication_.prefecture()) && Where::ActiveOn(day_), [&](v1::Area& area) {
          if (rules::IsMunicipality(area.kind())) areas_.push_back(std::move(area));
          return absl::OkStatus();
        }));
    for (const v1::Area& area : areas_) groups_.push_back({area.name(), area.display_name(), {area.name()}});
    const auto& wanted = publication_.groupings();
    if (std::count(wanted.begin(), wanted.end(), Publication::GROUPING_REGIONS) > 0) RETURN_IF_ERROR(AddRegions());
    if (std::count(wanted.begin(), wanted.end(), Publication::GROUPING_KINDS) > 0) AddKinds();
    ASSIGN_OR_RETURN(const v1::Area prefecture,
                     store::Records<v1::Area>::All(tx_).Get(publication_.prefecture()));
    Group all{prefecture.name(), prefecture.display_name(), {}};
    for (const v1::Area& area : areas_) all.bodies.push_back(area.name());
    groups_.push_back(std::move(all));
    return absl::OkStatus();
  }

  // People by stage and training, each once for a body and a stage.
  absl::Status CountPeople() {
    for (const v1::Area& area : areas_) {
      ASSIGN_OR_RETURN(std::vector<std::string> placing, JointGroupsOf(tx_, area.name(), day_));
      placing.push_back(area.name());
      std::map<std::string, std::set<std::string>> people;  // by stage
      for (const std::string& one : placing) {
        RETURN_IF_ERROR(store::Records<v1::Placement>::All(tx_).ForEach(
            Where("body", one) && Where::ActiveOn(day_), [&](const v1::Placement& placement) {
              people[placement.stage() == v1::PLACEMENT_STAGE_PLANNED ? kPlanned : kActual].insert(placement.coordinator());
              return absl::OkStatus();
            }));
      }
      for (const char* stage : {kActual, kPlanned}) {
        int64_t trained = 0;
        for (const std::string& person : people[stage]) {
          ASSIGN_OR_RETURN(const bool is_trained, trained_.Is(person));
          trained += is_trained ? 1 : 0;
        }
        Count(area.name(), stage, kTrained, trained);
        Count(area.name(), stage, kUntrained, static_cast<int64_t>(people[stage].size()) - trained);
      }
    }
    return absl::OkStatus();
  }

  // Those people of a body.
  Sum PeopleOf(const std::string& body, const std::vector<std::string>& stages,
               const std::vector<std::string>& trainings) const {
    Sum sum;
    for (const std::string& stage : stages) {
      for (const std::string& training : trainings) sum.push_back(index_.at({body, stage, training}));
    }
    return sum;
  }

  int Count(const std::string& body, const std::string& what, const std::string& part, int64_t value) {
    PublicationLedger::Count& count = *done.ledger.add_counts();
    count.set_body(body);
    count.set_what(what);
    count.set_part(part);
    count.set_value(value);
    return index_[{body, what, part}] = done.ledger.counts_size() - 1;
  }
  // The same count; another one where it was something else.
  void Recount(const std::string& body, const std::string& what, const std::string& part, int64_t value) {
    const auto known = index_.find({body, what, part});
    if (known == index_.end() || done.ledger.counts(known->second).value() != value) Count(body, what, part, value);
  }
  int64_t ValueOf(const Sum& sum) const {
    int64_t value = 0;
    for (const int count : sum) value += done.ledger.counts(count).value();
    return value;
  }

  // Everybody knows that both are the same.
  void Equate(const Sum& a, const Sum& b) {
    PublicationLedger::Figure& figure = *done.ledger.add_figures();
    figure.mutable_counts()->Add(a.begin(), a.end());
    figure.mutable_less()->Add(b.begin(), b.end());
  }

  void AddTable(Publication::Table which, std::vector<std::pair<PublicationTable::Column, SumOf>> columns) {
    PublicationTable table;
    table.table = which;
    for (const auto& [column, sum_of] : columns) table.columns.push_back(column);
    for (const Group& group : groups_) {
      PublicationTable::Row row{group.place, group.label, {}};
      for (const auto& [column, sum_of] : columns) row.figures.push_back(FigureOf(group, sum_of));
      table.rows.push_back(std::move(row));
    }
    done.tables.push_back(std::move(table));
  }

  const std::vector<v1::Area>& areas() const { return areas_; }
  PublicationTables done;

 private:
  absl::Status AddRegions() {
    std::set<std::string> bodies;
    for (const v1::Area& area : areas_) bodies.insert(area.name());
    return store::Records<v1::Region>::All(tx_).ForEach(
        Where("prefecture", publication_.prefecture()), [&](const v1::Region& region) -> absl::Status {
          Group group{region.name(), region.display_name(), {}};
          RETURN_IF_ERROR(store::Records<v1::RegionMember>::All(tx_).ForEach(
              Where("region", region.name()) && Where::ActiveOn(day_), [&](const v1::RegionMember& member) {
                if (bodies.count(member.area()) > 0) group.bodies.push_back(member.area());
                return absl::OkStatus();
              }));
          std::sort(group.bodies.begin(), group.bodies.end());
          if (!group.bodies.empty()) groups_.push_back(std::move(group));
          return absl::OkStatus();
        });
  }

  void AddKinds() {
    Group designated{"kinds/designated-city", "指定都市", {}}, city{"kinds/city", "市・特別区", {}},
        town{"kinds/town", "町村", {}};
    for (const v1::Area& area : areas_) {
      const bool is_town = area.kind() == v1::AREA_KIND_TOWN || area.kind() == v1::AREA_KIND_VILLAGE;
      (area.kind() == v1::AREA_KIND_DESIGNATED_CITY ? designated : is_town ? town : city).bodies.push_back(area.name());
    }
    for (Group& group : {std::ref(designated), std::ref(city), std::ref(town)}) {
      if (!group.bodies.empty()) groups_.push_back(std::move(group));
    }
  }

  int FigureOf(const Group& group, const SumOf& sum_of) {
    std::optional<Sum> all;
    for (const std::string& body : group.bodies) {
      const std::optional<Sum> sum = sum_of(body);
      if (!sum) continue;
      if (!all) all.emplace();
      all->insert(all->end(), sum->begin(), sum->end());
    }
    if (!all) return -1;
    std::sort(all->begin(), all->end());
    const auto [found, is_new] = figures_.emplace(*all, done.ledger.figures_size());
    if (is_new) done.ledger.add_figures()->mutable_counts()->Add(all->begin(), all->end());
    return found->second;
  }

  store::Tx& tx_;
  const Publication& publication_;
  const jp::CivilDay day_;
  Trained trained_;
  std::vector<v1::Area> areas_;
  std::vector<Group> groups_;
  std::map<std::vector<std::string>, int> index_;  // of counts
  std::map<Sum, int> figures_;
};

// The answers of all bodies, each as the sum of what is counted.
class Answers {
 public:
  Answers(const Form& form, const std::vector<PublicationLedger>& earlier, Counting& counting)
      : form_(form), earlier_(earlier), counting_(counting) {}

  void Add(const Response& response) {
    std::set<std::string> numbers;
    for (const Form::Item& item : form_.items()) {
      if (item.kind() == Form::KIND_NUMBER) numbers.insert(item.code());
    }
    values_[response.body()];
    for (const auto& answer : response.answers()) {
      int64_t value = 0;
      if (numbers.count(answer.item()) > 0 && absl::SimpleAtoi(answer.value(), &value)) {
        values_[response.body()][answer.item()] = value;
      }
    }
    FitPeople(response.body(), kActual, Form::INDICATOR_PERSONS, Form::INDICATOR_TRAINED_PERSONS);
    FitPeople(response.body(), kPlanned, Form::INDICATOR_PLANNED_PERSONS, Form::INDICATOR_UNSPECIFIED);
    for (const auto& item : form_.items()) Expand(response.body(), item.code());
  }

  std::optional<Sum> Of(const std::string& body, const std::string& item) const {
    const auto found = sums_.find({body, item});
    return found == sums_.end() ? std::nullopt : std::optional<Sum>(found->second);
  }

 private:
  std::optional<int64_t> AnswerTo(const std::string& body, Form::Indicator indicator) const {
    if (indicator == Form::INDICATOR_UNSPECIFIED) return std::nullopt;
    for (const Form::Item& item : form_.items()) {
      if (item.indicator() != indicator) continue;
      const auto value = values_.at(body).find(item.code());
      if (value != values_.at(body).end()) return value->second;
    }
    return std::nullopt;
  }

  // People of a stage as a body answers: as they are counted now, as an earlier publication has them, or else as they would
  // have to be.
  void FitPeople(const std::string& body, const char* stage, Form::Indicator all, Form::Indicator trained) {
    const std::optional<int64_t> said = AnswerTo(body, all), said_trained = AnswerTo(body, trained);
    const int64_t trained_now = counting_.ValueOf(counting_.PeopleOf(body, {stage}, {kTrained}));
    const int64_t untrained_now = counting_.ValueOf(counting_.PeopleOf(body, {stage}, {kUntrained}));
    std::vector<std::pair<int64_t, int64_t>> ways = {{trained_now, untrained_now}};
    for (const PublicationLedger& ledger : earlier_) {
      std::pair<int64_t, int64_t> way = {-1, -1};
      for (const PublicationLedger::Count& count : ledger.counts()) {
        if (count.body() == body && count.what() == stage) {
          (count.part() == kTrained ? way.first : way.second) = count.value();
        }
      }
      ways.push_back(way);
    }
    const int64_t fitting = said_trained.value_or(std::min(trained_now, said.value_or(trained_now)));
    ways.emplace_back(fitting, said ? *said - fitting : untrained_now);
    for (const auto& [is_trained, is_not] : ways) {
      if (is_trained < 0 || is_not < 0 || is_trained + is_not != said.value_or(is_trained + is_not) ||
          is_trained != said_trained.value_or(is_trained)) {
        continue;
      }
      counting_.Recount(body, stage, kTrained, is_trained);
      counting_.Recount(body, stage, kUntrained, is_not);
      return;
    }
  }

  // What an answer is the sum of: the parts of a total, what the registry counts, else it is a count itself.
  void Expand(const std::string& body, const std::string& code) {
    const auto value = values_[body].find(code);
    if (value == values_[body].end() || sums_.count({body, code}) > 0 || !expanding_.insert(code).second) return;
    std::vector<Sum> ways;
    for (const Form::Total& total : form_.totals()) {
      if (total.item() != code) continue;
      Sum parts;
      for (const std::string& part : total.parts()) {
        Expand(body, part);
        const std::optional<Sum> sum = Of(body, part);
        if (sum) parts.insert(parts.end(), sum->begin(), sum->end());
      }
      ways.push_back(std::move(parts));
    }
    for (const Form::Item& item : form_.items()) {
      if (item.code() == code) AddCounted(body, item.indicator(), ways);
    }
    expanding_.erase(code);
    ways.erase(std::remove_if(ways.begin(), ways.end(),
                              [&](const Sum& way) { return way.empty() || counting_.ValueOf(way) != value->second; }),
               ways.end());
    if (ways.empty()) ways.push_back({counting_.Count(body, form_.name(), code, value->second)});
    for (size_t i = 1; i < ways.size(); ++i) counting_.Equate(ways[0], ways[i]);
    sums_[{body, code}] = std::move(ways[0]);
  }

  void AddCounted(const std::string& body, Form::Indicator indicator, std::vector<Sum>& ways) const {
    if (indicator == Form::INDICATOR_PERSONS) ways.push_back(counting_.PeopleOf(body, {kActual}, {kTrained, kUntrained}));
    if (indicator == Form::INDICATOR_TRAINED_PERSONS) ways.push_back(counting_.PeopleOf(body, {kActual}, {kTrained}));
    if (indicator == Form::INDICATOR_PLANNED_PERSONS) ways.push_back(counting_.PeopleOf(body, {kPlanned}, {kTrained, kUntrained}));
  }

  const Form& form_;
  const std::vector<PublicationLedger>& earlier_;
  Counting& counting_;
  std::map<std::string, std::map<std::string, int64_t>> values_;  // by body, by item
  std::map<std::pair<std::string, std::string>, Sum> sums_;
  std::set<std::string> expanding_;
};

}  // namespace

absl::StatusOr<PublicationTables> CountPlaced(store::Tx& tx, const Publication& publication) {
  Counting counting(tx, publication);
  RETURN_IF_ERROR(counting.ReadBodies());
  RETURN_IF_ERROR(counting.CountPeople());
  using Names = std::vector<std::string>;
  const auto column = [&](PublicationTable::Column column, Names stages, Names trainings) {
    return std::pair<PublicationTable::Column, SumOf>(
        std::move(column), [&counting, stages = std::move(stages), trainings = std::move(trainings)](
                               const std::string& body) { return counting.PeopleOf(body, stages, trainings); });
  };
  const Names all = {kTrained, kUntrained};
  const auto actual = column({"actual", "実績", "in fact"}, {kActual}, all);
  const auto planned = column({"planned", "予定", "planned"}, {kPlanned}, all);
  const auto both = column({"total", "計", "total"}, {kActual, kPlanned}, all);
  const auto trained = column({"actual-trained", "実績（研修修了）", "in fact, trained"}, {kActual}, {kTrained});
  const auto untrained = column({"actual-untrained", "実績（研修未修了）", "in fact, not trained"}, {kActual}, {kUntrained});
  const auto planned_trained = column({"planned-trained", "予定（研修修了）", "planned, trained"}, {kPlanned}, {kTrained});
  const auto planned_untrained =
      column({"planned-untrained", "予定（研修未修了）", "planned, not trained"}, {kPlanned}, {kUntrained});
  const std::set<int> tables(publication.tables().begin(), publication.tables().end());
  for (const int table : tables) {
    if (table == Publication::TABLE_STAGES) {
      counting.AddTable(Publication::TABLE_STAGES, {actual, planned, both});
    } else if (table == Publication::TABLE_TRAININGS) {
      counting.AddTable(Publication::TABLE_TRAININGS, {trained, untrained, actual});
    } else if (table == Publication::TABLE_STAGES_AND_TRAININGS) {
      counting.AddTable(Publication::TABLE_STAGES_AND_TRAININGS,
                        {trained, untrained, actual, planned_trained, planned_untrained, planned, both});
    }
  }
  return std::move(counting.done);
}

absl::StatusOr<PublicationTables> CountAnswers(store::Tx& tx, const Publication& publication, const Form& form,
                                               const std::vector<PublicationLedger>& earlier) {
  Counting counting(tx, publication);
  RETURN_IF_ERROR(counting.ReadBodies());
  RETURN_IF_ERROR(counting.CountPeople());
  Answers answers(form, earlier, counting);
  std::set<std::string> bodies;
  for (const v1::Area& area : counting.areas()) bodies.insert(area.name());
  RETURN_IF_ERROR(store::Records<Response>::All(tx).ForEach(
      Where::Under(publication.survey_round()), [&](const Response& response) {
        if (response.state() == Response::STATE_ACCEPTED && bodies.count(response.body()) > 0) answers.Add(response);
        return absl::OkStatus();
      }));
  const std::set<std::string> wanted(publication.items().begin(), publication.items().end());
  std::vector<std::pair<PublicationTable::Column, SumOf>> columns;
  for (const Form::Item& item : form.items()) {
    if (item.kind() != Form::KIND_NUMBER || (!wanted.empty() && wanted.count(item.code()) == 0)) continue;
    columns.emplace_back(PublicationTable::Column{item.code(), item.label(), item.label()},
                         [&answers, code = item.code()](const std::string& body) { return answers.Of(body, code); });
  }
  counting.AddTable(Publication::TABLE_ANSWERS, std::move(columns));
  return std::move(counting.done);
}

}  // namespace tsunagu::registry
