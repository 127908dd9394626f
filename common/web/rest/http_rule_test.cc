#include "common/web/rest/http_rule.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/web/rest/contract_testing.h"
#include "common/web/rest/http_template.h"
#include "common/web/rest/read_http_rules.h"
#include "gmock/gmock.h"

namespace tsunagu::web {
namespace {

using ::testing::HasSubstr;

struct Template {
  const char* name;
  const char* text;
  const char* shown;  // segments, variables with their positions, verb; or the error
};

std::string Show(const absl::StatusOr<HttpTemplate>& read) {
  if (!read.ok()) return std::string(read.status().message());
  std::string shown;
  for (const HttpRule::Segment& segment : read->segments) {
    absl::StrAppend(&shown, "/", segment.kind == HttpRule::Segment::kOne ? "*" : segment.text);
    if (segment.kind == HttpRule::Segment::kRest) absl::StrAppend(&shown, "**");
  }
  for (const auto& variable : read->variables) {
    absl::StrAppend(&shown, " ", variable.field, "[", variable.begin, ",", variable.end, ")");
  }
  return read->custom.empty() ? shown : absl::StrCat(shown, " :", read->custom);
}

class Templates : public ::testing::TestWithParam<Template> {};

TEST_P(Templates, AreReadByTheGrammar) { EXPECT_EQ(Show(ParseHttpTemplate(GetParam().text)), GetParam().shown); }

INSTANTIATE_TEST_SUITE_P(
    All, Templates,
    ::testing::Values(Template{"Literal", "/v1/areas", "/v1/areas"},
                      Template{"Variable", "/v1/{name}", "/v1/* name[1,2)"},
                      Template{"VariableWithPattern", "/v1/{name=areas/*}", "/v1/areas/* name[1,3)"},
                      Template{"NestedField", "/v1/{area.name=areas/*}", "/v1/areas/* area.name[1,3)"},
                      Template{"TwoVariables", "/{a=x/*}/y/{b.c}", "/x/*/y/* a[0,2) b.c[3,4)"},
                      Template{"Rest", "/v1/{name=**}", "/v1/** name[1,2)"},
                      Template{"BareStars", "/v1/*/**", "/v1/*/**"},
                      Template{"Custom", "/v1/{name=areas/*}:end", "/v1/areas/* name[1,3) :end"},
                      Template{"CustomOfLiteral", "/v1/areas:search", "/v1/areas :search"},
                      Template{"CustomAfterRest", "/v1/{name=**}:end", "/v1/** name[1,2) :end"},
                      Template{"Dots", "/.well-known/a~b_c", "/.well-known/a~b_c"},
                      Template{"Empty", "", ": has to begin with /, at 1"},
                      Template{"NoSlash", "v1", "v1: has to begin with /, at 1"},
                      Template{"OnlySlash", "/", "/: a segment is wanted, at 2"},
                      Template{"EmptySegment", "/a//b", "/a//b: a segment is wanted, at 4"},
                      Template{"TrailingSlash", "/a/", "/a/: a segment is wanted, at 4"},
                      Template{"OpenVariable", "/{a=x", "/{a=x: } is wanted, at 6"},
                      Template{"NoField", "/{=x}", "/{=x}: a field is wanted, at 3"},
                      Template{"VariableInVariable", "/{a={b}}", "/{a={b}}: a segment is wanted, at 5"},
                      Template{"RestNotLast", "/**/a", "/**/a: ** has to stand last, at 6"},
                      Template{"NoVerb", "/a:", "/a:: a verb is wanted, at 4"},
                      Template{"AfterTheVerb", "/a:b/c", "/a:b/c: ends too late, at 5"},
                      Template{"StarAndText", "/a*", "/a*: ends too late, at 3"},
                      Template{"Percent", "/a%20b", "/a%20b: ends too late, at 3"}),
    [](const auto& info) { return std::string(info.param.name); });

constexpr char kThings[] = R"(
  service Things {
    rpc Get(Thing) returns (Thing) {
      option (google.api.http) = {
        get: "/v1/{name=things/*}"
        additional_bindings { get: "/v1/{owner}/things" }
      };
    }
    rpc List(Thing) returns (Thing) { option (google.api.http) = {get: "/v1/things"}; }
    rpc Create(Thing) returns (Thing) { option (google.api.http) = {post: "/v1/things" body: "*"}; }
    rpc Special(Thing) returns (Thing) { option (google.api.http) = {get: "/v1/things/special"}; }
    rpc End(Thing) returns (Thing) { option (google.api.http) = {post: "/v1/{name=things/*}:end" body: "*"}; }
    rpc Part(Thing) returns (Thing) { option (google.api.http) = {get: "/v1/things/*/parts/{part.id}"}; }
    rpc SpecialPart(Thing) returns (Thing) { option (google.api.http) = {get: "/v1/things/special/parts/{part.id}"}; }
    rpc Explain(Thing) returns (Thing) { option (google.api.http) = {get: "/v1/explained/{name=**}"}; }
    rpc ExplainEnd(Thing) returns (Thing) { option (google.api.http) = {get: "/v1/explained/{name=**}:end"}; }
    rpc Purge(Thing) returns (Thing) { option (google.api.http) = {custom {kind: "PURGE" path: "/v1/things"}}; }
    rpc Any(Thing) returns (Thing) { option (google.api.http) = {custom {kind: "*" path: "/v1/any"}}; }
    rpc None(Thing) returns (Thing);
  }
  message Thing { string name = 1; string owner = 2; Part part = 3; }
  message Part { string id = 1; }
)";

struct Path {
  const char* name;
  const char* verb;
  const char* path;
  const char* shown;  // method and values, or the reason
};

class Paths : public ::testing::TestWithParam<Path> {
 protected:
  static HttpRules& Rules() {
    static auto& contract = *new TestContract(kThings);
    static auto& rules = *new HttpRules(*HttpRules::Create(contract.methods()));
    return rules;
  }
};

TEST_P(Paths, MeanTheirRule) {
  const auto match = Rules().Find(GetParam().verb, GetParam().path);
  std::string shown;
  if (match.ok()) {
    shown = match->rule->method->name();
    for (const auto& [variable, value] : match->values)
      absl::StrAppend(&shown, " ", NameOf(variable->field), "=", value);
  } else {
    const Fault fault = FaultOf(match.status());
    shown = ReasonWord(fault);
    for (const auto& [key, value] : fault.args()) absl::StrAppend(&shown, " ", value);
  }
  EXPECT_EQ(shown, GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    All, Paths,
    ::testing::Values(Path{"Get", "GET", "/v1/things/t1", "Get name=things/t1"},
                      Path{"AdditionalBinding", "GET", "/v1/o1/things", "Get owner=o1"},
                      Path{"List", "GET", "/v1/things", "List"}, Path{"Create", "POST", "/v1/things", "Create"},
                      Path{"TextBeforeStar", "GET", "/v1/things/special", "Special"},
                      Path{"Custom", "POST", "/v1/things/t1:end", "End name=things/t1"},
                      Path{"CustomOfAnotherVerb", "GET", "/v1/things/t1:end", "Get name=things/t1:end"},
                      Path{"UnknownCustomIsText", "GET", "/v1/things/t1:other", "Get name=things/t1:other"},
                      Path{"EncodedColonIsNoCustom", "POST", "/v1/things/t1%3Aend", "VERB_NOT_ALLOWED GET"},
                      Path{"NestedField", "GET", "/v1/things/t1/parts/p1", "Part part.id=p1"},
                      Path{"TextInTheMiddle", "GET", "/v1/things/special/parts/p1", "SpecialPart part.id=p1"},
                      Path{"Rest", "GET", "/v1/explained/a/b/c", "Explain name=a/b/c"},
                      Path{"RestOfOne", "GET", "/v1/explained/a", "Explain name=a"},
                      Path{"RestWithVerb", "GET", "/v1/explained/a/b:end", "ExplainEnd name=a/b"},
                      Path{"RestKeepsSlashes", "GET", "/v1/explained/a%2fb/%E5%B8%82", "Explain name=a%2fb/市"},
                      Path{"SeveralSegmentsKeepSlashes", "GET", "/v1/things/a%2Fb", "Get name=things/a%2Fb"},
                      Path{"OneSegmentDecodesAll", "GET", "/v1/things/t1/parts/a%2Fb%20c", "Part part.id=a/b c"},
                      Path{"PlusIsAPlus", "GET", "/v1/things/t1/parts/a+b", "Part part.id=a+b"},
                      Path{"OwnVerb", "PURGE", "/v1/things", "Purge"}, Path{"AnyVerb", "BREW", "/v1/any", "Any"},
                      Path{"WrongVerb", "DELETE", "/v1/things", "VERB_NOT_ALLOWED GET, POST, PURGE"},
                      Path{"WrongVerbOfCustom", "PUT", "/v1/things/t1:end", "VERB_NOT_ALLOWED POST"},
                      Path{"VerbsAreInCapitals", "get", "/v1/things", "VERB_NOT_ALLOWED GET, POST, PURGE"},
                      Path{"Unknown", "GET", "/v1/nothing", "PATH_NOT_FOUND"},
                      Path{"TooShort", "GET", "/v1", "PATH_NOT_FOUND"}, Path{"Root", "GET", "/", "PATH_NOT_FOUND"},
                      Path{"NoPath", "GET", "", "PATH_NOT_FOUND"}, Path{"Asterisk", "OPTIONS", "*", "PATH_NOT_FOUND"},
                      Path{"TrailingSlash", "GET", "/v1/things/", "PATH_NOT_FOUND"},
                      Path{"EmptySegment", "GET", "/v1//things", "PATH_NOT_FOUND"},
                      Path{"OnlyCustom", "POST", "/v1/things/:end", "VERB_NOT_ALLOWED GET"},
                      Path{"CapitalsMatter", "GET", "/v1/Things", "PATH_NOT_FOUND"},
                      Path{"TextIsNotDecoded", "GET", "/v1/%74hings", "PATH_NOT_FOUND"},
                      Path{"HalfAPercent", "GET", "/v1/things/%4", "MALFORMED_URL"},
                      Path{"NoDigits", "GET", "/v1/things/%zz", "MALFORMED_URL"},
                      Path{"Nul", "GET", "/v1/things/a%00", "MALFORMED_URL"},
                      Path{"NoUtf8", "GET", "/v1/things/%FF", "MALFORMED_URL"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(HttpRulesTest, EveryFaultIsToldAtOnce) {
  const TestContract contract(R"(
    service Bad {
      rpc A(In) returns (In) { option (google.api.http) = {get: "/a/{name=x/*}"}; }
      rpc B(In) returns (In) { option (google.api.http) = {get: "/a/x/{name}"}; }
      rpc C(In) returns (In) { option (google.api.http) = {get: "/c/{nobody}"}; }
      rpc D(In) returns (In) { option (google.api.http) = {get: "/d/{many}"}; }
      rpc E(In) returns (In) { option (google.api.http) = {get: "/e/{in}"}; }
      rpc F(In) returns (In) { option (google.api.http) = {get: "/f/{name}/{name}"}; }
      rpc G(In) returns (In) { option (google.api.http) = {get: "/g" body: "*"}; }
      rpc H(In) returns (In) { option (google.api.http) = {post: "/h" body: "name"}; }
      rpc I(In) returns (In) { option (google.api.http) = {post: "/i" body: "*" response_body: "nobody"}; }
      rpc J(In) returns (In) { option (google.api.http) = {body: "*"}; }
      rpc K(In) returns (In) { option (google.api.http) = {get: "/k/{**}"}; }
    }
    message In { string name = 1; repeated string many = 2; In in = 3; }
  )");
  const std::string faults(HttpRules::Create(contract.methods()).status().message());
  for (const char* fault : {"testing.Bad.B: GET /a/x/{name} means the same paths as testing.Bad.A",
                            "nobody is no single field of the request", "many is no single field of the request",
                            "/e/{in}: in is a message", "name is there twice", "GET /g: takes no body",
                            "the body name is no message of the request", "the response_body nobody is no field",
                            "testing.Bad.J:  : has no verb", "/k/{**}: a field is wanted"}) {
    EXPECT_THAT(faults, HasSubstr(fault));
  }
}

// URLs end up in logs, histories and bookmarks.
TEST(HttpRulesTest, NothingConfidentialStandsInAUrl) {
  const TestContract contract(R"(
    service Leaky {
      rpc InPath(Person) returns (Person) { option (google.api.http) = {post: "/a/{family_name}" body: "*"}; }
      rpc InQuery(Search) returns (Person) { option (google.api.http) = {get: "/b"}; }
      rpc BesideTheBody(Write) returns (Person) { option (google.api.http) = {post: "/c" body: "person"}; }
      rpc InTheBody(Search) returns (Person) { option (google.api.http) = {post: "/d" body: "*"}; }
      rpc ByName(Get) returns (Person) { option (google.api.http) = {get: "/{name=persons/*}"}; }
    }
    message Person { string family_name = 1 [(tsunagu.field) = {privacy: PRIVACY_IDENTIFYING}]; Person mother = 2; }
    message Search { Person like = 1; }
    message Write { Person person = 1; string client_secret = 2; }
    message Get { string name = 1; }
  )");
  const std::string faults(HttpRules::Create(contract.methods()).status().message());
  EXPECT_EQ(faults,
            "testing.Leaky.InPath: POST /a/{family_name}: family_name may not stand in a path: it is confidential\n"
            "testing.Leaky.InQuery: GET /b: like.family_name may not stand in a query: it is confidential\n"
            "testing.Leaky.BesideTheBody: POST /c: client_secret may not stand in a query: it is confidential");
}

TEST(HttpRulesTest, TextOfTheSameMeaningInAnyOrder) {
  const TestContract contract(R"(
    service Same {
      rpc A(In) returns (In) { option (google.api.http) = {get: "/{name=**}"}; }
      rpc B(In) returns (In) { option (google.api.http) = {get: "/a/*"}; }
      rpc C(In) returns (In) { option (google.api.http) = {get: "/*/b"}; }
    }
    message In { string name = 1; }
  )");
  const auto rules = HttpRules::Create(contract.methods());
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_EQ(rules->Find("GET", "/a/b")->rule->method->name(), "B");
  EXPECT_EQ(rules->Find("GET", "/c/b")->rule->method->name(), "C");
  EXPECT_EQ(rules->Find("GET", "/c/c")->rule->method->name(), "A");
}

}  // namespace
}  // namespace tsunagu::web
