// A caller who may not read a field cannot find out its value: two servers whose data differ in all private values that
// a caller may not see give the same answer to each of their calls. Fields, roles and methods come from contracts and
// services, so that new ones are tested automatically.
#include <algorithm>
#include <map>
#include <memory>
#include <regex>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/access/access.h"
#include "common/contract/schema.h"
#include "common/host/host.h"
#include "common/identity/principal.h"
#include "common/records/table.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/options.pb.h"
#include "tsunagu/registry/v1/coordinator.pb.h"

namespace tsunagu::wire {
namespace {

using contract::Field;
using contract::Schema;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

using Fields = std::vector<const Field*>;

constexpr int kGuess = 0;  // the value on one of the servers
constexpr int kOther = 1;
constexpr int kNeither = 2;

std::unique_ptr<Message> New(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

// One of several values of a text field that its contract takes.
std::string TextFor(const Field& field, int which) {
  if (field.rule.format() == FORMAT_MESH_CODE) return absl::StrCat("533411", 88 + which);
  if (field.reference == "registry.tsunagu/Area") return "areas/312011";
  if (field.reference == "registry.tsunagu/Facility") return absl::StrCat("facilities/f", which);
  return absl::StrCat("見本", field.descriptor->number(), "の", which);
}

void SetValue(Message& record, const Field& field, int which) {
  const auto& reflection = *record.GetReflection();
  const FieldDescriptor* at = field.descriptor;
  if (at->is_repeated()) reflection.ClearField(&record, at);
  switch (at->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return at->is_repeated() ? reflection.AddString(&record, at, TextFor(field, which))
                               : reflection.SetString(&record, at, TextFor(field, which));
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&record, at, static_cast<int32_t>(field.rule.min()) + which);
    case FieldDescriptor::CPPTYPE_ENUM:
      return at->is_repeated() ? reflection.AddEnumValue(&record, at, 1) : reflection.SetEnumValue(&record, at, 1);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&record, at, which == 1);
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      if (at->message_type() == registry_v1::Nurse::Pool::descriptor()) {
        auto& pool = static_cast<registry_v1::Nurse::Pool&>(*reflection.AddMessage(&record, at));
        pool.set_kind(static_cast<registry_v1::PoolKind>(1));
        return pool.set_max_yearly_visit_count(which);
      }
      ASSERT_EQ(at->message_type(), google::type::Date::descriptor()) << at->full_name() << ": teach the test its type";
      auto& date = static_cast<google::type::Date&>(*reflection.MutableMessage(&record, at));
      date.set_year(1985 + which);
      date.set_month(4);
      date.set_day(2);
      return;
    }
    default:
      ADD_FAILURE() << at->full_name() << ": teach the test its type";
  }
}

// A record with something in every field that callers set.
std::unique_ptr<Message> ARecord(const Schema& schema) {
  std::unique_ptr<Message> record = schema.New();
  for (const Field& field : schema.fields()) {
    if (!field.output_only && !field.identifier && field.name() != "etag") SetValue(*record, field, 0);
  }
  return record;
}

// As it stands in a file or a filter.
std::string GuessAt(const Field& field) {
  return field.kind == contract::Kind::kDate ? "1985-04-02" : TextFor(field, kGuess);
}

// A caller on both servers.
struct Somebody {
  std::string label, role;
  rpc::CallOptions options;
};

// A call of one method, filled for a record of `schema` and a guess at `field`. `name` is put in for each server.
struct Probe {
  std::string label;
  const MethodDescriptor* method = nullptr;
  std::unique_ptr<Message> request;
  bool writes = false;
};

class Side {
 public:
  Side(Engine engine, const Clock& clock) : entropy_(7), server_(engine, clock, entropy_, OnlyRegistry()) {
    peer_ = std::make_unique<rpc::Peer>("side", server_.channel());
  }
  Service& service() { return *server_.host().Find("registry"); }
  Caller admin() { return server_.admin(); }

  absl::Status Call(const MethodDescriptor& method, const Message& request, Message& response,
                    const rpc::CallOptions& options) {
    return peer_->UnaryUntyped(absl::StrCat(method.service()->full_name(), "/", method.name()), request, response,
                               options);
  }
  void CreateRecord(const Schema& schema, const Message& record) {
    const MethodDescriptor* create = MethodOf(schema, "Create");
    const auto request = New(create->input_type());
    RecordIn(*request, schema)->CopyFrom(record);
    const auto created = schema.New();
    const absl::Status status = Call(*create, *request, *created, admin().For("tests").options());
    ASSERT_EQ(Said(status), "OK") << request->DebugString();
    name_ = schema.NameIn(*created);
  }
  // Two changes, whatever the fields hold now.
  void Put(const Schema& schema, const Fields& fields, int which) {
    const MethodDescriptor* update = MethodOf(schema, "Update");
    for (const int value : {kNeither, which}) {
      const auto request = New(update->input_type()), response = schema.New();
      Message* patch = RecordIn(*request, schema);
      schema.SetName(*patch, name_);
      for (const Field* field : fields) {
        SetValue(*patch, *field, value);
        MaskIn(*request)->add_paths(field->name());
      }
      ASSERT_EQ(Said(Call(*update, *request, *response, admin().For("tests").options())), "OK");
    }
  }
  void Settle(absl::Time now) {
    registry_v1::ListAreasRequest request;
    request.mutable_as_known_at()->set_seconds(absl::ToUnixSeconds(now));
    ASSERT_EQ(Said(admin().Call<registry_v1::ListAreasResponse>("registry.v1.AreaService/ListAreas", request)), "OK");
  }
  // Returns the answer to a probe, without its random parts.
  std::string Answer(const Probe& probe, const rpc::CallOptions& options) {
    const auto request = New(probe.request->GetDescriptor()), response = New(probe.method->output_type());
    request->CopyFrom(*probe.request);
    PutName(*request);
    std::map<std::string, std::string> notes;
    rpc::CallOptions noting = options;
    noting.notes = &notes;
    const absl::Status status = Call(*probe.method, *request, *response, noting);
    std::string text =
        absl::StrCat(Said(status), "\n", status.ok() ? "" : FaultOf(status).DebugString(), response->DebugString());
    for (const auto& [name, value] : notes) absl::StrAppend(&text, name, ": ", value, "\n");
    return Plain(std::move(text));
  }
  std::string ImportSays(const rpc::CallOptions& options, const std::string& collection, const std::string& file,
                         bool dry_run) {
    platform_v1::ImportRowsRequest request;
    request.set_collection(collection);
    request.set_dry_run(dry_run);
    const Caller caller = Caller(*peer_, options.api_key).For(options.purpose);
    const Imported imported = ImportCsv(caller, request, file);
    return Plain(absl::StrCat(Said(imported.status), " ", imported.summary, " ", absl::StrJoin(imported.rows, "; ")));
  }
  std::string ExportSays(const rpc::CallOptions& options, const std::string& collection) {
    const Exported exported = ExportCsv(Caller(*peer_, options.api_key).For(options.purpose), collection);
    return Plain(absl::StrCat(Said(exported.status), "\n", exported.file));
  }

  static Message* RecordIn(Message& request, const Schema& schema) {
    for (int i = 0; i < request.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = request.GetDescriptor()->field(i);
      if (field->message_type() == schema.message()) return request.GetReflection()->MutableMessage(&request, field);
    }
    return nullptr;
  }
  static google::protobuf::FieldMask* MaskIn(Message& request) {
    const FieldDescriptor* mask = request.GetDescriptor()->FindFieldByName("update_mask");
    return mask == nullptr
               ? nullptr
               : static_cast<google::protobuf::FieldMask*>(request.GetReflection()->MutableMessage(&request, mask));
  }
  static const MethodDescriptor* MethodOf(const Schema& schema, const std::string& verb) {
    const auto& file = *schema.message()->file();
    for (int i = 0; i < file.service_count(); ++i) {
      if (const auto* method = file.service(i)->FindMethodByName(verb + schema.message()->name())) return method;
    }
    return nullptr;
  }

 private:
  static Server::Options OnlyRegistry() {
    Server::Options options;
    options.services = {"registry"};
    return options;
  }
  void PutName(Message& message) const {
    const auto& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> set;
    reflection.ListFields(message, &set);
    for (const FieldDescriptor* field : set) {
      if (field->is_repeated()) continue;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) PutName(*reflection.MutableMessage(&message, field));
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && reflection.GetString(message, field) == "RECORD") {
        reflection.SetString(&message, field, name_);
      }
    }
  }
  std::string Plain(std::string text) const {
    static const std::regex token("[A-Za-z0-9_+/=-]{60,}"), id("[0-9a-z]{26}"), place("place: [0-9]+"),
        known("known_time \\{[^}]*\\}"),  // a sealer gives them when it comes to it
        of_report("token: \"[^\"]+\"");   // contains the known time
    text = absl::StrReplaceAll(text, {{name_, "RECORD"}});
    for (const auto& [what, word] :
         {std::pair(&token, "TOKEN"), {&id, "ID"}, {&place, "PLACE"}, {&known, "KNOWN"}, {&of_report, "TOKEN"}}) {
      text = std::regex_replace(text, *what, word);
    }
    return text;
  }

  SeededEntropy entropy_;
  Server server_;
  std::unique_ptr<rpc::Peer> peer_;
  std::string name_;
};

void SetText(Message& request, const std::string& field, const std::string& text) {
  const FieldDescriptor* at = request.GetDescriptor()->FindFieldByName(field);
  if (at == nullptr || at->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
  at->is_repeated() ? request.GetReflection()->AddString(&request, at, text)
                    : request.GetReflection()->SetString(&request, at, text);
}
void SetTrue(Message& request, const std::string& field) {
  const FieldDescriptor* at = request.GetDescriptor()->FindFieldByName(field);
  if (at != nullptr) request.GetReflection()->SetBool(&request, at, true);
}

class BlindTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (GetParam() == Engine::kMysql && std::getenv("TSUNAGU_TEST_MYSQL") == nullptr) {
      GTEST_SKIP() << "TSUNAGU_TEST_MYSQL names no server";
    }
    for (auto& side : sides_) {
      side = std::make_unique<Side>(GetParam(), clock_);
      ImportCsv(side->admin(), "areas",
                "団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,市区町村名（カナ）\n"
                "310000,鳥取県,,トットリケン,\n312011,鳥取県,鳥取市,トットリケン,トットリシ\n");
      // The first is seen by those who see everything; officers of the record's area do not see what it guesses at.
      for (int i = 0; i < 3; ++i) {
        registry_v1::CreateFacilityRequest request;
        *request.mutable_facility() = AFacility("みほん", i == 0 ? "" : "areas/312011");
        request.set_facility_id(absl::StrCat("f", i));
        ASSERT_EQ(
            Said(side->admin().Call<registry_v1::Facility>("registry.v1.FacilityService/CreateFacility", request)),
            "OK");
      }
    }
    AddCallers();
  }
  // Every shipped role, and a caller with all permissions except to see; each with and without a purpose.
  void AddCallers() {
    std::map<std::string, std::vector<std::string>> roles;
    for (const auto& [id, role] : sides_[0]->service().access().shipped()) roles[id] = role.permissions;
    roles["hand"] = {"*.read", "*.write", "*.search", "*.import", "*.export", "access.*", "operations.*"};
    for (const auto& [id, permissions] : roles) {
      permissions_[id] = {{permissions.begin(), permissions.end()}, identity::Scope::Everything()};
      for (const bool everywhere : {false, true}) {
        if (everywhere && id != "hand" && id != "integrator") continue;
        identity::Grant grant = permissions_[id];
        if (!everywhere) grant.scope = identity::Scope::Of({"areas/31"});
        Somebody one{absl::StrCat(id, everywhere ? "@*" : "@areas/310000"), id, {}};
        one.options.api_key = absl::StrCat("tsunagu_key_of_", one.label);
        for (auto& side : sides_) {
          side->service().access().AddFixed(one.options.api_key, {id, "", identity::Grants({grant}), nullptr});
        }
        callers_.push_back(one);
        one.options.purpose = "care";
        one.label += " with a purpose";
        callers_.push_back(one);
      }
    }
  }
  bool MaySee(const Somebody& caller, const Schema& schema, const Field& field) const {
    const std::string verb = field.rule.privacy() == PRIVACY_IDENTIFYING ? "identity" : "confidential";
    return !caller.options.purpose.empty() && permissions_.at(caller.role).Permits(schema.collection() + "." + verb);
  }

  // One way of calling a method.
  struct Way {
    std::string mask;
    bool dry = false, known = false;
    std::string filter, order;
  };
  // Returns every way that the request supports.
  static std::vector<Way> WaysOf(const google::protobuf::Descriptor& request, const Field& field,
                                 const std::string& guess) {
    const auto has = [&](const char* name) { return request.FindFieldByName(name) != nullptr; };
    std::vector<Way> ways;
    const std::vector<std::string> masks = {field.name(), field.name() + ",seeking", "*"};
    for (const std::string& mask : has("update_mask") ? masks : std::vector<std::string>{""}) {
      ways.push_back({mask});
      if (has("validate_only")) ways.push_back({mask, true});
    }
    if (has("as_known_at")) ways.push_back({"", false, true});
    if (has("filter")) ways.push_back({"", false, false, absl::StrCat(field.name(), " = \"", guess, "\"")});
    if (has("order_by")) ways.push_back({"", false, false, "", field.name()});
    return ways;
  }
  Probe ProbeOf(const MethodDescriptor& method, const Schema& schema, const Field& field, const Way& way) {
    Probe probe{absl::StrCat(method.full_name(), " ", field.name(), " ", way.mask, way.dry ? " validate_only" : "",
                             way.known ? " as_known_at" : "", way.filter, way.order),
                &method, New(method.input_type()),
                method.options().GetExtension(tsunagu::method).mutating() && !way.dry};
    Message& request = *probe.request;
    for (const char* one : {"name", "resource_name"}) SetText(request, one, "RECORD");
    SetText(request, "parent", "services/registry");
    SetText(request, "collections", schema.collection());
    SetText(request, "viewer", "hand");
    SetText(request, "filter", way.filter);
    SetText(request, "order_by", way.order);
    SetTrue(request, "from_beginning");
    if (way.dry) SetTrue(request, "validate_only");
    SetText(request, "display_name", TextFor(field.rule.searchable() ? field : *schema.Find("display_name"), kGuess));
    const auto* descriptor = request.GetDescriptor();
    if (const FieldDescriptor* day = descriptor->FindFieldByName(field.name());
        day != nullptr && day->message_type() == google::type::Date::descriptor()) {
      Field of_request = field;
      of_request.descriptor = day;
      SetValue(request, of_request, kGuess);
    }
    if (Message* patch = Side::RecordIn(request, schema)) {
      patch->CopyFrom(*ARecord(schema));
      if (!way.mask.empty()) schema.SetName(*patch, "RECORD");
    }
    if (!way.mask.empty()) {
      for (const absl::string_view path : absl::StrSplit(way.mask, ',')) {
        if (path == "*" || schema.Find(path) != nullptr) Side::MaskIn(request)->add_paths(std::string(path));
      }
    }
    if (way.known) {
      auto& time = static_cast<google::protobuf::Timestamp&>(
          *request.GetReflection()->MutableMessage(&request, descriptor->FindFieldByName("as_known_at")));
      time.set_seconds(absl::ToUnixSeconds(clock_.Now()));
    }
    return probe;
  }

  // Adds what one method can be asked about these fields, each request once: most say nothing of a field.
  void AddProbes(const MethodDescriptor& method, const Schema& schema, const Fields& hidden,
                 std::vector<Probe>& probes) {
    std::set<std::string> added;
    // The methods of another resource know no such field and refuse all of them alike: one is enough.
    const bool of_another =
        method.file()->package() == schema.message()->file()->package() && method.file() != schema.message()->file();
    for (const Field* field : hidden) {
      for (const Way& way : WaysOf(*method.input_type(), *field, GuessAt(*field))) {
        const bool names_field = !way.mask.empty() || !way.filter.empty() || !way.order.empty();
        if (of_another && names_field && field != hidden.front()) continue;
        Probe probe = ProbeOf(method, schema, *field, way);
        if (added.insert(probe.request->SerializeAsString()).second) probes.push_back(std::move(probe));
      }
    }
  }
  std::vector<Probe> AllProbes(const Schema& schema, const Fields& hidden) {
    std::vector<Probe> probes;
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    std::vector<std::string> services;
    for (const char* one : {"Access", "AccessLog", "Change", "Delivery", "Due", "Operation", "Report", "Revision"}) {
      services.push_back(absl::StrCat("tsunagu.platform.v1.", one, "Service"));
    }
    for (const auto& [collection, resource] : sides_[0]->service().resources()) {
      services.push_back(absl::StrCat("tsunagu.registry.v1.", resource.table->schema().message()->name(), "Service"));
    }
    for (const std::string& service : services) {
      const auto* found = pool->FindServiceByName(service);
      EXPECT_NE(found, nullptr) << service;
      for (int i = 0; found != nullptr && i < found->method_count(); ++i) {
        const MethodDescriptor& method = *found->method(i);
        if (method.client_streaming() || method.server_streaming() || method.name() == "WaitOperation") continue;
        AddProbes(method, schema, hidden, probes);
      }
    }
    return probes;
  }
  void PutBack(const Schema& schema, const Fields& hidden) {
    sides_[0]->Put(schema, hidden, kGuess);
    sides_[1]->Put(schema, hidden, kOther);
  }
  void Compare(const std::string& label, const std::string& one, const std::string& other) {
    ++compared_;
    if (one == other) return;
    if (++differing_ <= 10) {
      EXPECT_EQ(one, other) << label;
    }
  }
  void CompareUnary(const Somebody& caller, const Schema& schema, const Fields& hidden,
                    const std::vector<Probe>& probes) {
    for (const Probe& probe : probes) {
      const std::string one = sides_[0]->Answer(probe, caller.options),
                        other = sides_[1]->Answer(probe, caller.options);
      Compare(absl::StrCat(caller.label, ": ", probe.label), one, other);
      const bool wrote = absl::StartsWith(one, "OK") || absl::StartsWith(other, "OK");
      if (probe.writes && wrote) PutBack(schema, hidden);
      answered_ += wrote ? 1 : 0;
    }
  }
  void CompareFiles(const Somebody& caller, const Schema& schema, const Fields& hidden) {
    for (const Field* field : hidden) {
      const std::string file = absl::StrCat("source_key,", field->name(), "\n", TextFor(*schema.Find("source_key"), 0),
                                            ",", GuessAt(*field), "\n");
      for (const bool dry_run : {true, false}) {
        const auto says = [&](Side& side) {
          return side.ImportSays(caller.options, schema.collection(), file, dry_run);
        };
        const std::string one = says(*sides_[0]), other = says(*sides_[1]);
        Compare(absl::StrCat(caller.label, ": import ", field->name(), dry_run ? " dry" : ""), one, other);
        if (!dry_run && absl::StartsWith(one, "OK")) PutBack(schema, hidden);
      }
    }
    Compare(absl::StrCat(caller.label, ": export"), sides_[0]->ExportSays(caller.options, schema.collection()),
            sides_[1]->ExportSays(caller.options, schema.collection()));
  }
  // Makes the servers differ in these fields only, and compares what those are told who may see none of them.
  void CompareFor(const std::vector<const Somebody*>& callers, const Schema& schema, const Fields& hidden) {
    PutBack(schema, hidden);
    // The probes ask about a time at which all of this is known, and later changes are not.
    clock_.Advance(absl::Seconds(1));
    for (auto& side : sides_) side->Settle(clock_.Now());
    const std::vector<Probe> probes = AllProbes(schema, hidden);
    clock_.Advance(absl::Seconds(1));
    for (const Somebody* caller : callers) {
      CompareUnary(*caller, schema, hidden, probes);
      CompareFiles(*caller, schema, hidden);
    }
    for (auto& side : sides_) side->Put(schema, hidden, kGuess);
  }

  FakeClock clock_{absl::FromUnixSeconds(2'532'567'600)};
  std::unique_ptr<Side> sides_[2];
  std::vector<Somebody> callers_;
  std::map<std::string, identity::Grant> permissions_;  // by role
  int compared_ = 0, differing_ = 0, answered_ = 0;
};
WIRE_TEST_ON_BOTH(BlindTest);

TEST_P(BlindTest, NoAnswerDependsOnWhatMayNotBeSeen) {
  size_t fields = 0;
  for (const auto& [collection, resource] : sides_[0]->service().resources()) {
    const Schema& schema = resource.table->schema();
    if (!schema.rule().personal()) continue;
    for (auto& side : sides_) side->CreateRecord(schema, *ARecord(schema));
    std::map<Fields, std::vector<const Somebody*>> callers;  // by what they may not see
    size_t most = 0;
    for (const Somebody& caller : callers_) {
      Fields hidden;
      for (const Field& field : schema.fields()) {
        if (field.rule.privacy() != PRIVACY_UNSPECIFIED && !MaySee(caller, schema, field)) hidden.push_back(&field);
      }
      most = std::max(most, hidden.size());
      if (!hidden.empty()) callers[hidden].push_back(&caller);
    }
    fields += most;
    for (const auto& [hidden, blind] : callers) CompareFor(blind, schema, hidden);
  }
  EXPECT_GE(fields, 9u);
  EXPECT_EQ(differing_, 0) << "of " << compared_;
  EXPECT_GT(answered_, compared_ / 50) << "most are refused, but not all";
  RecordProperty("compared", compared_);
}

}  // namespace
}  // namespace tsunagu::wire
