// Every unary method gives the same answer or error over gRPC, REST and Connect for the same random requests. Each
// protocol has a server of its own, since many calls change data; the servers are equal, byte for byte.
#include <future>
#include <map>
#include <random>
#include <regex>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/access/access.h"
#include "common/contract/schema.h"
#include "common/rpc/wire.h"
#include "common/service/service.h"
#include "common/text/json.h"
#include "common/text/json_values.h"
#include "common/web/rest/http_error.h"
#include "common/web/rest/http_rule.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/rpc/status.pb.h"
#include "google/type/date.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "tests/contracts/contracts.h"
#include "tests/rest/rest_client.h"
#include "tests/rest/vanguard.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using web::HttpRule;

// A whole suite that behaves like any other one in the same test.
struct Twin {
  Twin() {
    server.config().web_listen = "127.0.0.1:0";
    server.Restart();
    for (const auto& [collection, file] : std::vector<std::pair<const char*, const char*>>{
             {"areas",
              "団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,市区町村名（カナ）\n"
              "310000,鳥取県,,トットリケン,\n312011,鳥取県,鳥取市,トットリケン,トットリシ\n"}}) {
      const Imported imported = ImportCsv(server.admin(), collection, file);
      EXPECT_EQ(imported.counts.created_count(), 2) << Said(imported.status);
    }
    // Now, instead of at their next interval.
    for (const char* service : {"training", "subsidy", "matching"}) {
      EXPECT_TRUE(server.host().Find(service)->access().LoadPlaces().ok());
    }
  }
  FakeClock clock{absl::FromUnixSeconds(2'532'567'600)};
  SeededEntropy entropy{7};
  Server server{Engine::kSqlite, clock, entropy, {{"registry", "training", "subsidy", "matching"}, {}, "", {}, false}};
};

// Invents requests: mostly well-formed, rarely valid.
class Inventor {
 public:
  explicit Inventor(uint32_t seed) : random_(seed) {
    contracts::ForEachMessage(contracts::OurContracts(), [&](const Descriptor& message) {
      const auto& resource = message.options().GetExtension(google::api::resource);
      if (resource.pattern_size() > 0) patterns_[resource.type()] = resource.pattern(0);
    });
  }

  void Fill(Message& message, const HttpRule& rule) {
    FillFields(message, rule, 0);
    for (const HttpRule::Variable& variable : rule.variables) SetVariable(message, rule, variable);
    const FieldDescriptor* mask = message.GetDescriptor()->FindFieldByName("update_mask");
    if (mask == nullptr || rule.body_field == nullptr) return;
    google::protobuf::FieldMask paths;  // without a mask, REST updates the fields in the body
    const Descriptor& record = *rule.body_field->message_type();
    for (int i = 0; i < 2; ++i) paths.add_paths(record.field(Below(record.field_count()))->name());
    message.GetReflection()->MutableMessage(&message, mask)->CopyFrom(paths);
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }

  std::string Id(absl::string_view collection, const HttpRule& rule) {
    if (collection == "areas") return Below(3) == 0 ? "312011" : "310000";
    if (collection != "services") return Below(2) == 0 ? "x1" : "x2";
    return "registry";
  }

  std::string Name(absl::string_view pattern, const HttpRule& rule) {
    std::vector<std::string> parts = absl::StrSplit(pattern, '/');
    for (size_t i = 1; i < parts.size(); i += 2) parts[i] = Id(parts[i - 1], rule);
    return absl::StrJoin(parts, "/");
  }

  void SetVariable(Message& message, const HttpRule& rule, const HttpRule::Variable& variable) {
    std::vector<std::string> parts;
    for (size_t i = variable.begin; i < variable.end; ++i) {
      const HttpRule::Segment& segment = rule.segments[i];
      const bool literal = segment.kind == HttpRule::Segment::kLiteral;
      parts.push_back(literal ? segment.text : Id(parts.empty() ? "" : parts.back(), rule));
    }
    Message* holder = &message;
    for (size_t i = 0; i + 1 < variable.field.size(); ++i) {
      holder = holder->GetReflection()->MutableMessage(holder, variable.field[i]);
    }
    holder->GetReflection()->SetString(holder, variable.field.back(), absl::StrJoin(parts, "/"));
  }

  void FillFields(Message& message, const HttpRule& rule, int depth) {
    const Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const bool in_query = depth == 0 && rule.body != HttpRule::Body::kAll && &field != rule.body_field;
      const bool object = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
      if (field.is_map() || (in_query && object && field.is_repeated()) || Below(3) == 0 || (object && depth > 2))
        continue;
      const auto* oneof = field.real_containing_oneof();
      if (oneof != nullptr && message.GetReflection()->HasOneof(message, oneof)) continue;
      FillField(message, field, rule, depth);
    }
  }

  void FillField(Message& message, const FieldDescriptor& field, const HttpRule& rule, int depth) {
    const auto& reflection = *message.GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Message& value =
          field.is_repeated() ? *reflection.AddMessage(&message, &field) : *reflection.MutableMessage(&message, &field);
      return FillMessage(value, rule, depth + 1);
    }
    ASSERT_TRUE(contract::PutScalar(message, field, Scalar(field, rule)).ok()) << field.full_name();
  }

  void FillMessage(Message& value, const HttpRule& rule, int depth) {
    const std::string& type = value.GetDescriptor()->full_name();
    if (type == "google.type.Date") {
      google::type::Date day;
      day.set_year(2050);
      day.set_month(1 + Below(12));
      day.set_day(1 + Below(28));
      value.CopyFrom(day);
    } else if (type == "google.protobuf.Timestamp") {
      google::protobuf::Timestamp time;
      time.set_seconds(2'532'500'000 + Below(100'000));
      value.CopyFrom(time);
    } else if (type == "google.protobuf.FieldMask") {
      google::protobuf::FieldMask mask;
      mask.add_paths("display_name");
      value.CopyFrom(mask);
    } else {
      FillFields(value, rule, depth);
    }
  }

  contract::JsonScalar Scalar(const FieldDescriptor& field, const HttpRule& rule) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return Below(2) == 0;
      case FieldDescriptor::CPPTYPE_ENUM:
        return field.enum_type()->value(Below(field.enum_type()->value_count()))->name();
      case FieldDescriptor::CPPTYPE_STRING:
        return Text(field, rule);
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        return 0.5 * Below(9);
      default:
        return int64_t{Below(4)};
    }
  }

  std::string Text(const FieldDescriptor& field, const HttpRule& rule) {
    if (field.type() == FieldDescriptor::TYPE_BYTES) return absl::Base64Escape("a,b\n1,2\n");
    if (field.name() == "filter") return Below(2) == 0 ? "name = \"areas/310000\"" : "x = 1 OR";
    if (field.name() == "order_by") return Below(2) == 0 ? "" : "name desc";
    if (field.name() == "page_token") return Below(4) == 0 ? "あ/?&=+ %" : "";
    const auto& reference = field.options().GetExtension(google::api::resource_reference);
    const auto pattern = patterns_.find(reference.type());
    if (pattern != patterns_.end() && Below(5) != 0) return Name(pattern->second, rule);
    static const auto& texts =
        *new std::vector<std::string>{"x", "312011", "つなぐ", " space ", std::string(300, 'y'), "a-1"};
    return texts[static_cast<size_t>(Below(static_cast<int>(texts.size())))];
  }

  std::mt19937 random_;
  std::map<std::string, std::string> patterns_;
};

// Replaces keys, and what is signed or sealed with them, since they are random.
std::string WithoutChance(const std::string& body) {
  static const std::regex& chance =
      *new std::regex(R"re("(secret|key_id|next_page_token|resume_token|jwks|status_list)":"(\\.|[^"\\])*")re");
  return std::regex_replace(body, chance, "\"$1\":\"\"");
}

struct Told {
  int status;
  std::string body;
  friend bool operator==(const Told&, const Told&) = default;
  friend void PrintTo(const Told& told, std::ostream* out) { *out << told.status << " " << told.body; }
};

// The expected answer of REST, from gRPC.
Told ByGrpc(Server& server, const HttpRule& rule, const Message& request, Message& answer) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", server.admin().options().api_key));
  context.AddMetadata("tsunagu-purpose", "tests");
  grpc::GenericStub stub(server.channel());
  const auto sent = rpc::Encode(request);
  grpc::ByteBuffer received;
  std::promise<grpc::Status> ended;
  stub.UnaryCall(&context, rule.Route(), {}, &*sent, &received,
                 [&](grpc::Status how) { ended.set_value(std::move(how)); });
  const grpc::Status status = ended.get_future().get();
  if (!status.ok()) {
    const web::HttpError error = web::RenderError(status, {});
    return {error.status, error.body};
  }
  EXPECT_TRUE(rpc::Decode(received, answer).ok());
  return {200, WithoutChance(*contract::MessageToJson(answer, false))};
}

std::string Escape(absl::string_view text, absl::string_view kept) {
  std::string escaped;
  for (const char c : text) {
    const bool plain = absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                       absl::StrContains("-._~", std::string(1, c)) || kept.find(c) != absl::string_view::npos;
    absl::StrAppend(&escaped,
                    plain ? std::string(1, c) : absl::StrCat("%", absl::Hex(static_cast<uint8_t>(c), absl::kZeroPad2)));
  }
  return escaped;
}

// Writes a request in REST form, and clears the fields that it has written.
class Writer {
 public:
  Writer(const HttpRule& rule, const Message& request) : rule_(rule), left_(request.New()) { left_->CopyFrom(request); }

  HttpAnswer Send(const RestClient& client) {
    const std::string path = Path();
    std::string body;
    if (rule_.body == HttpRule::Body::kAll) {
      body = *contract::MessageToJson(*left_, false);
    } else {
      if (rule_.body_field != nullptr && left_->GetReflection()->HasField(*left_, rule_.body_field)) {
        body = *contract::MessageToJson(left_->GetReflection()->GetMessage(*left_, rule_.body_field), false);
        left_->GetReflection()->ClearField(left_.get(), rule_.body_field);
      }
      Query(*left_, "");
    }
    const std::string target = query_.empty() ? path : absl::StrCat(path, "?", absl::StrJoin(query_, "&"));
    return client.Ask(rule_.verb, target, body, {{"tsunagu-purpose", "tests"}});
  }

 private:
  std::string Path() {
    std::vector<std::string> values;
    std::string path;
    for (size_t i = 0; i < rule_.segments.size();) {
      const HttpRule::Variable* here = nullptr;
      for (const HttpRule::Variable& variable : rule_.variables) here = variable.begin == i ? &variable : here;
      if (here == nullptr) {
        absl::StrAppend(&path, "/", rule_.segments[i++].text);
        continue;
      }
      Message* holder = left_.get();
      for (size_t k = 0; k + 1 < here->field.size(); ++k)
        holder = holder->GetReflection()->MutableMessage(holder, here->field[k]);
      absl::StrAppend(&path, "/", Escape(holder->GetReflection()->GetString(*holder, here->field.back()), "/"));
      holder->GetReflection()->ClearField(holder, here->field.back());
      i = here->end;
    }
    return rule_.custom.empty() ? path : absl::StrCat(path, ":", rule_.custom);
  }

  void Query(const Message& message, const std::string& prefix) {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      const std::string name = prefix + field->name();
      const bool object = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
      if (object && contract::IsJsonObject(*field->message_type())) {
        Query(message.GetReflection()->GetMessage(message, field), name + ".");
        continue;
      }
      std::unique_ptr<Message> one(message.New());
      one->CopyFrom(message);
      for (const FieldDescriptor* other : fields) {
        if (other != field) one->GetReflection()->ClearField(one.get(), other);
      }
      nlohmann::json value = nlohmann::json::parse(*contract::MessageToJson(*one, false))[field->name()];
      if (!value.is_array()) value = nlohmann::json::array({value});
      for (const auto& item : value) {
        query_.push_back(absl::StrCat(name, "=", Escape(item.is_string() ? item.get<std::string>() : item.dump(), "")));
      }
    }
  }

  const HttpRule& rule_;
  std::unique_ptr<Message> left_;
  std::vector<std::string> query_;
};

// Converts an error of Connect to the form of gRPC.
grpc::Status StatusOf(const nlohmann::json& error) {
  static const std::vector<std::string>& codes = *new std::vector<std::string>{
      "ok",        "canceled",       "unknown",           "invalid_argument",   "deadline_exceeded",
      "not_found", "already_exists", "permission_denied", "resource_exhausted", "failed_precondition",
      "aborted",   "out_of_range",   "unimplemented",     "internal",           "unavailable",
      "data_loss", "unauthenticated"};
  google::rpc::Status whole;
  whole.set_message(error.value("message", ""));
  whole.set_code(static_cast<int>(std::find(codes.begin(), codes.end(), error.value("code", "")) - codes.begin()));
  for (const auto& detail : error.value("details", nlohmann::json::array())) {
    google::protobuf::Any& any = *whole.add_details();
    any.set_type_url("type.googleapis.com/" + detail.value("type", ""));
    std::string value = detail.value("value", "");
    value.resize((value.size() + 3) / 4 * 4, '=');
    EXPECT_TRUE(absl::Base64Unescape(value, any.mutable_value()));
  }
  return {static_cast<grpc::StatusCode>(whole.code()), whole.message(), whole.SerializeAsString()};
}

Told ByConnect(const RestClient& client, const HttpRule& rule, const Message& request) {
  const HttpAnswer answer =
      client.Ask("POST", rule.Route(), *contract::MessageToJson(request, false), {{"tsunagu-purpose", "tests"}});
  if (answer.status == 200) return {200, WithoutChance(answer.body)};
  const web::HttpError error = web::RenderError(StatusOf(answer.json()), {});
  return {error.status, error.body};
}

web::HttpRules RulesOfUnaryMethods() {
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  contracts::ForEachMethod(contracts::OurContracts(), [&](const auto& method) {
    if (!method.client_streaming() && !method.server_streaming()) methods.push_back(&method);
  });
  return *web::HttpRules::Create(methods);
}

TEST(RestDifferentialTest, EveryUnaryMethodSaysTheSame) {
  Twin grpc, rest, connect;
  const RestClient client(rest.server.host().web_address(), rest.server.admin().options().api_key);
  const RestClient connecting(connect.server.host().web_address(), connect.server.admin().options().api_key);
  const web::HttpRules rules = RulesOfUnaryMethods();
  ASSERT_GE(rules.all().size(), 300);
  Inventor inventor(20250401);
  std::map<int, int> told;
  for (int round = 0; round < 6; ++round) {
    for (const auto& rule : rules.all()) {
      auto* types = google::protobuf::MessageFactory::generated_factory();
      std::unique_ptr<Message> request(types->GetPrototype(rule->method->input_type())->New());
      std::unique_ptr<Message> answer(types->GetPrototype(rule->method->output_type())->New());
      inventor.Fill(*request, *rule);
      const Told by_grpc = ByGrpc(grpc.server, *rule, *request, *answer);
      const HttpAnswer by_rest = Writer(*rule, *request).Send(client);
      EXPECT_EQ(by_grpc, (Told{by_rest.status, WithoutChance(by_rest.body)})) << rule->Route() << "\n"
                                                                              << request->ShortDebugString();
      EXPECT_EQ(by_grpc, ByConnect(connecting, *rule, *request)) << rule->Route() << "\n"
                                                                 << request->ShortDebugString();
      ++told[by_rest.status];
    }
  }
  for (const int status : {200, 400, 404}) EXPECT_GT(told[status], 50) << status;
  EXPECT_EQ(told[500], 0);
}

// The same requests over HTTP, to us and to Vanguard in front of a twin of our server.
TEST(RestDifferentialTest, VanguardReadsTheContractsAlike) {
  if (!Vanguard::IsHere()) GTEST_SKIP() << "TSUNAGU_TEST_VANGUARD names no Vanguard";
  Twin rest, behind;
  const Vanguard vanguard(behind.server.host().web_address());
  const RestClient client(rest.server.host().web_address(), rest.server.admin().options().api_key);
  const RestClient other(vanguard.address(), behind.server.admin().options().api_key);
  const web::HttpRules rules = RulesOfUnaryMethods();
  Inventor inventor(20260402);
  std::map<int, int> told;
  for (int round = 0; round < 6; ++round) {
    for (const auto& rule : rules.all()) {
      auto* types = google::protobuf::MessageFactory::generated_factory();
      std::unique_ptr<Message> request(types->GetPrototype(rule->method->input_type())->New());
      std::unique_ptr<Message> answer(types->GetPrototype(rule->method->output_type())->New());
      inventor.Fill(*request, *rule);
      // Known difference: an empty body means no record for us, and an empty record for Vanguard.
      if (rule->body_field != nullptr && !request->GetReflection()->HasField(*request, rule->body_field)) continue;
      const HttpAnswer by_us = Writer(*rule, *request).Send(client);
      const HttpAnswer by_vanguard = Writer(*rule, *request).Send(other);
      const web::HttpError wanted = InOurWords(by_vanguard, *answer);
      EXPECT_EQ((Told{by_us.status, WithoutChance(by_us.body)}), (Told{wanted.status, WithoutChance(wanted.body)}))
          << rule->Route() << "\n"
          << request->ShortDebugString();
      ++told[by_us.status];
    }
  }
  for (const int status : {200, 400, 404}) EXPECT_GT(told[status], 50) << status;
}

}  // namespace
}  // namespace tsunagu::wire
