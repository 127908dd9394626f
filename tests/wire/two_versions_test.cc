// A service of the previous version and one of the next, on the same tables at the same time.
#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/access/access.h"
#include "common/base/digest.h"
#include "common/base/status_macros.h"
#include "common/db/mysql/mysql_testing.h"
#include "common/db/open.h"
#include "common/host/keys.h"
#include "common/identity/principal.h"
#include "common/records/store.h"
#include "common/records/verify_tables.h"
#include "common/rpc/in_process_server.h"
#include "common/rpc/router.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "common/testing/note_newer.pb.h"
#include "common/testing/note_older.pb.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

namespace older = trial::older;
namespace newer = trial::newer;

constexpr char kKey[] = "key-of-the-trial-which-is-long-enough";

// One process of one version, as far as callers can tell.
template <class Note, class GetRequest, class CreateRequest, class UpdateRequest, class ListRequest, class ListResponse>
class Version {
 public:
  Version(const std::string& location, const std::string& package)
      : prefix_(absl::StrCat("trial.", package, ".NoteService/")) {
    auto database = store::Open(location);
    EXPECT_EQ(Said(database), "OK");
    HostConfig keys;  // one key store for both, as they share the tables
    keys.data_dir = absl::StrCat(testing::TempDir(), "/tsunagu-keys-", Base32(Sha256(location)).substr(0, 20));
    std::filesystem::create_directories(keys.data_dir);
    auto keyring = OpenKeyring(keys, "trial", **database, Clock::System());
    EXPECT_EQ(Said(keyring), "OK");
    service_ = std::make_unique<Service>("trial", *std::move(database), *std::move(keyring), Clock::System(),
                                         Entropy::System());
    BindStandard(*service_, absl::StrCat("tsunagu.trial.", package, ".NoteService"), service_->Add<Note>());
    store::Opening opening;
    opening.may_migrate = true;
    const absl::Status opened = service_->Open(opening);
    EXPECT_EQ(Said(opened), "OK");
    service_->access().AddFixed(kKey, identity::Principal::All("admin"));
    auto router = rpc::Router::Create({&service_->module()}, rpc::Router::Options());
    EXPECT_EQ(Said(router), "OK");
    router_ = *std::move(router);
    auto server = rpc::InProcessServer::Start(*router_);
    EXPECT_EQ(Said(server), "OK");
    server_ = *std::move(server);
    peer_ = std::make_unique<rpc::Peer>("trial", server_->Channel());
  }
  ~Version() { server_->Stop(absl::ZeroDuration()); }

  absl::StatusOr<Note> Get(const std::string& id) const {
    GetRequest request;
    request.set_name("notes/" + id);
    return Call<Note>("GetNote", request);
  }
  absl::StatusOr<Note> Create(const std::string& id, const Note& note) const {
    CreateRequest request;
    request.set_note_id(id);
    *request.mutable_note() = note;
    return Call<Note>("CreateNote", request);
  }
  absl::StatusOr<Note> Update(const Note& note, const std::string& path) const {
    UpdateRequest request;
    *request.mutable_note() = note;
    request.mutable_update_mask()->add_paths(path);
    return Call<Note>("UpdateNote", request);
  }
  std::set<std::string> Ids(const std::string& filter = "") const {
    ListRequest request;
    request.set_page_size(1000);
    request.set_filter(filter);
    std::set<std::string> ids;
    do {
      const auto page = Call<ListResponse>("ListNotes", request);
      EXPECT_EQ(Said(page), "OK");
      if (!page.ok()) return ids;
      for (const Note& note : page->notes()) ids.insert(note.name().substr(6));
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }
  store::Database& database() const { return service_->store().database(); }
  // What is wrong with the rows, as verify-journal says it.
  std::vector<std::string> WrongRows() const {
    const auto report = store::VerifyTables(service_->store(), true);
    EXPECT_EQ(Said(report), "OK");
    std::vector<std::string> wrong;
    if (!report.ok()) return {Said(report)};
    for (const auto& finding : report->findings) {
      wrong.push_back(absl::StrCat(finding.name, " ", absl::StrJoin(finding.parts, ",")));
    }
    return wrong;
  }

 private:
  template <class Response>
  absl::StatusOr<Response> Call(absl::string_view method, const google::protobuf::Message& request) const {
    return Caller(*peer_, kKey).Call<Response>(absl::StrCat(prefix_, method), request);
  }

  const std::string prefix_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<rpc::Router> router_;
  std::unique_ptr<rpc::InProcessServer> server_;
  std::unique_ptr<rpc::Peer> peer_;
};

using Older = Version<older::Note, older::GetNoteRequest, older::CreateNoteRequest, older::UpdateNoteRequest,
                      older::ListNotesRequest, older::ListNotesResponse>;
using Newer = Version<newer::Note, newer::GetNoteRequest, newer::CreateNoteRequest, newer::UpdateNoteRequest,
                      newer::ListNotesRequest, newer::ListNotesResponse>;

older::Note AnOlder(const std::string& text) {
  older::Note note;
  note.set_text(text);
  note.set_kind(older::Note::TASK);
  note.mutable_board()->set_title("入口");
  return note;
}

newer::Note ANewer(const std::string& text) {
  newer::Note note;
  note.set_text(text);
  note.set_kind(newer::Note::KEEPSAKE);
  note.mutable_board()->set_title("廊下");
  note.mutable_board()->set_height_mm(1500);
  note.set_colour("red");
  note.add_tags("a");
  return note;
}

class TwoVersionsTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (GetParam() == Engine::kSqlite) {
      std::filesystem::create_directory(folder_);
      location_ = folder_ + "/trial.db";
    } else if (store::HasTestServer()) {
      schema_.emplace();
      location_ = absl::StrCat(std::getenv("TSUNAGU_TEST_MYSQL"), "/", schema_->options().schema);
    } else {
      GTEST_SKIP() << "TSUNAGU_TEST_MYSQL names no server";
    }
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Older> StartOlder() const { return std::make_unique<Older>(location_, "older"); }
  std::unique_ptr<Newer> StartNewer() const { return std::make_unique<Newer>(location_, "newer"); }

  const std::string folder_ = absl::StrCat(testing::TempDir(), "/", Base32(Entropy::System().Bytes(10)));
  std::optional<store::TestSchema> schema_;
  std::string location_;
};
WIRE_TEST_ON_BOTH(TwoVersionsTest);

TEST_P(TwoVersionsTest, TheOlderOneReadsWhatTheNewerWroteAndDoesNotWriteIt) {
  const auto old = StartOlder();
  const auto next = StartNewer();
  // Each of these alone would be lost: a field, an enum value, a field of a message within.
  newer::Note coloured = ANewer("c"), kept = ANewer("k"), high = ANewer("h");
  coloured.set_kind(newer::Note::TASK);
  coloured.mutable_board()->clear_height_mm();
  kept.clear_colour();
  kept.clear_tags();
  high.set_kind(newer::Note::TASK);
  for (const auto& [id, note] : {std::pair("coloured", coloured), std::pair("kept", kept), std::pair("high", high)}) {
    SCOPED_TRACE(id);
    const auto made = next->Create(id, note);
    ASSERT_EQ(Said(made), "OK");
    auto seen = old->Get(id);
    ASSERT_EQ(Said(seen), "OK");
    EXPECT_EQ(seen->text(), note.text());
    EXPECT_EQ(seen->board().title(), "廊下");
    EXPECT_NE(static_cast<int>(seen->kind()), 2) << "what it does not know reads as not set";
    seen->set_text("changed");
    EXPECT_EQ(Said(old->Update(*seen, "text")), "UNAVAILABLE NEWER_RECORD");
    EXPECT_EQ(next->Get(id)->SerializeAsString(), made->SerializeAsString()) << "nothing is lost";
  }
  EXPECT_EQ(old->Ids().size(), 3u);
  EXPECT_EQ(next->Ids("colour = \"red\"").size(), 2u);
  EXPECT_EQ(next->Ids("tags:\"a\"").size(), 2u);
}

TEST_P(TwoVersionsTest, TheOlderOneGoesOnWithWhatItAloneWrote) {
  const auto old = StartOlder();
  ASSERT_EQ(Said(old->Create("a", AnOlder("before"))), "OK");
  const auto next = StartNewer();
  EXPECT_EQ(next->Get("a")->text(), "before");
  EXPECT_EQ(next->Get("a")->colour(), "");
  older::Note note = *old->Get("a");
  note.set_text("by the older one");
  ASSERT_EQ(Said(old->Update(note, "text")), "OK");
  ASSERT_EQ(Said(old->Create("b", AnOlder("meanwhile"))), "OK");
  EXPECT_EQ(next->Ids("colour = \"\""), (std::set<std::string>{"a", "b"})) << "absent is the default";
  EXPECT_EQ(next->Ids("colour != \"red\""), (std::set<std::string>{"a", "b"}));

  newer::Note changed = *next->Get("a");
  EXPECT_EQ(changed.text(), "by the older one");
  changed.set_colour("blue");
  ASSERT_EQ(Said(next->Update(changed, "colour")), "OK");
  note = *old->Get("a");
  note.set_text("lost?");
  EXPECT_EQ(Said(old->Update(note, "text")), "UNAVAILABLE NEWER_RECORD");
  EXPECT_EQ(next->Get("a")->colour(), "blue");
}

TEST_P(TwoVersionsTest, TheSchemaIsChangedWhileTheOlderOneServes) {
  const auto old = StartOlder();
  std::atomic<bool> over{false};
  std::atomic<int> made{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 3; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; !over || i < 5; ++i) {
        const std::string id = absl::StrCat("o", caller, "-", i);
        EXPECT_EQ(Said(old->Create(id, AnOlder(id))), "OK");
        EXPECT_EQ(Said(old->Get(id)), "OK");
        ++made;
      }
    });
  }
  while (made < 10) std::this_thread::yield();
  const auto next = StartNewer();
  const int before = made;
  while (made < before + 10) std::this_thread::yield();
  over = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(next->Ids().size(), static_cast<size_t>(made));
  EXPECT_THAT(next->WrongRows(), testing::IsEmpty()) << "fields that they never had say nothing";
}

TEST_P(TwoVersionsTest, BothWriteAndReadAtTheSameTime) {
  constexpr int kCallers = 3, kEach = 15;
  const auto old = StartOlder();
  const auto next = StartNewer();
  const auto write = [&](const auto& version, const auto& make, const std::string& prefix, const auto& check) {
    for (int i = 0; i < kEach; ++i) {
      const std::string id = absl::StrCat(prefix, i);
      auto note = version.Create(id, make(id));
      ASSERT_EQ(Said(note), "OK");
      note->set_text("changed");
      ASSERT_EQ(Said(version.Update(*note, "text")), "OK");
      for (const std::string& other : version.Ids()) check(other);
    }
  };
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      write(*old, AnOlder, absl::StrCat("o", caller, "-"), [&](const std::string& id) {
        if (id[0] != 'n') return;
        older::Note note = *old->Get(id);
        note.set_text("lost?");
        note.clear_etag();  // whatever the newer one has done to it since
        EXPECT_EQ(Said(old->Update(note, "text")), "UNAVAILABLE NEWER_RECORD");
      });
    });
    callers.emplace_back([&, caller] {
      write(*next, ANewer, absl::StrCat("n", caller, "-"), [&](const std::string& id) {
        const auto note = next->Get(id);
        ASSERT_EQ(Said(note), "OK");
        EXPECT_EQ(note->colour(), id[0] == 'n' ? "red" : "");
      });
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(old->Ids(), next->Ids());
  EXPECT_EQ(next->Ids().size(), size_t{2 * kCallers * kEach});
  for (const std::string& id : next->Ids("colour = \"red\"")) {
    const newer::Note note = *next->Get(id);
    EXPECT_EQ(note.text(), "changed");
    EXPECT_EQ(note.kind(), newer::Note::KEEPSAKE);
    EXPECT_EQ(note.board().height_mm(), 1500);
    EXPECT_EQ(note.tags_size(), 1);
  }
  EXPECT_EQ(Count(next->database(), "SELECT COUNT(*) FROM `journal` WHERE `name` LIKE 'notes/%'"),
            int64_t{2 * 2 * kCallers * kEach})
      << "each change exactly once";
}

TEST_P(TwoVersionsTest, BackToTheVersionBefore) {
  {
    const auto old = StartOlder();
    ASSERT_EQ(Said(old->Create("o", AnOlder("o"))), "OK");
  }
  {
    const auto next = StartNewer();
    ASSERT_EQ(Said(next->Create("n", ANewer(std::string(80, 'n')))), "OK");
  }
  {
    const auto old = StartOlder();
    EXPECT_EQ(old->Ids(), (std::set<std::string>{"n", "o"}));
    EXPECT_EQ(old->Get("n")->text().size(), 80u) << "longer than it would take itself";
    older::Note note = *old->Get("o");
    note.set_text("again");
    EXPECT_EQ(Said(old->Update(note, "text")), "OK");
    EXPECT_EQ(Said(old->Create("p", AnOlder("p"))), "OK");
  }
  const auto next = StartNewer();
  EXPECT_EQ(next->Ids(), (std::set<std::string>{"n", "o", "p"}));
  EXPECT_EQ(next->Get("n")->board().height_mm(), 1500);
}

}  // namespace
}  // namespace tsunagu::wire
