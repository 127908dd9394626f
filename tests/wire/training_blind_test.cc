// Private data of the training service. Two servers differ in private data, or in whether a person exists; a caller who
// may not know the difference gets the same answers from both, for every method of every contract, with every record
// named and every private field guessed. Methods, fields, roles and references come from contracts and the service;
// only the records themselves are created here.
#include <algorithm>
#include <map>
#include <memory>
#include <regex>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/access/access.h"
#include "common/contract/schema.h"
#include "common/host/host.h"
#include "common/identity/principal.h"
#include "common/records/table.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/options.pb.h"
#include "tsunagu/training/v1/attendance.pb.h"
#include "tsunagu/training/v1/care_permit.pb.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/learner.pb.h"
#include "tsunagu/training/v1/permit_application.pb.h"
#include "tsunagu/training/v1/permit_rule.pb.h"
#include "tsunagu/training/v1/session.pb.h"
#include "tsunagu/training/v1/worker_filing.pb.h"

namespace tsunagu::wire {
namespace {

namespace v1 = tsunagu::training::v1;
using contract::Schema;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// "learners.display_name", of every private field; each value is found nowhere else.
using Secrets = std::map<std::string, std::string>;

std::unique_ptr<Message> New(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

// Records by the type that references have: "training.tsunagu/Learner".
using Names = std::map<std::string, std::vector<std::string>>;

class Side {
 public:
  Side(Engine engine, const Clock& clock) : entropy_(7), server_(engine, clock, entropy_, OnlyTraining()) {
    peer_ = std::make_unique<rpc::Peer>("side", server_.channel());
    Make<v1::CreateCurriculumRequest, v1::Curriculum>(
        "CurriculumService/CreateCurriculum",
        "curriculum_id: 'plain' curriculum { display_name: '見本' series: 'plain' subjects { code: '1' display_name: "
        "'講義' method: METHOD_LECTURE minutes: 60 } }");
    Make<v1::CreateCurriculumRequest, v1::Curriculum>(
        "CurriculumService/CreateCurriculum",
        "curriculum_id: 'acts' curriculum { display_name: '見本' series: 'acts' subjects { code: '1' display_name: "
        "'講義' "
        "method: METHOD_LECTURE minutes: 60 } acts { act: ACT_ORAL_SUCTION exercises: 1 } acts_are_chosen: true "
        "for_one_client: true }");
    for (const char* id : {"plain", "acts"}) {
      Make<v1::CreateCourseRequest, v1::Course>(
          "CourseService/CreateCourse",
          absl::StrCat(
              "course_id: '", id, "' course { display_name: '見本研修' curriculum: 'curricula/", id,
              "' fiscal_year: 2049 hosts: 'areas/310000' capacity: 50 start_date { year: 2050 month: 3 day: 1 } "
              "end_date { year: 2050 month: 4 day: 30 } issuer: '見本県知事' }"));
    }
    Make<v1::CreateSessionRequest, v1::Session>(
        "SessionService/CreateSession",
        "parent: 'courses/plain' session_id: 'a' session { held_date { year: 2050 month: 3 day: 25 } start_minute: 540 "
        "end_minute: 600 mode: MODE_ON_SITE lessons { subject: '1' minutes: 60 } }");
    for (const char* prefecture : {"areas/310000", "areas/320005"}) {
      Make<v1::CreatePermitRuleRequest, v1::PermitRule>(
          "PermitRuleService/CreatePermitRule", absl::StrCat("permit_rule { prefecture: '", prefecture,
                                                             "' any_client: UNIT_WORKER one_client: UNIT_ACT source: "
                                                             "'手引き' }"));
    }
  }
  Service& service() { return *server_.host().Find("training"); }
  const Names& names() const { return names_; }

  // Creates all records of a person: nominated by `body`, certified, enrolled for a client, permitted to act and not.
  void MakeSomebody(const std::string& body, const std::string& prefecture, const Secrets& secrets) {
    const auto secret = [&](const char* field) { return absl::StrCat("'", secrets.at(field), "'"); };
    const std::string learner = Make<v1::CreateLearnerRequest, v1::Learner>(
        "LearnerService/CreateLearner",
        absl::StrCat("learner { display_name: ", secret("certificates.holder"), " kana: ", secret("learners.kana"),
                     " body: '", body, "' office: '見本事業所' consent: CONSENT_NONE }"));
    const auto enroll = [&](const char* course, const std::string& more) {
      return Make<v1::CreateEnrollmentRequest, v1::Enrollment>(
          "EnrollmentService/CreateEnrollment",
          absl::StrCat("parent: 'courses/", course, "' enrollment { learner: '", learner, "' nominating_body: '", body,
                       "' rank: 1 ground: GROUND_OTHER ", more, " }"));
    };
    const auto select = [&](const char* course) {
      Do<v1::SelectLearnersRequest, v1::SelectLearnersResponse>("CourseService/SelectLearners",
                                                                absl::StrCat("name: 'courses/", course, "'"));
    };
    const std::string acts = absl::StrCat("acts: ACT_ORAL_SUCTION client: ", secret("enrollments.client"));
    Do<v1::DeclineEnrollmentRequest, v1::Enrollment>(
        "EnrollmentService/DeclineEnrollment",
        absl::StrCat("name: '", enroll("acts", acts), "' reason: ", secret("enrollments.decline_reason")));
    const std::string withdrawn = enroll("acts", acts);
    select("acts");
    Do<v1::WithdrawEnrollmentRequest, v1::Enrollment>(
        "EnrollmentService/WithdrawEnrollment",
        absl::StrCat("name: '", withdrawn, "' reason: ", secret("enrollments.withdrawal_reason")));
    enroll("acts", acts);
    select("acts");
    const std::string enrollment = enroll("plain", "");
    select("plain");
    Make<v1::CreateAttendanceRequest, v1::Attendance>(
        "AttendanceService/CreateAttendance",
        absl::StrCat("parent: '", enrollment,
                     "' attendance { session: 'courses/plain/sessions/a' subject: '1' minutes: 60 }"));
    const std::string first = Make<v1::IssueCertificateRequest, v1::Certificate>(
        "CertificateService/IssueCertificate", absl::StrCat("enrollment: '", enrollment, "'"));
    Make<v1::ReissueCertificateRequest, v1::Certificate>(
        "CertificateService/ReissueCertificate",
        absl::StrCat("name: '", first, "' reason: ", secret("certificates.reason")));
    const auto apply = [&] {
      return Make<v1::CreatePermitApplicationRequest, v1::PermitApplication>(
          "PermitApplicationService/CreatePermitApplication",
          absl::StrCat("permit_application { learner: '", learner, "' prefecture: '", prefecture,
                       "' acts: ACT_ORAL_SUCTION client: ", secret("permitApplications.client"),
                       " evidence: '第1号' application_date { year: 2050 month: 3 day: 1 } }"));
    };
    Do<v1::RefusePermitApplicationRequest, v1::PermitApplication>(
        "PermitApplicationService/RefusePermitApplication",
        absl::StrCat("name: '", apply(), "' reason: ", secret("permitApplications.refusal_reason")));
    for (const bool revoked : {true, false}) {
      const std::string application = apply();
      const auto granted = Do<v1::GrantPermitApplicationRequest, v1::PermitApplication>(
          "PermitApplicationService/GrantPermitApplication",
          absl::StrCat("name: '", application, "' number: '", body, revoked ? "-1'" : "-2'"));
      names_["training.tsunagu/CarePermit"].push_back(granted.permit());
      if (revoked) {
        Do<v1::RevokeCarePermitRequest, v1::CarePermit>(
            "CarePermitService/RevokeCarePermit",
            absl::StrCat("name: '", granted.permit(), "' reason: ", secret("carePermits.reason")));
      } else {
        Make<v1::CreateWorkerFilingRequest, v1::WorkerFiling>(
            "WorkerFilingService/CreateWorkerFiling",
            absl::StrCat("parent: '", granted.permit(),
                         "' worker_filing { office: '31-1' kind: KIND_ADDED filing_date { "
                         "year: 2050 month: 4 day: 3 } }"));
      }
    }
    Do<v1::UpdateLearnerRequest, v1::Learner>(
        "LearnerService/UpdateLearner",
        absl::StrCat("learner { name: '", learner, "' display_name: ", secret("learners.display_name"),
                     " } update_mask { paths: "
                     "'display_name' }"));
  }

  // What is said, with notes and details.
  std::string Answer(const MethodDescriptor& method, const Message& request, const rpc::CallOptions& options) {
    std::string text;
    std::map<std::string, std::string> notes;
    rpc::CallOptions noting = options;
    noting.notes = &notes;
    const std::string path = absl::StrCat(method.service()->full_name(), "/", method.name());
    const auto response = New(method.output_type());
    absl::Status status;
    if (method.server_streaming()) {
      const auto stream = peer_->Stream(path, noting);
      stream->Write(request);
      stream->WritesDone();
      for (auto more = stream->Read(*response); more.ok() && *more; more = stream->Read(*response)) {
        absl::StrAppend(&text, response->Utf8DebugString(), "\n");
        response->Clear();
      }
      status = stream->Finish();
    } else {
      status = peer_->UnaryUntyped(path, request, *response, noting);
      text = response->Utf8DebugString();
    }
    absl::StrAppend(&text, Said(status), status.ok() ? "" : FaultOf(status).Utf8DebugString());
    for (const auto& [name, value] : notes) absl::StrAppend(&text, name, ": ", value, "\n");
    return Plain(text);
  }
  std::string ExportSays(const rpc::CallOptions& options, const std::string& collection) {
    platform_v1::ExportRowsRequest request;
    request.set_parent("services/training");
    request.set_collection(collection);
    const Exported exported = Export(Caller(*peer_, options.api_key).For(options.purpose), request);
    return Plain(absl::StrCat(Said(exported.status), "\n", exported.file));
  }

 private:
  static Server::Options OnlyTraining() {
    Server::Options options;
    options.services = {"training"};
    return options;
  }
  template <typename Request, typename Answer>
  Answer Do(const std::string& method, const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    const auto answer = server_.admin().For("tests").Call<Answer>("training.v1." + method, request);
    EXPECT_EQ(Said(answer), "OK") << method << " " << text;
    return answer.ok() ? *answer : Answer();
  }
  template <typename Request, typename Record>
  std::string Make(const std::string& method, const std::string& text) {
    const std::string name = Do<Request, Record>(method, text).name();
    names_[Schema::Of(Record::descriptor()).type()].push_back(name);
    return name;
  }
  // Removes what is random, and what a sealer adds at an unpredictable time.
  static std::string Plain(std::string text) {
    static const std::regex token("[A-Za-z0-9_+/=.-]{40,}"), id("[0-9a-z]{26}"), place("place: [0-9]+"),
        known("known_time \\{[^}]*\\}"), of_report("token: \"[^\"]+\"");
    for (const auto& [what, word] :
         {std::pair(&token, "TOKEN"), {&id, "ID"}, {&place, "PLACE"}, {&known, "KNOWN"}, {&of_report, "TOKEN"}}) {
      text = std::regex_replace(text, *what, word);
    }
    return text;
  }

  SeededEntropy entropy_;
  Server server_;
  std::unique_ptr<rpc::Peer> peer_;
  Names names_;
};

struct Somebody {
  std::string label, role;
  rpc::CallOptions options;
};

class TrainingBlindTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (GetParam() == Engine::kMysql && std::getenv("TSUNAGU_TEST_MYSQL") == nullptr) {
      GTEST_SKIP() << "TSUNAGU_TEST_MYSQL names no server";
    }
    for (auto& side : sides_) side = std::make_unique<Side>(GetParam(), clock_);
    for (const auto& [collection, resource] : sides_[0]->service().resources()) {
      for (const contract::Field& field : resource.table->schema().fields()) {
        if (field.rule.privacy() != PRIVACY_UNSPECIFIED) fields_.push_back({collection, &field});
      }
    }
  }

  // One value of every private field, each of its own.
  Secrets SecretsOf(int which) const {
    constexpr const char* kLetters[] = {"ア", "イ", "ウ", "エ", "オ", "カ", "キ", "ク", "ケ", "コ", "サ", "シ", "ス"};
    Secrets secrets;
    for (size_t i = 0; i < fields_.size(); ++i) {
      secrets[NameOf(fields_[i])] = absl::StrCat("ヒミツ", kLetters[i], which == 0 ? "ン" : "ヲ");
    }
    return secrets;
  }

  // Every shipped role, and whoever may do everything but see. `area`: what it reaches.
  void AddCallers(const std::string& area, bool with_hand) {
    std::map<std::string, std::vector<std::string>> roles;
    for (const auto& [id, role] : sides_[0]->service().access().shipped()) roles[id] = role.permissions;
    if (with_hand) {
      roles["hand"] = {"*.read",  "*.write",  "*.search", "*.import", "*.export", "*.issue",     "*.verify",
                       "*.check", "*.revoke", "*.select", "*.grant",  "access.*", "operations.*"};
    }
    for (const auto& [id, permissions] : roles) {
      if (id == "admin") continue;
      identity::Grant grant{{permissions.begin(), permissions.end()}, identity::Scope::Of({area})};
      permissions_[id] = grant;
      for (const char* purpose : {"", "training"}) {
        Somebody one{absl::StrCat(id, " in ", area, *purpose == 0 ? "" : " with a purpose"), id, {}};
        one.options.api_key = absl::StrCat("tsunagu_key_of_", id, "_", absl::StrReplaceAll(area, {{"/", "_"}}));
        one.options.purpose = purpose;
        for (auto& side : sides_) {
          side->service().access().AddFixed(one.options.api_key, {id, "", identity::Grants({grant}), nullptr});
        }
        callers_.push_back(one);
      }
    }
  }

  struct Private {
    std::string collection;
    const contract::Field* field;
  };
  static std::string NameOf(const Private& one) { return absl::StrCat(one.collection, ".", one.field->name()); }
  bool MaySee(const Somebody& caller, const Private& one) const {
    const std::string verb = one.field->rule.privacy() == PRIVACY_IDENTIFYING ? ".identity" : ".confidential";
    return !caller.options.purpose.empty() && permissions_.at(caller.role).Permits(one.collection + verb);
  }

  static std::vector<const MethodDescriptor*> AllMethods() {
    std::set<const google::protobuf::ServiceDescriptor*> services;
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    for (const auto* message :
         {v1::Learner::descriptor(), v1::Enrollment::descriptor(), v1::Course::descriptor(),
          v1::Curriculum::descriptor(), v1::Session::descriptor(), v1::Attendance::descriptor(),
          v1::Certificate::descriptor(), v1::PermitApplication::descriptor(), v1::CarePermit::descriptor(),
          v1::WorkerFiling::descriptor(), v1::PermitRule::descriptor()}) {
      for (int i = 0; i < message->file()->service_count(); ++i) services.insert(message->file()->service(i));
    }
    for (const char* one :
         {"training.v1.TrialService", "training.v1.TestResultService", "training.v1.StatementService",
          "training.v1.RosterService", "training.v1.SignInSheetService", "training.v1.SigningKeyService",
          "training.v1.TrainingReportService", "platform.v1.AccessLogService", "platform.v1.ChangeService",
          "platform.v1.DeliveryService", "platform.v1.DueService", "platform.v1.RevisionService",
          "platform.v1.OperationService", "platform.v1.ReportService"}) {
      const auto* found = pool->FindServiceByName(absl::StrCat("tsunagu.", one));
      EXPECT_NE(found, nullptr) << one;
      if (found != nullptr) services.insert(found);
    }
    std::vector<const MethodDescriptor*> methods;
    for (const auto* service : services) {
      for (int i = 0; i < service->method_count(); ++i) {
        const auto* method = service->method(i);
        const bool waits = method->name() == "WaitOperation" || method->name() == "Watch";
        if (method->client_streaming() || waits) continue;
        methods.push_back(method);
      }
    }
    return methods;
  }

  // The names that may stand in a field: those of what it refers to.
  static std::vector<std::string> Choices(const FieldDescriptor& field, const Names& names) {
    const auto& reference = field.options().GetExtension(google::api::resource_reference);
    for (const std::string& type : {reference.type(), reference.child_type()}) {
      const auto found = names.find(type);
      if (found != names.end()) return found->second;
    }
    std::vector<std::string> all;
    if (field.name() == "resource_name" || field.name() == "name") {
      for (const auto& [type, some] : names) all.insert(all.end(), some.begin(), some.end());
    } else if (field.name() == "parent") {
      all = {"services/training"};
    }
    return all;
  }
  // Fills references with the n-th name each, fields that are called as a private one with what is guessed, and what is
  // required and otherwise empty with something. How many names there are to choose from.
  size_t Fill(Message& message, const Names& names, size_t n, const Secrets& guess, int depth = 0) const {
    size_t most = 1;
    const auto& reflection = *message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = message.GetDescriptor()->field(i);
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        const bool date = field->message_type()->full_name() == "google.type.Date";
        const bool record = field->message_type()->file()->package() == "tsunagu.training.v1";
        if (record && !field->is_repeated() && depth == 0) {
          most = std::max(most, Fill(*reflection.MutableMessage(&message, field), names, n, guess, 1));
        } else if (date && depth == 1) {
          google::protobuf::TextFormat::ParseFromString("year: 2050 month: 4 day: 2",
                                                        reflection.MutableMessage(&message, field));
        }
        continue;
      }
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL && field->name() == "validate_only") {
        reflection.SetBool(&message, field, true);
      }
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM &&
          (depth == 1 || field->name() == "act" || field->name() == "audience")) {
        field->is_repeated() ? reflection.AddEnumValue(&message, field, 1)
                             : reflection.SetEnumValue(&message, field, 1);
      }
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING || field->is_repeated()) continue;
      const std::vector<std::string> choices = Choices(*field, names);
      most = std::max(most, choices.size());
      std::string text = choices.empty() ? "" : choices[std::min(n, choices.size() - 1)];
      for (const auto& [name, value] : guess) {
        if (text.empty() && absl::EndsWith(name, "." + field->name())) text = value;
      }
      if (text.empty() && depth == 0 && field->name() == "office") text = "31-1";
      if (text.empty() && depth == 0 && field->name() == "number") text = "認-9";
      reflection.SetString(&message, field, text);
    }
    return most;
  }

  // Calls a method in every way that its request knows, on both sides.
  void Ask(const Somebody& caller, const MethodDescriptor& method, const Secrets& guess,
           const std::vector<Private>& hidden) {
    const bool writes = method.options().GetExtension(tsunagu::method).mutating();
    const auto* descriptor = method.input_type();
    if (writes && descriptor->FindFieldByName("validate_only") == nullptr) return;
    size_t most = 1;
    for (size_t n = 0; n < most; ++n) {
      std::unique_ptr<Message> requests[2];
      for (int i = 0; i < 2; ++i) {
        requests[i] = New(descriptor);
        most = std::max(most, Fill(*requests[i], NamesOn(i), n, guess));
      }
      const std::string label = absl::StrCat(caller.label, ": ", method.full_name());
      const auto* filter = descriptor->FindFieldByName("filter");
      const auto* mask = descriptor->FindFieldByName("update_mask");
      if (mask == nullptr) Compare(caller, label, method, requests);
      for (const Private& one : hidden) {
        if (one.field->descriptor->file() != method.file()) continue;
        const std::string field = one.field->name();
        if (filter != nullptr && n == 0 && absl::StrContains(method.name(), "List")) {
          for (auto& request : requests) {
            request->GetReflection()->SetString(request.get(), filter,
                                                absl::StrCat(field, " = \"", guess.at(NameOf(one)), "\""));
          }
          Compare(caller, absl::StrCat(label, " ", field), method, requests);
          for (auto& request : requests) request->GetReflection()->ClearField(request.get(), filter);
        }
        if (mask == nullptr) continue;
        for (auto& request : requests) {
          auto& paths =
              static_cast<google::protobuf::FieldMask&>(*request->GetReflection()->MutableMessage(request.get(), mask));
          paths.Clear();
          paths.add_paths(field);
        }
        Compare(caller, absl::StrCat(label, " ", field), method, requests);
      }
    }
  }
  virtual const Names& NamesOn(int side) const { return sides_[side]->names(); }

  void Compare(const Somebody& caller, const std::string& label, const MethodDescriptor& method,
               const std::unique_ptr<Message> (&requests)[2]) {
    Compare(label, sides_[0]->Answer(method, *requests[0], caller.options),
            sides_[1]->Answer(method, *requests[1], caller.options));
  }
  void Compare(const std::string& label, std::string one, std::string other) {
    ++compared_;
    answered_ += absl::StrContains(one, "OK") ? 1 : 0;
    // Drawn pages are compared only for callers who may see none of it.
    for (std::string* text : {&one, &other}) {
      *text = absl::StrReplaceAll(*text, seen_);
      const size_t paper = seen_.empty() ? std::string::npos : text->find("data: \"%PDF");
      if (paper != std::string::npos) text->replace(paper, text->find('\n', paper) - paper, "PAPER");
    }
    if (one == other) return;
    if (++differing_ <= 10) {
      EXPECT_EQ(one, other) << label;  // ten of them tell enough
    }
  }

  void AskEverything(const Somebody& caller, const Secrets& guess, const std::vector<Private>& hidden) {
    for (const MethodDescriptor* method : AllMethods()) Ask(caller, *method, guess, hidden);
    for (const auto& [collection, resource] : sides_[0]->service().resources()) {
      Compare(absl::StrCat(caller.label, ": export of ", collection), sides_[0]->ExportSays(caller.options, collection),
              sides_[1]->ExportSays(caller.options, collection));
    }
  }

  void ExpectNoneDiffers() {
    EXPECT_EQ(differing_, 0) << "of " << compared_;
    EXPECT_GT(answered_, compared_ / 20) << "most are refused, but not all";
    RecordProperty("compared", compared_);
    RecordProperty("answered", answered_);
  }

  FakeClock clock_{absl::FromUnixSeconds(2'532'567'600)};
  std::unique_ptr<Side> sides_[2];
  std::vector<Private> fields_;
  std::vector<Somebody> callers_;
  std::map<std::string, identity::Grant> permissions_;     // by role
  std::vector<std::pair<std::string, std::string>> seen_;  // what the caller may see, and how it is called instead
  int compared_ = 0, differing_ = 0, answered_ = 0;
};
WIRE_TEST_ON_BOTH(TrainingBlindTest);

TEST_P(TrainingBlindTest, NoAnswerDependsOnWhatMayNotBeSeen) {
  const Secrets secrets[] = {SecretsOf(0), SecretsOf(1)};
  for (int i = 0; i < 2; ++i) sides_[i]->MakeSomebody("areas/312011", "areas/310000", secrets[i]);
  AddCallers("areas/31", true);
  int hidden_fields = 0;
  for (const Somebody& caller : callers_) {
    std::vector<Private> hidden;
    seen_.clear();
    // What is told in two places is told where it may be seen in one: who she was called when she was certified, and
    // for whom the application was that led to the permit.
    std::set<std::string> seen;
    for (const Private& one : fields_) {
      if (!MaySee(caller, one)) continue;
      seen.insert(NameOf(one));
      if (NameOf(one) == "learners.display_name") seen.insert("certificates.holder");
      if (NameOf(one) == "carePermits.client") seen.insert("permitApplications.client");
    }
    for (const Private& one : fields_) {
      if (seen.count(NameOf(one)) == 0) {
        hidden.push_back(one);
        continue;
      }
      for (const Secrets& side : secrets) seen_.push_back({side.at(NameOf(one)), "SEEN"});
    }
    hidden_fields += static_cast<int>(hidden.size());
    Secrets guess = secrets[0];
    for (const std::string& name : seen) guess.erase(name);
    AskEverything(caller, guess, hidden);
  }
  EXPECT_GE(fields_.size(), 12u);
  EXPECT_GT(hidden_fields, 60);
  ExpectNoneDiffers();
}

// Somebody elsewhere, of whom the callers know the names of all records: they are told as little as if she were not
// there.
class TrainingAbsentTest : public TrainingBlindTest {
 protected:
  const Names& NamesOn(int) const override { return sides_[0]->names(); }
};
WIRE_TEST_ON_BOTH(TrainingAbsentTest);

TEST_P(TrainingAbsentTest, WhoIsElsewhereIsNotThere) {
  const Secrets secrets = SecretsOf(0);
  sides_[0]->MakeSomebody("areas/322016", "areas/320005", secrets);
  AddCallers("areas/31", true);
  AddCallers("areas/312011", false);
  for (const Somebody& caller : callers_) AskEverything(caller, secrets, fields_);
  ExpectNoneDiffers();
}

}  // namespace
}  // namespace tsunagu::wire
