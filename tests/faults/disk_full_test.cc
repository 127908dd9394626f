// No space is left: writes return errors and no acknowledged change is lost; masked reads work; personal data is not
// returned, because the access could not be logged. Everything works again without a restart when there is space.
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <functional>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/load.h"
#include "tests/faults/truth.h"
#include "tsunagu/platform/v1/access_log.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::faults {
namespace {

using process::Refusal;
using process::RefusalOf;
using process::ServerProcess;
using registry::v1::Nurse;

const Refusal kFull = {absl::StatusCode::kResourceExhausted, "DISK_FULL"};

Nurse CreateNurse(ServerProcess& server) {
  registry::v1::CreateNurseRequest request;
  Nurse& nurse = *request.mutable_nurse();
  nurse.set_display_name("見本 花子");
  nurse.set_licence(registry::v1::LICENCE_NURSE);
  nurse.set_weekly_minutes(600);
  nurse.set_home_mesh("53341188");
  nurse.set_commute_limit_metres(5'000);
  const auto created = server.Call<Nurse>("registry.v1.NurseService/CreateNurse", request);
  EXPECT_TRUE(created.ok()) << created.status();
  return created.ok() ? *created : Nurse();
}

absl::StatusOr<Nurse> GetNurse(ServerProcess& server, const std::string& name, const std::string& purpose) {
  registry::v1::GetNurseRequest request;
  request.set_name(name);
  rpc::CallOptions options = server.call_options();
  options.purpose = purpose;
  return server.peer().Unary<Nurse>("tsunagu.registry.v1.NurseService/GetNurse", request, options);
}

// Returns how often the access log contains the nurse.
int TimesLogged(ServerProcess& server, const std::string& name) {
  platform::v1::ListAccessEventsRequest request;
  request.set_parent("services/registry");
  request.set_resource_name(name);
  request.set_page_size(1000);
  const auto events =
      server.Call<platform::v1::ListAccessEventsResponse>("platform.v1.AccessLogService/ListAccessEvents", request);
  EXPECT_TRUE(events.ok()) << events.status();
  return events.ok() ? events->access_events_size() : 0;
}

// `fill` takes the space from a server on `ground`, `release` returns it.
void ExpectEndured(const Ground& ground, const std::string& name, const std::function<void(ServerProcess&)>& fill,
                   const std::function<void(ServerProcess&)>& release) {
  History history(name);
  {
    ServerProcess server(ground.data_dir(), ground.Server());
    const Nurse nurse = CreateNurse(server);
    Load load(server, history, {"full", 1, 6, Load::AfterRefusal::kSendAgain});
    ASSERT_TRUE(load.WaitForAcknowledged(40));
    fill(server);
    ASSERT_TRUE(load.WaitForRefusal("DISK_FULL"));

    const auto masked = GetNurse(server, nurse.name(), "");
    ASSERT_TRUE(masked.ok()) << masked.status();
    EXPECT_EQ(masked->display_name(), "");
    EXPECT_EQ(masked->weekly_minutes(), 600);
    // Not every time: if the whole write-ahead log has been copied, it restarts at its beginning and needs no space.
    int shown = 0;
    for (int refused = 0; refused < 10;) {
      const auto seen = GetNurse(server, nurse.name(), "test");
      ++(seen.ok() ? shown : refused);
      if (!seen.ok()) {
        ASSERT_EQ(RefusalOf(seen.status()), kFull);
      }
      ASSERT_LT(shown, 500) << "never refused";
    }
    EXPECT_TRUE(load.WaitForRefusal("DISK_FULL")) << "still";

    release(server);
    const auto start = History::Now();
    while (!GetNurse(server, nurse.name(), "test").ok()) {
      ASSERT_LT(History::Now() - start, 5'000'000) << "refused still";
    }
    EXPECT_EQ(TimesLogged(server, nurse.name()), 1 + shown + 1) << "when she was created, meanwhile, and now";
    load.Stop();
    EXPECT_THAT(load.refusals(), testing::IsSubsetOf({kFull, Refusal(absl::StatusCode::kAborted, "ETAG_MISMATCH"),
                                                      Refusal(absl::StatusCode::kAborted, "REQUEST_IN_FLIGHT"),
                                                      Refusal(absl::StatusCode::kAlreadyExists, "FACILITY_EXISTS")}));
    Load after(server, history, {"after", 1, 6, Load::AfterRefusal::kSendAgain, load.unanswered()});
    EXPECT_TRUE(after.WaitForAcknowledged(40));
  }
  ExpectHolds(ground, history);
}

// A small file system in memory: empty tables and their log take about six megabytes of it.
class SmallDisk {
 public:
  SmallDisk() : mounted_(mount("tmpfs", path().c_str(), "tmpfs", 0, "size=24m") == 0), error_(errno) {}
  ~SmallDisk() {
    if (mounted_) umount2(path().c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  std::string error() const { return std::strerror(error_); }
  const std::string& path() const { return folder_.path(); }
  void Fill() const {
    struct statvfs status = {};
    ASSERT_EQ(statvfs(path().c_str(), &status), 0);
    process::WriteFile(path() + "/ballast", std::string(status.f_bavail * status.f_bsize - 64 * 1024, 'x'));
  }
  void Release() const { std::filesystem::remove(path() + "/ballast"); }

 private:
  const process::Folder folder_;
  const bool mounted_;
  const int error_;
};

TEST(DiskFullTest, SmallFileSystem) {
  const SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "cannot mount a tmpfs here (it takes root): " << disk.error();
  const Ground ground({Engine::kSqlite, {"registry"}, "", disk.path() + "/data"});
  ExpectEndured(
      ground, "disk-full", [&](ServerProcess&) { disk.Fill(); }, [&](ServerProcess&) { disk.Release(); });
}

// The same without root: the system refuses larger files, as a quota does.
TEST(DiskFullTest, LimitOfTheFileSize) {
  const Ground ground({Engine::kSqlite});
  auto limit = [](ServerProcess& server, rlim_t bytes) {
    const rlimit limits = {bytes, RLIM_INFINITY};
    ASSERT_EQ(prlimit(server.process().pid(), RLIMIT_FSIZE, &limits, nullptr), 0) << std::strerror(errno);
  };
  ExpectEndured(
      ground, "file-size", [&](ServerProcess& server) { limit(server, 64 * 1024); },
      [&](ServerProcess& server) { limit(server, RLIM_INFINITY); });
}

}  // namespace
}  // namespace tsunagu::faults
