// Measures the costs of the common code, as ratios in one run, and of the idle suite. tests/bench/run builds and calls
// it.
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/clock.h"
#include "common/base/entropy.h"
#include "tests/bench/etcd.h"
#include "tests/bench/lists.h"
#include "tests/bench/load.h"
#include "tests/bench/matching.h"
#include "tests/bench/measure.h"
#include "tests/bench/raw.h"
#include "tests/bench/registry.h"
#include "tests/bench/report.h"
#include "tests/bench/subsidy.h"
#include "tests/bench/training.h"
#include "tests/bench/web.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::bench {
namespace {

const int kReadRows = Sized(1000, 20);
const int kFewestListed = Sized(10'000, 1'000);
constexpr int kReaders = 32, kWriters = 64;
constexpr absl::string_view kNames[] = {"get",
                                        "get-personal",
                                        "get-mariadb",
                                        "get-mariadb-personal",
                                        "web",
                                        "create",
                                        "create-etcd",
                                        "overload",
                                        "backup",
                                        "import",
                                        "import-mariadb",
                                        "xlsx",
                                        "verify",
                                        "verify-mariadb",
                                        "placements",
                                        "report",
                                        "report-mariadb",
                                        "training",
                                        "training-mariadb",
                                        "subsidy",
                                        "subsidy-mariadb",
                                        "rounds",
                                        "rounds-large",
                                        "visits",
                                        "lists",
                                        "lists-mariadb",
                                        "idle"};
constexpr char kGetFacility[] = "registry.v1.FacilityService/GetFacility";
constexpr char kGetNurse[] = "registry.v1.NurseService/GetNurse";
constexpr char kCreateFacility[] = "registry.v1.FacilityService/CreateFacility";

struct Settings {
  std::string only = ".*";
  double seconds = 2;
  int rows = 100'000;
  int mysql_rows = 20'000;
  std::vector<int> listed = {100'000};
};

std::string PathOf(absl::string_view method) { return absl::StrCat("/tsunagu.", method); }

class Benchmark {
 public:
  explicit Benchmark(Settings settings) : settings_(std::move(settings)), only_(settings_.only) {}

  void Run() {
    Reads("SQLite", "get", [] { return std::make_unique<Registry>(); });
    Reads("MariaDB", "get-mariadb", [this] { return std::make_unique<Registry>(Server(), Schema()); });
    if (Wanted("web")) {
      for (Line& line : MeasureWeb(duration())) lines_.push_back(std::move(line));
    }
    Creates();
    CreatesBesideEtcd();
    Overload();
    Backups();
    SqliteImports();
    MysqlImports();
    Workbooks();
    SqliteVerifying();
    MysqlVerifying();
    PlacementImports();
    Reports();
    Trainings();
    Subsidies();
    if (Wanted("rounds")) {
      for (Line& line : MeasureRounds()) lines_.push_back(std::move(line));
    }
    if (Wanted("rounds-large")) {
      for (Line& line : MeasureLargeRounds()) lines_.push_back(std::move(line));
    }
    if (Wanted("visits")) {
      for (Line& line : MeasureVisits()) lines_.push_back(std::move(line));
    }
    Lists();
    IdleSuite();
    Require(asked_ == std::set<std::string>(std::begin(kNames), std::end(kNames)),
            "kNames is not what can be asked for");
    Require(!lines_.empty() || IsTrial(),
            absl::StrCat("--only ", settings_.only, " is none of ", absl::StrJoin(kNames, ", ")));
  }
  const std::vector<Line>& lines() const { return lines_; }

 private:
  bool Wanted(const std::string& name) {
    asked_.insert(name);
    return std::regex_match(name, only_);
  }
  absl::Duration duration() const { return absl::Seconds(settings_.seconds); }
  std::string Schema() { return absl::StrCat("b", ++schemas_); }
  process::Mariadb& Server() {
    if (!mariadb_.has_value()) mariadb_.emplace();
    return *mariadb_;
  }

  // Get of non-personal and of personal data.
  void Reads(const std::string& engine, const std::string& name,
             const std::function<std::unique_ptr<Registry>()>& make) {
    if (!Wanted(name) && !Wanted(name + "-personal")) return;
    const std::unique_ptr<Registry> registry = make();
    registry->Import("facilities", FacilitiesCsv(kReadRows), kReadRows);
    registry->Import("nurses", NursesCsv(kReadRows), kReadRows);
    registry::v1::GetFacilityRequest facility;
    facility.set_name("facilities/bench-000000");
    registry::v1::GetNurseRequest nurse;
    const std::vector<std::string> nurses = registry->NurseNames();
    nurse.set_name(nurses[0]);
    const process::Folder answers;
    process::WriteFile(answers / "facility",
                       absl::StrCat(PathOf(kGetFacility), "\n", registry->Call(kGetFacility, facility)));
    process::WriteFile(answers / "nurse", absl::StrCat(PathOf(kGetNurse), "\n", registry->Call(kGetNurse, nurse)));
    process::Process echo({process::Binary("bench-echo"), answers / "facility", answers / "nurse"});
    const auto listening = echo.ReadLine();
    Require(listening.ok(), "bench-echo does not start");
    Target ours(registry->address(), registry->server().process().pid());
    Target bare(listening->substr(listening->rfind(' ') + 1), echo.pid());

    Load load{PathOf(kGetFacility),
              [&](int64_t n) {
                facility.set_name(absl::StrFormat("facilities/bench-%06d", n % kReadRows));
                return facility.SerializeAsString();
              },
              kReaders, registry->key(), ""};
    if (Wanted(name))
      Compare("Get without personal fields, 32 in flight ÷ bare gRPC echo", engine, load, ours, load, bare,
              engine == "SQLite" ? "0.65, aim 0.75" : "0.25");
    load.method = PathOf(kGetNurse);
    load.purpose = "benchmark";
    load.request = [&](int64_t n) {
      nurse.set_name(nurses[static_cast<size_t>(n) % nurses.size()]);
      return nurse.SerializeAsString();
    };
    if (Wanted(name + "-personal")) {
      Compare("Get with personal fields unmasked, 32 in flight ÷ bare gRPC echo", engine, load, ours, load, bare,
              engine == "SQLite" ? "0.2" : "-");
    }
  }

  // `load` of our server and `other` of theirs, which is a process too.
  void Compare(const std::string& what, const std::string& engine, const Load& load, Target& ours, const Load& other,
               Target& theirs, const std::string& wanted) {
    std::vector<double> by_processor;
    Keep(what, engine,
         Alternate(
             absl::StrCat(what, ", ", engine), [&] { return ours.Rate(load, duration()); },
             [&] {
               const double rate = theirs.Rate(other, duration());
               by_processor.push_back(ours.per_processor_second() / theirs.per_processor_second());
               return rate;
             }),
         wanted);
    Keep("the same, by processor time of the two servers", engine, SpreadOf(by_processor), "-");
  }

  // The rows that a new facility writes, each with its index entries: its own 14, and 3 each for who may see it, for
  // the request, for the journal and for the seal to come.
  static constexpr int kEntriesOfFacility = 26;

  // Each request creates another facility.
  static Load CreateFacilities(const std::string& key, int in_flight) {
    const std::string run = NewId(Clock::System().Now(), Entropy::System());
    const auto request = [run](int64_t n) {
      registry::v1::CreateFacilityRequest create;
      create.set_facility_id(absl::StrCat(run, "-", n));
      create.set_request_id(create.facility_id());
      create.mutable_facility()->set_display_name(absl::StrCat("見本事業所", n));
      create.mutable_facility()->set_area("areas/312011");
      return create.SerializeAsString();
    };
    return {PathOf(kCreateFacility), request, in_flight, key, ""};
  }

  void Creates() {
    if (!Wanted("create")) return;
    Registry together, one_by_one("?max_batch=1");
    Target ours(together.address(), together.server().process().pid());
    Target single(one_by_one.address(), one_by_one.server().process().pid());
    const Load mine = CreateFacilities(together.key(), kWriters), other = CreateFacilities(one_by_one.key(), kWriters);
    const std::string what = "durable Create, 64 in flight ÷ the same server with one transaction a commit";
    Keep(what, "SQLite",
         Alternate(
             what, [&] { return ours.Rate(mine, duration()); }, [&] { return single.Rate(other, duration()); }),
         "2");
  }

  // One node of etcd with the same client: both answer when the change is on the disk. A put is one key and its value;
  // a Create is checked against contract and references, journaled, and its request is remembered. The second line has
  // etcd write as many keys in one transaction as a Create writes rows and index entries.
  void CreatesBesideEtcd() {
    if (!Wanted("create-etcd")) return;
    if (!Etcd::Installed()) {
      std::fprintf(stderr, "create-etcd is left out: there is no /usr/bin/etcd (apt-get install etcd-server)\n");
      return;
    }
    Registry registry;
    const Etcd etcd;
    Target ours(registry.address(), registry.server().process().pid()), theirs(etcd.address(), etcd.pid());
    const Load create = CreateFacilities(registry.key(), kWriters);
    const Load put = EtcdPuts(create.request(0), kWriters);
    Compare("durable Create, 64 in flight ÷ puts of a one-node etcd", "SQLite", create, ours, put, theirs, "0.8");
    const Load transaction = EtcdTransactions(create.request(0), kEntriesOfFacility, kWriters);
    Compare(absl::StrCat("the same ÷ its transactions of ", kEntriesOfFacility, " keys"), "SQLite", create, ours,
            transaction, theirs, "-");
  }

  // Ten times as many callers as at the peak, on the processors that they share with the server.
  void Overload() {
    if (!Wanted("overload")) return;
    Registry registry;
    Target target(registry.address(), registry.server().process().pid());
    const Load few = CreateFacilities(registry.key(), kWriters);
    Load many = CreateFacilities(registry.key(), 10 * kWriters);
    for (const bool heeds : {true, false}) {
      many.heeds_refusals = heeds;
      const std::string what = absl::StrCat("goodput of durable Create, 640 callers ÷ 64, whoever is refused ",
                                            heeds ? "waits the second asked for" : "comes back at once");
      Keep(what, "SQLite",
           Alternate(
               what, [&] { return target.Rate(many, duration()); }, [&] { return target.Rate(few, duration()); }),
           heeds ? "0.8" : "-");
    }
  }

  // The cost of backups for concurrent writers. Backups follow one another as long as the writers are measured.
  void Backups() {
    if (!Wanted("backup")) return;
    Registry registry;
    registry.Import("facilities", FacilitiesCsv(settings_.rows), settings_.rows);
    Target target(registry.address(), registry.server().process().pid());
    const Load load = CreateFacilities(registry.key(), 8);
    std::vector<double> copies;
    const std::string what =
        absl::StrCat("durable Create, 8 in flight, beside copies of ", settings_.rows, " rows ÷ without");
    const Spread ratio = Alternate(
        what,
        [&] {
          std::atomic<bool> done = false;
          int made = 0;
          std::thread copying([&] {
            const process::Folder folder;
            for (; !done; ++made) {
              const process::Outcome copied =
                  process::RunToEnd({process::Binary("tsunagu"), "backup", "create", folder / absl::StrCat(made),
                                     "--data-dir", registry.data_dir(), "--services", "registry"});
              Require(copied.code == 0, copied.errors);
              std::filesystem::remove_all(folder / absl::StrCat(made));
            }
          });
          const double rate = target.Rate(load, duration());
          done = true;
          copying.join();
          copies.push_back(made);
          return rate;
        },
        [&] { return target.Rate(load, duration()); });
    Keep(what, "SQLite", ratio, "-");
    lines_.push_back({"copies made meanwhile", "SQLite", SpreadOf(copies), "", "-"});
  }

  void SqliteImports() {
    if (!Wanted("import")) return;
    const std::string csv = FacilitiesCsv(settings_.rows);
    std::vector<double> memory;
    std::string file;
    std::unique_ptr<Registry> registry;
    const std::string what =
        absl::StrCat("CSV import of ", settings_.rows, " rows ÷ raw inserts of them in one transaction");
    const Spread ratio = Alternate(
        what,
        [&] {
          registry = std::make_unique<Registry>();
          const double rate = registry->Import("facilities", csv, settings_.rows);
          memory.push_back(registry->Memory("VmHWM"));
          registry->Stop();
          return rate;
        },
        [&] { return RawSqlite(registry->data_dir() + "/registry.db", "facilities"); });
    Keep(what, "SQLite", ratio, "0.25");
    std::vector<double> small;
    for (int i = 0; i < kRounds; ++i) {
      Registry fresh;
      fresh.Import("facilities", FacilitiesCsv(settings_.rows / 10), settings_.rows / 10);
      small.push_back(fresh.Memory("VmHWM"));
    }
    lines_.push_back({absl::StrCat("largest resident memory after importing ", settings_.rows / 10, " rows"), "SQLite",
                      SpreadOf(small), "MiB", "-"});
    lines_.push_back(
        {absl::StrCat("the same after ", settings_.rows, " rows"), "SQLite", SpreadOf(memory), "MiB", "flat"});
  }

  void MysqlImports() {
    if (!Wanted("import-mariadb")) return;
    const std::string csv = FacilitiesCsv(settings_.mysql_rows);
    std::unique_ptr<Registry> registry;
    std::string schema;
    const std::string what =
        absl::StrCat("CSV import of ", settings_.mysql_rows, " rows ÷ raw inserts of them in one transaction");
    Keep(what, "MariaDB",
         Alternate(
             absl::StrCat(what, ", MariaDB"),
             [&] {
               schema = Schema();
               registry = std::make_unique<Registry>(Server(), schema);
               return registry->Import("facilities", csv, settings_.mysql_rows);
             },
             [&] { return RawMysql(Server().Url(schema + "_registry"), "facilities"); }),
         "0.25");
  }

  // The same rows as a workbook and as CSV, import and export.
  void Workbooks() {
    if (!Wanted("xlsx")) return;
    const int rows = settings_.rows;
    const std::string csv = FacilitiesCsv(rows), workbook = WorkbookOf(csv);
    std::unique_ptr<Registry> registry;
    std::vector<double> with_workbook, with_csv, exporting;
    const auto import = [&](const std::string& file, std::vector<double>& memory) {
      registry = std::make_unique<Registry>();
      const double rate = registry->Import("facilities", file, rows);
      memory.push_back(registry->Memory("VmHWM"));
      return rate;
    };
    std::string what = absl::StrCat("import of ", rows, " rows as xlsx ÷ as CSV");
    Keep(what, "SQLite",
         Alternate(
             what, [&] { return import(workbook, with_workbook); }, [&] { return import(csv, with_csv); }),
         "-");
    what = absl::StrCat("export of ", rows, " rows as xlsx ÷ as CSV");
    Keep(what, "SQLite",
         Alternate(
             what,
             [&] {
               const double rate = registry->Export("facilities", platform::v1::FILE_FORMAT_XLSX, rows);
               exporting.push_back(registry->Memory("VmHWM"));
               return rate;
             },
             [&] { return registry->Export("facilities", platform::v1::FILE_FORMAT_CSV, rows); }),
         "-");
    lines_.push_back({absl::StrCat("largest resident memory after importing ", rows, " rows as CSV"), "SQLite",
                      SpreadOf(with_csv), "MiB", "-"});
    lines_.push_back({"the same as xlsx", "SQLite", SpreadOf(with_workbook), "MiB", "flat"});
    lines_.push_back({"the same after exporting them as xlsx too", "SQLite", SpreadOf(exporting), "MiB", "flat"});
  }

  void SqliteVerifying() {
    if (!Wanted("verify")) return;
    Registry registry;
    Verifying("SQLite", registry, registry.data_dir() + "/registry.db", settings_.rows);
  }
  void MysqlVerifying() {
    if (!Wanted("verify-mariadb")) return;
    const std::string schema = Schema();
    Registry registry(Server(), schema);
    Verifying("MariaDB", registry, Server().Url(schema + "_registry"), settings_.mysql_rows);
  }
  void Verifying(const std::string& engine, Registry& registry, const std::string& location, int rows) {
    registry.Import("facilities", FacilitiesCsv(rows), rows);
    registry.Stop();  // seals the remaining rows
    const std::string what = absl::StrCat("verify-journal, ", rows, " rows ÷ reading and hashing them");
    Keep(what, engine,
         Alternate(
             absl::StrCat(what, ", ", engine), [&] { return VerifyRate(location); },
             [&] { return ReadAndHashRate(location); }),
         "0.5");
  }

  void PlacementImports() {
    if (!Wanted("placements")) return;
    std::unique_ptr<Registry> registry;
    const std::string what =
        absl::StrCat("CSV import of ", settings_.rows, " placements ÷ raw inserts of them in one transaction");
    Keep(what, "SQLite",
         Alternate(
             what,
             [&] {
               registry = std::make_unique<Registry>();
               const double rate = AddPlacements(*registry, settings_.rows);
               registry->Stop();
               return rate;
             },
             [&] { return RawSqlite(registry->data_dir() + "/registry.db", "placements"); }),
         "-");
  }

  void Reports() {
    if (Wanted("report")) {
      Registry registry, small;
      Reports("SQLite", registry, small, registry.data_dir() + "/registry.db");
    }
    if (Wanted("report-mariadb")) {
      const std::string schema = Schema();
      Registry registry(Server(), schema), small(Server(), Schema());
      Reports("MariaDB", registry, small, Server().Url(schema + "_registry"));
    }
  }
  // `location`: the database of `registry`.
  void Reports(const std::string& engine, Registry& registry, Registry& small, const std::string& location) {
    const int few = settings_.rows / 100;
    AddPlacements(registry, settings_.rows);
    AddPlacements(small, few);
    const std::string what =
        absl::StrCat("report over ", settings_.rows, " placements ÷ raw scan of them, rows a second");
    for (const bool past : {false, true}) {
      const std::string which = absl::StrCat(what, past ? ", as it was known before" : "");
      Keep(which, engine,
           Alternate(
               absl::StrCat(which, ", ", engine), [&] { return ReportRate(registry, settings_.rows, past); },
               [&] { return RawScanRate(location, settings_.rows); }),
           past ? "-" : "0.33");
    }
    const std::string growth = absl::StrCat("report over ", few, " placements ÷ over ", settings_.rows,
                                            ", rows a second (1 and less: linear)");
    Keep(growth, engine,
         Alternate(
             absl::StrCat(growth, ", ", engine), [&] { return ReportRate(small, few, false); },
             [&] { return ReportRate(registry, settings_.rows, false); }),
         "1");
  }

  void Trainings() {
    if (Wanted("training")) {
      Training training;
      Trainings("SQLite", training);
    }
    if (Wanted("training-mariadb")) {
      Training training(Server(), Schema());
      Trainings("MariaDB", training);
    }
  }
  void Trainings(const std::string& engine, Training& training) {
    for (Line& line : CompareTraining(engine, training)) lines_.push_back(std::move(line));
  }

  void Subsidies() {
    if (Wanted("subsidy")) {
      Subsidy subsidy;
      for (Line& line : CompareSubsidy("SQLite", subsidy)) lines_.push_back(std::move(line));
      lines_.push_back(EvaluateClaims());
    }
    if (Wanted("subsidy-mariadb")) {
      Subsidy subsidy(Server(), Schema());
      for (Line& line : CompareSubsidy("MariaDB", subsidy)) lines_.push_back(std::move(line));
    }
  }

  void Lists() {
    for (const int rows : settings_.listed) {
      if (Wanted("lists")) {
        Registry few, many;
        Lists("SQLite", few, many, rows);
      }
      if (Wanted("lists-mariadb")) {
        Registry few(Server(), Schema()), many(Server(), Schema());
        Lists("MariaDB", few, many, rows);
      }
    }
  }
  void Lists(const std::string& engine, Registry& few, Registry& many, int rows) {
    FillFacilities(few, kFewestListed);
    FillFacilities(many, rows);
    for (Line& line : CompareLists(engine, few, many, absl::StrCat(rows, " ÷ of ", kFewestListed), duration() / 4)) {
      lines_.push_back(std::move(line));
    }
  }

  void IdleSuite() {
    if (!Wanted("idle")) return;
    std::vector<double> first, again, memory;
    for (int i = 0; i < kRounds; ++i) {
      const process::Folder data;
      for (std::vector<double>* times : {&first, &again}) {
        const absl::Time start = Clock::System().Now();
        process::ServerProcess suite(data.path(), {.command = {"tsunagu", "serve"}});
        Require(!suite.address().empty(), "the suite does not start");
        times->push_back(absl::ToDoubleMilliseconds(Clock::System().Now() - start));
        memory.push_back(MemoryOf(suite.process().pid(), "VmRSS"));
        suite.process().Signal(SIGTERM);
        suite.process().Wait();
      }
    }
    lines_.push_back({"idle suite (registry, matching): ready after", "SQLite", SpreadOf(again), "ms", "under 1000"});
    lines_.push_back({"the same at its first start, which makes the tables", "SQLite", SpreadOf(first), "ms", "-"});
    lines_.push_back(
        {"idle suite (registry, matching): resident memory", "SQLite", SpreadOf(memory), "MiB", "under 80"});
  }

  void Keep(std::string what, std::string engine, Spread value, std::string wanted) {
    lines_.push_back({std::move(what), std::move(engine), value, "×", std::move(wanted)});
  }

  const Settings settings_;
  const std::regex only_;
  std::set<std::string> asked_;
  std::vector<Line> lines_;
  std::optional<process::Mariadb> mariadb_;
  int schemas_ = 0;
};

}  // namespace
}  // namespace tsunagu::bench

int main(int argc, char** argv) {
  tsunagu::bench::Settings settings;
  CLI::App app("Measures what things cost, as ratios, and prints a Markdown table");
  app.add_option("--only", settings.only,
                 absl::StrCat("Regular expression of: ", absl::StrJoin(tsunagu::bench::kNames, ", "),
                              "; market is a program of its own"))
      ->capture_default_str();
  app.add_option("--seconds", settings.seconds, "Seconds of each load")->capture_default_str();
  app.add_option("--rows", settings.rows, "Rows of an import, SQLite")->capture_default_str();
  app.add_option("--mysql-rows", settings.mysql_rows, "Rows of an import, MariaDB")->capture_default_str();
  app.add_option("--listed", settings.listed, "Facilities of which a page is listed; a million takes minutes to make")
      ->delimiter(',')
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  tsunagu::bench::Benchmark benchmark(settings);
  benchmark.Run();
  std::printf("%s", tsunagu::bench::TableOf(benchmark.lines()).c_str());
  return 0;
}
