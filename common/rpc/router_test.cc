#include "common/rpc/router.h"

#include "common/rpc/echo_fixture.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::rpc {
namespace {

using platform::v1::ListRevisionsRequest;
using platform::v1::ListRevisionsResponse;
using ::testing::HasSubstr;

constexpr char kEchoService[] = "tsunagu.testing.EchoService";

std::string FaultsOf(std::vector<const Module*> modules) {
  return std::string(Router::Create(std::move(modules), {}).status().message());
}

class RouterTest : public ::testing::Test {
 protected:
  Executor executor_{{2, 10}};
  Board board_;
};

TEST_F(RouterTest, ListsEveryFaultAtOnce) {
  Module module("echo", KnowTwo, executor_);
  Binder(module, kEchoService)
      .Raw<EchoResponse, EchoResponse>("Echo", [](Call&) { return nullptr; })
      .UnaryUntyped("Sing", [](Call&, const auto&, auto&) { return absl::OkStatus(); });
  Binder(module, kEchoService).Raw<EchoRequest, EchoResponse>("Echo", [](Call&) { return nullptr; });
  Module twin("echo", KnowTwo, executor_);
  const std::string faults = FaultsOf({&module, &twin});
  EXPECT_THAT(faults, HasSubstr("EchoService/Echo: the handler's request is tsunagu.testing.EchoResponse, the "
                                "contract says tsunagu.testing.EchoRequest"));
  EXPECT_THAT(faults, HasSubstr("EchoService/Chat has no handler in echo"));
  EXPECT_THAT(faults, HasSubstr("EchoService/Sing is bound by echo but in no contract"));
  EXPECT_THAT(faults, HasSubstr("EchoService/Echo is bound twice by echo"));
  EXPECT_THAT(faults, HasSubstr("module echo is there twice"));
}

TEST_F(RouterTest, OnlyPlatformMethodsAreShared) {
  Module one("one", KnowTwo, executor_), two("two", KnowTwo, executor_);
  BindEcho(one, board_);
  BindEcho(two, board_);
  EXPECT_THAT(FaultsOf({&one, &two}), HasSubstr("EchoService/Echo is bound by one and by two"));
}

TEST_F(RouterTest, FindsByPath) {
  Module module("echo", KnowTwo, executor_);
  BindEcho(module, board_);
  const auto router = *Router::Create({&module}, {});
  ASSERT_NE(router->Find("/tsunagu.testing.EchoService/Echo"), nullptr);
  EXPECT_EQ(router->Find("/tsunagu.testing.EchoService/Echo")->permission, "echoes.read");
  EXPECT_EQ(router->Find("/tsunagu.testing.EchoService/EchoPublic")->permission, "");
  EXPECT_EQ(router->Find("/tsunagu.testing.EchoService"), nullptr);
  EXPECT_THAT(router->ServiceNames(), ::testing::ElementsAre(kEchoService));
}

// Two services in one process, each with a separate key, that offer the same platform methods.
class PlatformTest : public RouterTest {
 protected:
  PlatformTest() {
    Bind(registry_, "registry");
    Bind(subsidy_, "subsidy");
    router_ = *Router::Create({&registry_, &subsidy_}, {});
    server_ = *InProcessServer::Start(*router_);
    peer_ = std::make_unique<Peer>("suite", server_->Channel());
  }

  static Module::Authenticator Knows(const std::string& key) {
    return [key](const Headers& headers) -> absl::StatusOr<identity::Principal> {
      if (headers.authorization == "Bearer both") return identity::Principal::All("both");
      if (headers.authorization == "Bearer weak") return Holding("weak", {});
      if (headers.authorization != "Bearer " + key) return Fail("UNAUTHENTICATED"_reason);
      return identity::Principal::All(key);
    };
  }

  static void Bind(Module& module, const std::string& name) {
    Binder binder(module, "tsunagu.platform.v1.RevisionService");
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName("tsunagu.platform.v1.RevisionService");
    for (int i = 0; i < service->method_count(); ++i) {
      binder.UnaryUntyped(service->method(i)->name(), [name](Call&, const auto& request, auto& response) {
        static_cast<ListRevisionsResponse&>(response).set_next_page_token(name);
        return absl::OkStatus();
      });
    }
  }

  absl::StatusOr<std::string> Ask(const std::string& parent, const std::string& key) {
    ListRevisionsRequest request;
    request.set_parent(parent);
    request.set_resource_name("areas/1");
    const auto response =
        peer_->Unary<ListRevisionsResponse>("tsunagu.platform.v1.RevisionService/ListRevisions", request, Key(key));
    if (!response.ok()) return response.status();
    return response->next_page_token();
  }

  Module registry_{"registry", Knows("r"), executor_};
  Module subsidy_{"subsidy", Knows("s"), executor_};
  std::unique_ptr<Router> router_;
  std::unique_ptr<InProcessServer> server_;
  std::unique_ptr<Peer> peer_;
};

TEST_F(PlatformTest, TheMessageChooses) {
  EXPECT_EQ(*Ask("services/registry", "both"), "registry");
  EXPECT_EQ(*Ask("services/subsidy/x/y", "both"), "subsidy");
  EXPECT_EQ(*Ask("services/subsidy", "s"), "subsidy");
}

TEST_F(PlatformTest, Refusals) {
  const struct {
    const char* name;
    const char* parent;
    const char* key;
    Reason reason;
  } kCases[] = {
      {"not running", "services/matching", "both", "SERVICE_NOT_RUNNING"_reason},
      {"not running, known to one", "services/matching", "s", "SERVICE_NOT_RUNNING"_reason},
      {"known to another", "services/registry", "s", "UNAUTHENTICATED"_reason},
      {"known to nobody", "services/matching", "x", "UNAUTHENTICATED"_reason},
      {"known to all, and may nothing", "areas/1", "weak", "PERMISSION_DENIED"_reason},
      {"nothing named", "", "both", "FIELD_REQUIRED"_reason},
      {"no service named", "areas/1", "both", "MALFORMED_NAME"_reason},
  };
  for (const auto& c : kCases) EXPECT_EQ(ReasonOf(Ask(c.parent, c.key).status()), c.reason) << c.name;
}

}  // namespace
}  // namespace tsunagu::rpc
