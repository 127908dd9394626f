#include "common/web/rest/docs_page.h"

#include <regex>

#include "common/web/rest/contract_testing.h"
#include "gmock/gmock.h"

namespace tsunagu::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Page() {
  static auto& contract = *new TestContract(R"(
    service Rooms {
      rpc Get(GetRequest) returns (Room) { option (google.api.http) = {get: "/{name=rooms/*}"}; }
      rpc Update(Room) returns (Room) { option (google.api.http) = {patch: "/{name=rooms/*}" body: "*"}; }
      rpc Watch(GetRequest) returns (stream Room) { option (google.api.http) = {get: "/{name=rooms/*}:watch"}; }
    }
    message GetRequest { string name = 1; }
    message Room {
      string name = 1;
      string label = 2 [(tsunagu.field) = {ja: "<b>&名"}];
      repeated Kind kinds = 3;
      Room in = 4;
    }
    enum Kind { KIND_UNSPECIFIED = 0; SMALL = 1 [(tsunagu.ja) = "小"]; }
  )");
  return DocsPage(OpenApi(*HttpRules::Create(contract.methods()), Comments("")));
}

TEST(DocsPageTest, ShowsMethodsSchemasAndReasons) {
  const std::string page = Page();
  for (const char* part : {"<details id=\"Rooms_Get\">", "GET</span> <code>/rooms/{rooms_id}</code>",
                           "PATCH</span> <code>/rooms/{rooms_id}</code>", "<details id=\"testing.Room\">",
                           "list of <a href=\"#testing.Kind\">Kind</a>", "<td><code>SMALL</code></td><td>小</td>",
                           "<tr id=\"FIELD_REQUIRED\">", "lines of <code>"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
}

TEST(DocsPageTest, TextIsText) {
  EXPECT_THAT(Page(), HasSubstr("&lt;b&gt;&amp;名"));
  EXPECT_THAT(Page(), Not(HasSubstr("<b>")));
}

// What a browser would load or follow lies on this server.
TEST(DocsPageTest, NothingLeavesTheMachine) {
  const std::string page = Page();
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(std::string(kDocsStyle), Not(HasSubstr("url(")));
  EXPECT_THAT(std::string(kDocsStyle), Not(HasSubstr("@import")));
  const std::regex link("(?:href|src)=\"([^\"]*)\"");
  int links = 0;
  for (std::sregex_iterator one(page.begin(), page.end(), link), end; one != end; ++one, ++links) {
    const std::string target = (*one)[1];
    EXPECT_TRUE(target[0] == '#' || (target[0] == '/' && target[1] != '/')) << target;
    if (target[0] == '#') {
      EXPECT_THAT(page, HasSubstr(absl::StrCat("id=\"", target.substr(1), "\""))) << target;
    }
  }
  EXPECT_GT(links, 10);
}

}  // namespace
}  // namespace tsunagu::web
