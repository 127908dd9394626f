#include "services/registry/publications/publication_tables.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "services/registry/publications/publication_counting.h"
#include "tsunagu/registry/v1/survey_response.pb.h"

namespace tsunagu::registry {
namespace {

using contract::Where;
using Form = v1::SurveyForm;
using Publication = v1::Publication;
using Response = v1::SurveyResponse;

// The answers of all bodies, each as a sum of counts.
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

  std::optional<CountSum> Of(const std::string& body, const std::string& item) const {
    const auto found = sums_.find({body, item});
    return found == sums_.end() ? std::nullopt : std::optional<CountSum>(found->second);
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

  // Sets the people of a stage so that they agree with a body's answer: as counted now, as in an earlier publication,
  // or else as the answer requires.
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

  // Expands an answer into its sum: the parts of a total, or what the registry counts; otherwise it is a count itself.
  void Expand(const std::string& body, const std::string& code) {
    const auto value = values_[body].find(code);
    if (value == values_[body].end() || sums_.count({body, code}) > 0 || !expanding_.insert(code).second) return;
    std::vector<CountSum> ways;
    for (const Form::Total& total : form_.totals()) {
      if (total.item() != code) continue;
      CountSum parts;
      for (const std::string& part : total.parts()) {
        Expand(body, part);
        const std::optional<CountSum> sum = Of(body, part);
        if (sum) parts.insert(parts.end(), sum->begin(), sum->end());
      }
      ways.push_back(std::move(parts));
    }
    for (const Form::Item& item : form_.items()) {
      if (item.code() == code) AddCounted(body, item.indicator(), ways);
    }
    expanding_.erase(code);
    ways.erase(
        std::remove_if(ways.begin(), ways.end(),
                       [&](const CountSum& way) { return way.empty() || counting_.ValueOf(way) != value->second; }),
        ways.end());
    if (ways.empty()) ways.push_back({counting_.Count(body, form_.name(), code, value->second)});
    for (size_t i = 1; i < ways.size(); ++i) counting_.Equate(ways[0], ways[i]);
    sums_[{body, code}] = std::move(ways[0]);
  }

  void AddCounted(const std::string& body, Form::Indicator indicator, std::vector<CountSum>& ways) const {
    if (indicator == Form::INDICATOR_PERSONS)
      ways.push_back(counting_.PeopleOf(body, {kActual}, {kTrained, kUntrained}));
    if (indicator == Form::INDICATOR_TRAINED_PERSONS) ways.push_back(counting_.PeopleOf(body, {kActual}, {kTrained}));
    if (indicator == Form::INDICATOR_PLANNED_PERSONS)
      ways.push_back(counting_.PeopleOf(body, {kPlanned}, {kTrained, kUntrained}));
  }

  const Form& form_;
  const std::vector<PublicationLedger>& earlier_;
  Counting& counting_;
  std::map<std::string, std::map<std::string, int64_t>> values_;  // by body, by item
  std::map<std::pair<std::string, std::string>, CountSum> sums_;
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
  const auto untrained =
      column({"actual-untrained", "実績（研修未修了）", "in fact, not trained"}, {kActual}, {kUntrained});
  const auto planned_trained =
      column({"planned-trained", "予定（研修修了）", "planned, trained"}, {kPlanned}, {kTrained});
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
  return counting.Done();
}

absl::StatusOr<PublicationTables> CountAnswers(store::Tx& tx, const Publication& publication, const Form& form,
                                               const std::vector<PublicationLedger>& earlier) {
  Counting counting(tx, publication);
  RETURN_IF_ERROR(counting.ReadBodies());
  RETURN_IF_ERROR(counting.CountPeople());
  Answers answers(form, earlier, counting);
  RETURN_IF_ERROR(store::Records<Response>::All(tx).ForEach(
      Where::Under(publication.survey_round()), [&](const Response& response) {
        if (response.state() == Response::STATE_ACCEPTED && counting.HasBody(response.body())) answers.Add(response);
        return absl::OkStatus();
      }));
  const std::set<std::string> wanted(publication.items().begin(), publication.items().end());
  std::vector<std::pair<PublicationTable::Column, SumOf>> columns;
  for (const Form::Item& item : form.items()) {
    if (item.kind() != Form::KIND_NUMBER || (!wanted.empty() && wanted.count(item.code()) == 0)) continue;
    columns.emplace_back(PublicationTable::Column{item.code(), item.label(), item.label()},
                         [&answers, code = item.code()](const std::string& body) { return answers.Of(body, code); });
  }
  counting.AddTable(Publication::TABLE_ANSWERS, columns);
  return counting.Done();
}

}  // namespace tsunagu::registry
