// No file that a server leaves on a disk contains the name of a person: database, write-ahead log, key store, journal,
// logs, temporary files; and there is no core dump.
#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/mariadb.h"
#include "tests/process/planted.h"
#include "tests/process/server.h"
#include "tsunagu/platform/v1/revision.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::process {
namespace {

using registry::v1::Nurse;

constexpr int kNames = 10'000;

// One server, and everything that a caller can do with names.
class Leaks {
 public:
  explicit Leaks(int count) : count_(count), names_(count) {}

  // Imports all names, reads, searches, changes, exports, and gets errors for some.
  void Load(ServerProcess& server) {
    Import(server);
    Search(server);
    Refuse(server);
    Export(server);
  }
  void ExpectNothingIn(const std::string& path) const {
    const std::vector<std::string> found = names_.FindInFiles(path);
    EXPECT_TRUE(found.empty()) << found.size() << " places, the first: " << found.front();
  }
  void ExpectNothingInText(absl::string_view text) const {
    std::vector<std::string> found;
    names_.Find(text, found);
    EXPECT_TRUE(found.empty()) << found.size() << " places, the first: " << found.front();
  }
  const PlantedNames& names() const { return names_; }

 private:
  Outcome Tool(ServerProcess& server, std::vector<std::string> command) {
    WriteFile(folder_ / "key", server.api_key());
    command.insert(command.begin(), Binary("tsunagu"));
    command.insert(command.end(),
                   {"--addr", server.address(), "--key-file", folder_ / "key", "--purpose", "leak test"});
    return RunToEnd(std::move(command));
  }

  void Import(ServerProcess& server) {
    std::string csv = "source_key,display_name,kana,licence,weekly_minutes,home_mesh,commute_limit_metres\n";
    for (int i = 0; i < count_; ++i) {
      absl::StrAppend(&csv, "s-", i, ",", names_.name(i), ",", names_.kana(i), ",NURSE,1200,53341198,8000\n");
    }
    WriteFile(folder_ / "nurses.csv", csv);
    EXPECT_FALSE(names_.FindInFiles(folder_ / "nurses.csv").empty()) << "the search itself finds nothing";
    const Outcome outcome = Tool(server, {"import", "nurses", folder_ / "nurses.csv"});
    EXPECT_EQ(outcome.code, 0) << outcome.errors;
  }

  void Search(ServerProcess& server) {
    for (int i = 0; i < count_; i += count_ / 100) {
      registry::v1::SearchNursesRequest search;
      search.set_display_name(names_.name(i));
      const auto found =
          server.Call<registry::v1::SearchNursesResponse>("registry.v1.NurseService/SearchNurses", search);
      ASSERT_TRUE(found.ok()) << found.status();
      ASSERT_EQ(found->nurses_size(), 1) << i;
      const Nurse& nurse = found->nurses(0);
      EXPECT_EQ(nurse.kana(), names_.kana(i));
      Change(server, nurse, names_.name((i + 1) % count_));
      platform::v1::ListRevisionsRequest revisions;
      revisions.set_parent("services/registry");
      revisions.set_resource_name(nurse.name());
      ASSERT_TRUE(
          server.Call<platform::v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", revisions)
              .ok());
    }
  }

  void Change(ServerProcess& server, const Nurse& nurse, const std::string& name) {
    registry::v1::UpdateNurseRequest update;
    update.mutable_nurse()->set_name(nurse.name());
    update.mutable_nurse()->set_display_name(name);
    update.mutable_update_mask()->add_paths("display_name");
    update.set_request_id(absl::StrCat("change-", nurse.name().substr(7)));
    ASSERT_TRUE(server.Call<Nurse>("registry.v1.NurseService/UpdateNurse", update).ok());
    ASSERT_TRUE(server.Call<Nurse>("registry.v1.NurseService/UpdateNurse", update).ok()) << "repeated";
  }

  // A fault of a record is reported without the record; so is an unknown method.
  void Refuse(ServerProcess& server) {
    registry::v1::CreateNurseRequest create;
    create.mutable_nurse()->set_display_name(names_.name(0));
    create.mutable_nurse()->set_home_mesh(names_.name(1));
    create.mutable_nurse()->set_source_key(names_.name(2));
    EXPECT_FALSE(server.Call<Nurse>("registry.v1.NurseService/CreateNurse", create).ok());
    EXPECT_FALSE(server.Call<Nurse>("registry.v1.NurseService/NoSuchMethod", create).ok());
    registry::v1::ListNursesRequest list;
    list.set_filter(absl::StrCat("display_name = \"", names_.name(3), "\""));
    EXPECT_FALSE(server.Call<registry::v1::ListNursesResponse>("registry.v1.NurseService/ListNurses", list).ok());
  }

  void Export(ServerProcess& server) {
    for (const char* encoding : {"utf8", "cp932"}) {
      const std::string file = folder_ / absl::StrCat("exported-", encoding);
      const Outcome outcome = Tool(server, {"export", "nurses", "-o", file, "--encoding", encoding});
      EXPECT_EQ(outcome.code, 0) << outcome.errors;
      EXPECT_FALSE(names_.FindInFiles(file).empty()) << encoding << ": exported for whoever may see them";
    }
    const Outcome exported = Tool(server, {"export", "nurses", "--xlsx", folder_ / "exported.xlsx"});
    EXPECT_EQ(exported.code, 0) << exported.errors;
    const Outcome imported = Tool(server, {"import", "nurses", folder_ / "exported.xlsx", "--json"});
    EXPECT_EQ(imported.code, 0) << imported.errors;
    EXPECT_NE(imported.output.find(absl::StrCat("\"unchanged_count\":", count_)), std::string::npos) << imported.output;
  }

  const int count_;
  const PlantedNames names_;
  Folder folder_;
};

// Enables core dumps for the processes that are started meanwhile.
class CoreDumps {
 public:
  CoreDumps() {
    getrlimit(RLIMIT_CORE, &before_);
    const rlimit all{before_.rlim_max, before_.rlim_max};
    setrlimit(RLIMIT_CORE, &all);
  }
  ~CoreDumps() { setrlimit(RLIMIT_CORE, &before_); }

 private:
  rlimit before_;
};

int FilesIn(const std::string& folder) {
  return static_cast<int>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(LeakTest, NothingOnDiskHoldsAName) {
  Leaks leaks(kNames);
  Folder folder, temporary;
  ServerProcess::Options options;
  options.environment["TMPDIR"] = temporary.path();
  ServerProcess server(folder.path(), options);
  leaks.Load(server);
  EXPECT_EQ(FilesIn(temporary.path()), 0) << "workbooks pass through files without names";
  EXPECT_TRUE(std::filesystem::exists(folder / "registry.db-wal"));
  leaks.ExpectNothingIn(folder.path());  // including the write-ahead logs
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Wait(), 0);
  leaks.ExpectNothingIn(folder.path());
  leaks.ExpectNothingInText(server.process().Errors());
}

TEST(LeakTest, NothingInTheDatabaseServersFilesHoldsAName) {
  if (!HasMariadb()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set";
  Leaks leaks(kNames);
  Mariadb mariadb;
  MariadbRegistry registry(mariadb, "leak");
  {
    ServerProcess server(registry.data_dir(), registry.Options());
    leaks.Load(server);
    leaks.ExpectNothingInText(server.process().Errors());
  }
  mariadb.Kill();  // data that was only in its memory does not count
  leaks.ExpectNothingIn(mariadb.data_dir());
  leaks.ExpectNothingIn(registry.data_dir());
}

TEST(LeakTest, ACrashUnderLoadLeavesNoCoreDump) {
  Folder work, data;
  const CoreDumps dumps;
  {
    Process control({"/bin/sh", "-c", "kill -ABRT $$"}, {{}, work.path()});
    EXPECT_EQ(control.Wait(), -SIGABRT);
    if (FilesIn(work.path()) == 0) GTEST_SKIP() << "no program dumps its core into its folder here";
    std::filesystem::remove_all(work.path());
    std::filesystem::create_directory(work.path());
  }
  ServerProcess::Options options;
  options.working_folder = work.path();
  ServerProcess server(data.path(), options);
  std::atomic<int> created{0};
  std::thread load([&] {
    for (int i = 0; created >= 0; ++i) {
      registry::v1::CreateNurseRequest request;
      request.mutable_nurse()->set_display_name(absl::StrCat("見本 ", i));
      request.mutable_nurse()->set_licence(registry::v1::LICENCE_NURSE);
      request.mutable_nurse()->set_weekly_minutes(600);
      request.mutable_nurse()->set_home_mesh("53341198");
      request.mutable_nurse()->set_commute_limit_metres(1000);
      if (!server.Call<Nurse>("registry.v1.NurseService/CreateNurse", request).ok()) return;
      ++created;
    }
  });
  while (created < 20) std::this_thread::yield();
  server.process().Signal(SIGABRT);
  EXPECT_EQ(server.process().Wait(), -SIGABRT);
  load.join();
  EXPECT_EQ(FilesIn(work.path()), 0) << "a core dump holds names and keys";
}

}  // namespace
}  // namespace tsunagu::process
