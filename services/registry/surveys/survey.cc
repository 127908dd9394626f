#include "services/registry/surveys/survey.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/contract/schema.h"
#include "common/records/rule.h"
#include "common/service/due.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "services/registry/placements/body_counts.h"
#include "services/registry/rules/area.h"
#include "services/registry/rules/survey.h"
#include "services/registry/surveys/survey_files.h"
#include "tsunagu/options.pb.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/area_role.pb.h"
#include "tsunagu/registry/v1/survey_round.pb.h"

namespace tsunagu::registry {
namespace {

using contract::Where;
using Form = v1::SurveyForm;
using Response = v1::SurveyResponse;
using Round = v1::SurveyRound;

// Protects whether a survey uses a form.
absl::Status GuardForm(store::Tx& tx, const std::string& form) { return tx.Guard("surveys by form", form); }
// Protects whether a round is locked. A writer that changes one of its responses locks it too.
absl::Status GuardRound(store::Tx& tx, const std::string& round) { return tx.Guard("survey round", round); }

bool Same(const google::protobuf::Message& a, const google::protobuf::Message& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

google::protobuf::Timestamp StampOf(store::Tx& tx) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(tx.Stamp());
}

absl::Status DecideForm(const store::Decision<Form>& decision) {
  rules::CheckForm(decision.after(), decision.faults());
  if (decision.before() == nullptr) return absl::OkStatus();
  RETURN_IF_ERROR(GuardForm(decision.tx(), decision.after().name()));
  ASSIGN_OR_RETURN(const bool used, decision.all<Round>().Any(Where("form", decision.after().name())));
  return used ? Fail("SURVEY_FORM_IN_USE"_reason) : absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> BodiesOf(store::Tx& tx, const std::string& prefecture, jp::CivilDay day) {
  std::vector<std::string> bodies;
  RETURN_IF_ERROR(store::Records<v1::Area>::All(tx).ForEach(Where("parent", prefecture) && Where::ActiveOn(day),
                                                            [&](const v1::Area& area) {
                                                              if (rules::IsMunicipality(area.kind()))
                                                                bodies.push_back(area.name());
                                                              return absl::OkStatus();
                                                            }));
  return bodies;
}

absl::StatusOr<bool> AnswersDirectly(store::Tx& tx, const std::string& body, jp::CivilDay day) {
  return store::Records<v1::AreaRole>::All(tx).Any(
      Where("area", body) && Where("role", v1::AREA_ROLE_KIND_DIRECT_ANSWERER) && Where::ActiveOn(day));
}

// Creates a response for each body, with the known values.
absl::Status Ask(store::Tx& tx, const Round& round, const std::vector<std::string>& bodies) {
  ASSIGN_OR_RETURN(const Form form, store::Records<Form>::All(tx).Get(round.form()));
  const std::string id = contract::OwnId(round.name());
  for (const std::string& body : bodies) {
    Response response;
    response.set_body(body);
    response.set_state(Response::STATE_DRAFT);
    response.set_form(round.form());
    *response.mutable_as_of_date() = round.as_of_date();
    *response.mutable_due_date() = round.due_date();
    ASSIGN_OR_RETURN(const rules::BodyCounts counts, CountsOf(tx, body, jp::DayOf(round.as_of_date())));
    rules::Complete(form, counts, true, response);
    ASSIGN_OR_RETURN(const bool directly, AnswersDirectly(tx, body, jp::DayOf(round.as_of_date())));
    response.set_answers_directly(directly);
    RETURN_IF_ERROR(store::Records<Response>::Insert(tx, absl::StrCat(id, "/", contract::OwnId(body)), response));
  }
  return absl::OkStatus();
}

absl::Status TellDueDate(store::Tx& tx, const Round& round) {
  std::vector<Response> responses;
  RETURN_IF_ERROR(store::Records<Response>::All(tx).ForEach(Where::Under(round.name()), [&](Response& response) {
    responses.push_back(std::move(response));
    return absl::OkStatus();
  }));
  for (const Response& before : responses) {
    Response after = before;
    *after.mutable_due_date() = round.due_date();
    RETURN_IF_ERROR(store::Records<Response>::Update(tx, before, after));
  }
  return absl::OkStatus();
}

absl::Status DecideRound(const store::Decision<Round>& decision) {
  const Round& round = decision.after();
  if (!jp::CheckDate(round.as_of_date()).ok() || !jp::CheckDate(round.due_date()).ok())
    return absl::OkStatus();  // already reported
  const jp::CivilDay day = jp::DayOf(round.as_of_date());
  if (jp::DayOf(round.due_date()) < day) decision.faults().Add("due_date", "SURVEY_DUE_BEFORE_DAY"_reason);
  if (decision.before() != nullptr) {
    RETURN_IF_ERROR(GuardRound(decision.tx(), round.name()));
    if (decision.before()->state() == Round::STATE_LOCKED) return Fail("SURVEY_LOCKED"_reason);
    if (!Same(decision.before()->due_date(), round.due_date())) {
      decision.Then([round](store::Tx& tx) { return TellDueDate(tx, round); });
    }
    return absl::OkStatus();
  }
  const absl::Status form = decision.all<Form>().Get(round.form()).status();
  if (absl::IsNotFound(form) || absl::IsInvalidArgument(form)) return absl::OkStatus();  // already reported
  RETURN_IF_ERROR(form);
  RETURN_IF_ERROR(GuardForm(decision.tx(), round.form()));
  ASSIGN_OR_RETURN(const auto bodies, BodiesOf(decision.tx(), round.prefecture(), day));
  if (bodies.empty()) {
    decision.faults().Add("prefecture", "SURVEY_NOBODY_TO_ASK"_reason, {{"name", round.prefecture()}});
  }
  decision.Then([round, bodies](store::Tx& tx) { return Ask(tx, round, bodies); });
  return absl::OkStatus();
}

bool CameByFile(const Response& before, const Response& after) {
  if (after.files_size() == 0) return false;
  return before.files_size() == 0 || !Same(*before.files().rbegin(), *after.files().rbegin());
}

absl::Status DecideResponse(const store::Decision<Response>& decision) {
  if (decision.before() == nullptr) return absl::OkStatus();  // only a round creates one
  const Response& response = decision.after();
  const Response& before = *decision.before();
  const std::string round_name = std::string(contract::Schema::ParentOf(response.name()));
  RETURN_IF_ERROR(GuardRound(decision.tx(), round_name));
  ASSIGN_OR_RETURN(const Round round, decision.all<Round>().Get(round_name));
  ASSIGN_OR_RETURN(const Form form, decision.all<Form>().Get(round.form()));
  if (round.state() == Round::STATE_LOCKED) return Fail("SURVEY_LOCKED"_reason);
  if (!Same(before.due_date(), response.due_date())) return absl::OkStatus();  // the change comes from the round
  rules::CheckAnswers(form, response, decision.faults());
  if (response.state() != before.state()) {
    if (response.state() == Response::STATE_SUBMITTED) rules::CheckComplete(form, response, decision.faults());
    if (!CameByFile(before, response)) return absl::OkStatus();  // only the state changes
  }
  const bool is_open = before.state() == Response::STATE_DRAFT || before.state() == Response::STATE_RETURNED;
  if (!is_open) return Fail("SURVEY_HANDED_IN"_reason);
  ASSIGN_OR_RETURN(const rules::BodyCounts counts,
                   CountsOf(decision.tx(), response.body(), jp::DayOf(round.as_of_date())));
  decision.Derive([&](Response& record) { rules::Complete(form, counts, false, record); });
  return absl::OkStatus();
}

void MakeOpen(Round& round) { round.set_state(Round::STATE_OPEN); }

// Moves a response to its next state.
absl::Status Go(Response& response, Response::State to) {
  if (!rules::MayGo(response.state(), to)) {
    const auto* state = Response::State_descriptor()->FindValueByNumber(response.state());
    return Fail("SURVEY_STEP_OUT_OF_ORDER"_reason,
                {{"state", state->name()}, {"state_ja", state->options().GetExtension(tsunagu::ja)}});
  }
  response.set_state(to);
  return absl::OkStatus();
}

absl::StatusOr<Round> Lock(Service& service, const rpc::Call& call, Resource& rounds,
                           const v1::LockSurveyRoundRequest& request) {
  return ChangeRecord<Round>(service, call, rounds, request, [&](store::Tx& tx, Round& round) -> absl::Status {
    RETURN_IF_ERROR(GuardRound(tx, round.name()));
    if (round.state() == Round::STATE_LOCKED) return Fail("SURVEY_LOCKED"_reason);
    int waiting = 0;
    RETURN_IF_ERROR(
        store::Records<Response>::All(tx).ForEach(Where::Under(round.name()), [&](const Response& response) {
          waiting += response.state() == Response::STATE_ACCEPTED || response.answers_directly() ? 0 : 1;
          return absl::OkStatus();
        }));
    if (waiting > 0 && !request.leave_out_others()) {
      return Fail("SURVEY_NOT_ACCEPTED"_reason, {{"count", absl::StrCat(waiting)}});
    }
    round.set_state(Round::STATE_LOCKED);
    *round.mutable_lock_time() = StampOf(tx);
    return KeepExport(tx, round);
  });
}

absl::StatusOr<Response> Submit(Service& service, const rpc::Call& call, Resource& responses,
                                const v1::SubmitSurveyResponseRequest& request) {
  return ChangeRecord<Response>(service, call, responses, request,
                                [&](store::Tx& tx, Response& response) -> absl::Status {
                                  RETURN_IF_ERROR(Go(response, Response::STATE_SUBMITTED));
                                  response.clear_objections();
                                  *response.mutable_submit_time() = StampOf(tx);
                                  return absl::OkStatus();
                                });
}

absl::StatusOr<Response> Return(Service& service, const rpc::Call& call, Resource& responses,
                                const v1::ReturnSurveyResponseRequest& request) {
  return ChangeRecord<Response>(
      service, call, responses, request, [&](store::Tx& tx, Response& response) -> absl::Status {
        ASSIGN_OR_RETURN(const Form form, store::Records<Form>::All(tx).Get(response.form()));
        Faults faults;
        for (int i = 0; i < request.objections_size(); ++i) {
          const std::string& code = request.objections(i).item();
          bool known = code.empty();
          for (const Form::Item& item : form.items()) known = known || item.code() == code;
          if (!known)
            faults.Add(absl::StrCat("objections[", i, "].item"), "SURVEY_ITEM_UNKNOWN"_reason, {{"item", code}});
        }
        RETURN_IF_ERROR(faults.ToStatus());
        RETURN_IF_ERROR(Go(response, Response::STATE_RETURNED));
        *response.mutable_objections() = request.objections();
        return absl::OkStatus();
      });
}

absl::StatusOr<Response> Accept(Service& service, const rpc::Call& call, Resource& responses,
                                const v1::AcceptSurveyResponseRequest& request) {
  return ChangeRecord<Response>(service, call, responses, request,
                                [&](store::Tx&, Response& response) { return Go(response, Response::STATE_ACCEPTED); });
}

// Includes rounds that can still be answered. A body sees its response, but not the round.
absl::Status CollectUnanswered(DueRun& run) {
  std::set<std::string> open;
  RETURN_IF_ERROR(
      store::Records<Round>::All(run.view()).ForEach(Where("state", Round::STATE_OPEN), [&](const Round& round) {
        open.insert(round.name());
        return absl::OkStatus();
      }));
  const Where due = Where::AtLeast("due_date", jp::FormatIso(run.days().from)) &&
                    Where::AtMost("due_date", jp::FormatIso(run.days().to));
  return run.records<Response>().ForEach(due, [&](const Response& response) {
    if (open.count(std::string(contract::Schema::ParentOf(response.name()))) == 0) return absl::OkStatus();
    if (response.answers_directly() && response.state() == Response::STATE_DRAFT) {
      run.Add({jp::DayOf(response.due_date()), response.name(), "SURVEY_ANSWER_DIRECTLY",
               "都道府県を経由せず、国に直接回答してください。",
               "Answer the State directly, not through the prefecture."});
    } else if (response.state() == Response::STATE_DRAFT) {
      run.Add({jp::DayOf(response.due_date()), response.name(), "SURVEY_UNANSWERED", "調査に回答してください。",
               "Answer the survey."});
    } else if (response.state() == Response::STATE_RETURNED) {
      run.Add({jp::DayOf(response.due_date()), response.name(), "SURVEY_RETURNED",
               "差し戻された回答を直して、提出してください。",
               "The answers were sent back. Correct them, and hand them in."});
    }
    return absl::OkStatus();
  });
}

}  // namespace

void AddSurveys(Service& service) {
  BindStandard(service, "tsunagu.registry.v1.SurveyFormService", service.Add<Form>().Rule(DecideForm));
  Resource& rounds = service.Add<Round>().Rule(DecideRound).WhenReceived(MakeOpen);
  BindStandard(service, "tsunagu.registry.v1.SurveyRoundService", rounds)
      .Unary("LockSurveyRound", [&](rpc::Call& call, const v1::LockSurveyRoundRequest& request) {
        return Lock(service, call, rounds, request);
      });
  Resource& responses = service.Add<Response>().Rule(DecideResponse);
  BindStandard(service, "tsunagu.registry.v1.SurveyResponseService", responses)
      .Unary("SubmitSurveyResponse",
             [&](rpc::Call& call, const v1::SubmitSurveyResponseRequest& request) {
               return Submit(service, call, responses, request);
             })
      .Unary("ReturnSurveyResponse",
             [&](rpc::Call& call, const v1::ReturnSurveyResponseRequest& request) {
               return Return(service, call, responses, request);
             })
      .Unary("AcceptSurveyResponse", [&](rpc::Call& call, const v1::AcceptSurveyResponseRequest& request) {
        return Accept(service, call, responses, request);
      });
  AddSurveyFiles(service);
  service.AddDue({"surveyResponses.read", CollectUnanswered});
}

}  // namespace tsunagu::registry
