// Create, Update and End, sent for the first time and again.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "google/type/date.pb.h"
#include "tests/wire/model/calls.h"

namespace tsunagu::wire::model {
namespace {

using google::protobuf::Message;

constexpr char kDenied[] = "PERMISSION_DENIED PERMISSION_DENIED";
constexpr size_t kChangesKept = 100;

int64_t Micros(const Message& record, const std::string& field) {
  return google::protobuf::util::TimeUtil::TimestampToMicroseconds(static_cast<const google::protobuf::Timestamp&>(
      record.GetReflection()->GetMessage(record, record.GetDescriptor()->FindFieldByName(field))));
}

bool IsTrial(const Message& request) {
  return request.GetReflection()->GetBool(request, request.GetDescriptor()->FindFieldByName("validate_only"));
}

std::string DateText(const Message& request, const std::string& field) {
  const auto& date = static_cast<const google::type::Date&>(
      request.GetReflection()->GetMessage(request, request.GetDescriptor()->FindFieldByName(field)));
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year(), date.month(), date.day());
  return text;
}

std::string Etag(Chooser& choose, const Record* record) {
  if (record == nullptr || choose.Percent(60)) return "";
  return choose.Percent(70) ? absl::StrCat(record->revisions.size()) : absl::StrCat(1 + choose.Below(3));
}

}  // namespace

void Calls::Mark(Message& request) {
  if (choose_.Percent(30)) Set(request, "request_id", {absl::StrCat("r", choose_.Below(20))});
  if (choose_.Percent(8)) Set(request, "validate_only", {"true"});
}

void Calls::Create(const Person& person, const Resource& resource) {
  const std::shared_ptr<Message> request = resource.New(absl::StrCat("Create", resource.noun, "Request"));
  Fill(choose_.ARow(resource), Sub(*request, resource.path));
  if (!resource.server_id && choose_.Percent(50)) {
    Set(*request, resource.path + "_id", {choose_.Percent(3) ? "Bad_Id" : absl::StrCat("f", choose_.Below(40))});
  }
  Mark(*request);
  Make({&person, &resource, "Create", request});
}

void Calls::Update(const Person& person, const Resource& resource) {
  const std::shared_ptr<Message> request = resource.New(absl::StrCat("Update", resource.noun, "Request"));
  const std::string name = choose_.Name(resource);
  const Record* record = world_.FindRecord(name);
  Row patch;
  auto& mask = static_cast<google::protobuf::FieldMask&>(Sub(*request, "update_mask"));
  while (mask.paths().empty()) {
    for (const Field& field : resource.fields) {
      if (!choose_.Percent(25)) continue;
      mask.add_paths(field.name);
      const bool stays =
          record != nullptr && record->now().count(field.name) != 0 && choose_.Percent(field.immutable ? 80 : 15);
      const std::vector<std::string> values = stays ? record->now().at(field.name) : choose_.Values(field);
      if (!values.empty() && (field.required || choose_.Percent(75))) patch[field.name] = values;
    }
  }
  if (choose_.Percent(2)) mask.add_paths("colour");
  Message& sent = Sub(*request, resource.path);
  Fill(patch, sent);
  Set(sent, "name", {name});
  Set(sent, "etag", {Etag(choose_, record)});
  Mark(*request);
  Make({&person, &resource, "Update", request});
}

void Calls::End(const Person& person, const Resource& resource) {
  const std::shared_ptr<Message> request = resource.New(absl::StrCat("End", resource.noun, "Request"));
  const std::string name = choose_.Name(resource);
  Set(*request, "name", {name});
  Set(*request, "end_date", choose_.Values(*resource.Find("valid_to_date")));
  Set(*request, "etag", {Etag(choose_, world_.FindRecord(name))});
  Mark(*request);
  Make({&person, &resource, "End", request});
}

void Calls::Make(const Change& change) {
  const Person& person = *change.person;
  const Resource& resource = *change.resource;
  const Outcome outcome = Foresee(change);
  Note(person, absl::StrCat(change.verb, " ", TextOfRequest(*change.request)), outcome.name);
  const auto answer = resource.New(resource.noun);
  const std::string said =
      wire::Said(resource.send(person.caller, resource.Method(change.verb), *change.request, *answer));
  Says(said, outcome.says);
  if (said != "OK" || outcome.says != kFine) return;
  if (IsTrial(*change.request)) {
    EXPECT_EQ(RowOf(resource, *answer), world_.Masked(person, resource, TextOf(*answer, "name"), outcome.row));
    return;
  }
  if (!outcome.again) Apply(change, outcome, *answer);
  const Record* record = world_.FindRecord(TextOf(*answer, "name"));
  ASSERT_NE(record, nullptr) << TextOf(*answer, "name");
  CompareRecord(person, resource, *answer, *record, outcome.revision);
  if (changes_.size() == kChangesKept) changes_.erase(changes_.begin());
  changes_.push_back(change);
}

void Calls::Apply(const Change& change, const Outcome& outcome, const Message& answer) {
  const std::string name = TextOf(answer, "name"), request_id = TextOf(*change.request, "request_id");
  std::vector<Record>& records = world_.Of(change.resource->collection);
  if (change.verb == "Create") {
    EXPECT_TRUE(absl::StartsWith(name, change.resource->collection + "/")) << name;
    EXPECT_EQ(world_.FindRecord(name), nullptr) << name;
    if (!outcome.name.empty()) {
      EXPECT_EQ(name, outcome.name);
    }
    EXPECT_EQ(Micros(answer, "create_time"), Micros(answer, "update_time"));
    records.push_back({name, {outcome.row}, Micros(answer, "create_time"), Micros(answer, "update_time")});
    log_.back().second = name;
  } else {
    Record& record = *world_.FindRecord(outcome.name);
    if (outcome.revision > static_cast<int>(record.revisions.size())) {
      EXPECT_GT(Micros(answer, "update_time"), record.update_time);
      record.revisions.push_back(outcome.row);
      record.update_time = Micros(answer, "update_time");
    }
  }
  if (request_id.empty()) return;
  kept_[absl::StrCat(change.person->id, " ", change.resource->Method(change.verb), " ", request_id)] = {
      change.request->SerializeAsString(), name, outcome.revision};
}

Calls::Outcome Calls::Foresee(const Change& change) {
  const Resource& resource = *change.resource;
  const std::string write = resource.collection + ".write";
  if (!change.person->May(write)) return {{kDenied}};
  if (change.verb == "Create" && !resource.server_id && TextOf(*change.request, resource.path + "_id") == "Bad_Id") {
    return {{absl::StrCat("INVALID_ARGUMENT INVALID_REQUEST ", resource.path, "_id:MALFORMED_ID")}};
  }
  const auto kept = kept_.find(
      absl::StrCat(change.person->id, " ", resource.Method(change.verb), " ", TextOf(*change.request, "request_id")));
  if (kept != kept_.end() && !IsTrial(*change.request)) {
    const auto& [bytes, name, revision] = kept->second;
    if (bytes != change.request->SerializeAsString()) {
      return {{"INVALID_ARGUMENT REQUEST_ID_REUSED request_id:REQUEST_ID_REUSED"}, name};
    }
    const Record* record = world_.Visible(*change.person, write, resource, name);
    if (record == nullptr) return {{"NOT_FOUND " + resource.Word("NOT_FOUND")}, name};
    return {kFine, name, record->revisions[static_cast<size_t>(revision) - 1], revision, true};
  }
  if (change.verb == "Create") return ForeseeCreate(change);
  return change.verb == "Update" ? ForeseeUpdate(change) : ForeseeEnd(change);
}

Calls::Outcome Calls::ForeseeCreate(const Change& change) {
  const Resource& resource = *change.resource;
  const Row row = RowOf(resource, Sub(*change.request, resource.path));
  const std::string id = resource.server_id ? "" : TextOf(*change.request, resource.path + "_id");
  const std::string name = id.empty() ? "" : absl::StrCat(resource.collection, "/", id);
  Outcome outcome{Refusal(world_.Faults(*change.person, resource, name, nullptr, row), resource.path), name, row, 1};
  if (outcome.says == kFine) outcome.says = world_.Stores(*change.person, resource, name, nullptr, row);
  return outcome;
}

Calls::Outcome Calls::ForeseeUpdate(const Change& change) {
  const Resource& resource = *change.resource;
  const Message& sent = Sub(*change.request, resource.path);
  const std::string name = TextOf(sent, "name"), etag = TextOf(sent, "etag");
  const Record* record = world_.Visible(*change.person, resource.collection + ".write", resource, name);
  if (record == nullptr) return {{"NOT_FOUND " + resource.Word("NOT_FOUND")}, name};
  if (!etag.empty() && etag != absl::StrCat(record->revisions.size())) return {{"ABORTED ETAG_MISMATCH"}, name};
  const Row patch = RowOf(resource, sent);
  Row after = record->now();
  std::vector<std::string> faults;
  const auto& paths = static_cast<const google::protobuf::FieldMask&>(Sub(*change.request, "update_mask")).paths();
  for (const std::string& path : paths) {
    const Field* field = resource.Find(path);
    const auto value = patch.find(path);
    if (field == nullptr) {
      faults.push_back(absl::StrCat("update_mask.", path, ":UNKNOWN_FIELD"));
    } else if (field->immutable && First(patch, path) != First(record->now(), path)) {
      faults.push_back(path + ":IMMUTABLE_FIELD");
    } else if (value == patch.end()) {
      after.erase(path);
    } else {
      after[path] = value->second;
    }
  }
  std::sort(faults.begin(), faults.end());
  if (!faults.empty()) return {{absl::StrCat("INVALID_ARGUMENT INVALID_REQUEST ", absl::StrJoin(faults, " "))}, name};
  const auto blind = world_.Blind(*change.person, resource, *record, {paths.begin(), paths.end()});
  return ForeseeChange(change, resource.path, *record, std::move(after), blind);
}

Calls::Outcome Calls::ForeseeEnd(const Change& change) {
  const Resource& resource = *change.resource;
  const std::string name = TextOf(*change.request, "name"), etag = TextOf(*change.request, "etag");
  const Record* record = world_.Visible(*change.person, resource.collection + ".write", resource, name);
  if (record == nullptr) return {{"NOT_FOUND " + resource.Word("NOT_FOUND")}, name};
  if (!etag.empty() && etag != absl::StrCat(record->revisions.size())) return {{"ABORTED ETAG_MISMATCH"}, name};
  const std::string last = First(record->now(), "valid_to_date"), day = DateText(*change.request, "end_date");
  if (!last.empty() && last < world_.today) return {{"FAILED_PRECONDITION PERIOD_OVER"}, name};
  if (day < First(record->now(), "valid_from_date")) {
    return {{"INVALID_ARGUMENT INVALID_REQUEST end_date:PERIOD_ENDS_BEFORE_START"}, name};
  }
  Row after = record->now();
  after["valid_to_date"] = {day};
  return ForeseeChange(change, "", *record, std::move(after));
}

Calls::Outcome Calls::ForeseeChange(const Change& change, const std::string& path, const Record& before, Row after,
                                    const std::set<std::string>& blind) {
  const int revision = static_cast<int>(before.revisions.size());
  if (blind.empty() && after == before.now()) return {kFine, before.name, after, revision};
  const Resource& resource = *change.resource;
  const Row kept = World::Without(before.now(), blind);
  Outcome outcome{Refusal(world_.Faults(*change.person, resource, before.name, &kept, after), path), before.name, after,
                  revision + 1};
  if (outcome.says == kFine) outcome.says = world_.Stores(*change.person, resource, before.name, &before.now(), after);
  return outcome;
}

}  // namespace tsunagu::wire::model
