#include "common/host/flags.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/error.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/host/supervision.h"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "yaml-cpp/yaml.h"

namespace tsunagu {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // sanitizers read their own process
#else
constexpr bool kSanitized = false;
#endif

// A core dump would contain names and keys.
void LeaveNoCoreDump() {
  if (kSanitized) return;
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // also for a kernel that pipes dumps to a program, which the limit does not stop
}

// Connections are files, so this raises the limit from the shell's default to the machine's maximum.
void TakeAllFiles() {
  rlimit files = {};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

constexpr absl::Duration kGrace = absl::Seconds(25);
const std::vector<std::string> kLogFormats = {"auto", "json", "text"};
const std::vector<std::string> kLocations = {"services",       "data-dir",        "database",
                                             "checkpoint-dir", "master-key-file", "keys-database"};
const std::vector<std::string> kLogLevels = {"debug", "info", "warning", "error"};  // as log::Level

using Options = std::map<std::string, CLI::Option*>;

// CLI11 prints the text, and the process ends with 1.
[[noreturn]] void Refuse(const std::string& file, const std::string& ja, const std::string& en) {
  throw CLI::ConfigError(
      Words(absl::StrCat("設定ファイル ", file, ": ", ja), absl::StrCat("Configuration file ", file, ": ", en)), 1);
}

std::vector<std::string> ValuesOf(const YAML::Node& node) {
  if (node.IsNull()) return {};
  if (!node.IsSequence()) return {node.as<std::string>()};
  std::vector<std::string> values;
  for (const YAML::Node& value : node) values.push_back(value.as<std::string>());
  return values;
}

void ApplySetting(const std::string& file, const YAML::Node& key, const YAML::Node& value, const Options& options) {
  const std::string name = absl::StrReplaceAll(key.as<std::string>(), {{"_", "-"}});
  const auto option = options.find(name);
  if (option == options.end()) {
    const std::string known =
        absl::StrJoin(options, ", ", [](std::string* out, const auto& one) { absl::StrAppend(out, one.first); });
    Refuse(file, absl::StrCat("「", name, "」という設定はありません。設定: ", known),
           absl::StrCat("there is no setting ", name, ". Settings: ", known));
  }
  if (option->second->count() > 0) return;  // the flag or the variable overrides the file
  const std::vector<std::string> values = ValuesOf(value);
  if (values.empty()) return;
  option->second->add_result(values);
  option->second->run_callback();
}

// Reads a flat map of flag names, with lists for flags given several times. CLI11's own reader of such files does not
// support subcommands, and lets the file override the variables.
void ApplyConfigFile(const std::string& file, const Options& options) {
  const absl::StatusOr<std::string> text = ReadWholeFile(file);
  if (!text.ok()) throw CLI::ConfigError(WordsOf(text.status()), 1);
  try {
    const YAML::Node root = YAML::Load(*text);
    if (!root.IsMap() && !root.IsNull()) {
      Refuse(file, "「名前: 値」の形で書いてください。", "write it as a map of settings, \"name: value\".");
    }
    for (const auto& entry : root) ApplySetting(file, entry.first, entry.second, options);
  } catch (const YAML::Exception& error) {
    Refuse(file, absl::StrCat("YAMLとして読めません（", error.what(), "）。"),
           absl::StrCat("not readable as YAML (", error.what(), ")."));
  }
}

void ConfigureLog(const HostConfig& config) {
  const bool text = config.log_format == "text" || (config.log_format == "auto" && isatty(STDERR_FILENO) == 1);
  const auto level = absl::c_find(kLogLevels, config.log_level) - kLogLevels.begin();
  log::Configure(text ? log::Format::kText : log::Format::kJson, static_cast<log::Level>(level));
}

}  // namespace

void AddHostFlags(CLI::App& app, HostConfig& config, HelpOn help_on) {
  auto options = std::make_shared<Options>();
  auto flag = [&](const std::string& name, auto& value, absl::string_view ja, absl::string_view en) {
    const std::string variable =
        absl::StrCat("TSUNAGU_", absl::AsciiStrToUpper(absl::StrReplaceAll(name, {{"-", "_"}})));
    CLI::Option* option = app.add_option(absl::StrCat("--", name), value, Words(ja, en));
    (*options)[name] = option;
    if (help_on == HelpOn::kLocations && !absl::c_linear_search(kLocations, name)) option->group("");  // not shown
    return option->envname(variable)->capture_default_str();
  };
  flag("services", config.services, "動かすサービス（コンマ区切り。指定がなければすべて）",
       "Services, with commas; all if not given")
      ->delimiter(',');
  flag("data-dir", config.data_dir, "データとadmin.keyを置くフォルダー", "Folder of the data and of admin.key");
  flag(
      "listen", config.listen,
      "このマシンのプログラムのために待ち受けるアドレス（gRPC、Connect、gRPC-Web、REST）。ポート0は空きポート、unix:/"
      "path はソケット",
      "Address for programs of this machine (gRPC, Connect, gRPC-Web, REST); port 0 takes a free one; unix:/path for a "
      "socket");
  flag("database", config.database, "sqlite か mysql://user@host:port/prefix",
       "sqlite, or mysql://user@host:port/prefix")
      ->check([](const std::string& value) {
        const bool known =
            value == "sqlite" || absl::StartsWith(value, "sqlite?") || absl::StartsWith(value, "mysql://");
        return known ? "" : Words("sqlite か mysql://… を指定してください", "give sqlite or mysql://…");
      });
  flag("peer", config.peers, "呼び出す別のサービス: registry=127.0.0.1:50052",
       "Another service: registry=127.0.0.1:50052")
      ->delimiter(',');
  flag("peer-key-file", config.peer_key_file, "別のサービスを呼ぶためのAPIキーのファイル",
       "File with the key for calling peers");
  flag("jwt-issuers", config.jwt_issuers, "トークン（JWT）を受け入れる発行者を書いたYAMLファイル",
       "YAML file of the issuers whose tokens (JWT) are taken");
  flag("peer-ca", config.peer_ca, "別のサービスをTLSで呼ぶとき、その証明書を確かめる認証局のファイル",
       "File of the authorities for the certificates of peers, which are then called over TLS");
  flag("checkpoint-dir", config.checkpoint_dir,
       "署名した変更履歴の控えを置くフォルダー（指定がなければ DATA_DIR/checkpoints）",
       "Folder of the journal's signed checkpoints; DATA_DIR/checkpoints if not given");
  flag("master-key-file", config.master_key_file,
       "マスター鍵のファイル（新しい順）。指定がなければ、TSUNAGU_MASTER_KEY（鍵そのもの）、systemdの"
       "クレデンシャル tsunagu-master-key、DATA_DIR/master.key の順に、最初にあるもの",
       "File with the master keys, newest first; if not given, the first there is of TSUNAGU_MASTER_KEY (the keys "
       "themselves), the systemd credential tsunagu-master-key, DATA_DIR/master.key");
  flag("keys-database", config.keys_database, "鍵の保管場所: フォルダーか mysql://…（データと別にする場合）",
       "Where the keys are kept: a folder, or mysql://…; if not beside the data");
  flag("key-backup-days", config.key_backup_days, "鍵の控えを保管する日数: 35。ある日からなら 2026-04-01=35",
       "For how many days backups of the keys are kept: 35, or 2026-04-01=35 from a day on")
      ->delimiter(',');
  if (const char* keys = std::getenv("TSUNAGU_MASTER_KEY")) config.master_keys = keys;
  flag("web-listen", config.web_listen,
       "ほかのマシンのための、もう一つのアドレス（TLSを付ける）。例: 0.0.0.0:8443。指定がなければ待ち受けない",
       "A second address, for other machines (with TLS), such as 0.0.0.0:8443; none if not given");
  flag(
      "web-tls-cert", config.web_tls_cert,
      "そのアドレスのサーバー証明書と中間証明書（PEM）。置き換えると自動で読み直す。名前ごとに分けるときはコンマ区切り",
      "Certificates of that address, its own first (PEM); read again when they are replaced; several files, for "
      "several "
      "names, with commas");
  flag("web-tls-key", config.web_tls_key, "その秘密鍵（PEM）。証明書と同じ順",
       "Their private key (PEM); in the order of the certificates");
  flag("web-client-ca", config.web_client_ca, "クライアント証明書を確かめる認証局（PEM）",
       "Authorities that sign clients' certificates (PEM)");
  flag("web-origins", config.web_origins,
       "ブラウザーから呼び出してよいウェブページのオリジン。例: https://console.example.jp。コンマ区切り",
       "Origins of web pages that may call from a browser, such as https://console.example.jp, with commas");
  flag("web-connections", config.web_connections, "アドレスごとの接続の数", "Connections of each address")
      ->check(CLI::Range(1, 100'000));
  flag("web-connections-per-address", config.web_connections_per_address, "ほかのマシン1台からの接続の数",
       "Connections from one other machine")
      ->check(CLI::Range(1, 100'000));
  flag("admin-listen", config.admin_listen,
       "Prometheus（/metrics）用のアドレス。例: 127.0.0.1:9464。指定がなければ待ち受けない",
       "Address for Prometheus (/metrics), such as 127.0.0.1:9464; none if not given");
  flag("admin-trust-network", config.admin_trust_network, "true: ほかのマシンから届くアドレスでも待ち受ける",
       "true: also where other machines can reach it");
  flag("workers", config.workers, "サービスごとのスレッド数。MySQLでは接続プールの数まで",
       "Threads of each service, on MySQL at most as many as its pool")
      ->check(CLI::Range(1, 1024));
  flag("queue", config.queue, "スレッドの空きを待てる呼び出しの数", "Calls that may wait for one of them")
      ->check(CLI::Range(1, 100'000));
  flag("max-in-flight", config.max_in_flight, "プロセス全体で同時に処理する呼び出しの数",
       "Calls in progress in the whole process")
      ->check(CLI::Range(16, 100'000));
  flag("streams-per-caller", config.streams_per_caller, "利用者ごとに同時に開けるストリームの数",
       "Streams that a caller may have open at a time")
      ->check(CLI::Range(1, 100'000));
  flag("slow-client-seconds", config.slow_client_seconds, "クライアントが答えを受け取らずにいてよい秒数",
       "How long a client may leave an answer untaken")
      ->check(CLI::Range(1, 3600));
  flag("trust-clock", config.trust_clock, "true: 変更履歴に未来の時刻があっても起動する（CLOCK_BEHIND）",
       "true: start although the journal holds later times (CLOCK_BEHIND)");
  flag("log-format", config.log_format, "json、text、auto（端末ではtext）", "json, text, or auto: text on a terminal")
      ->check(CLI::IsMember(kLogFormats));
  flag("log-level", config.log_level, "記録する最低の重要度: debug、info、warning、error",
       "From which level on: debug, info, warning, error")
      ->check(CLI::IsMember(kLogLevels));
  AddLanguageFlag(app);
  auto file = std::make_shared<std::string>();
  app.add_option("--config", *file, Words("これらの設定を書いたYAMLファイル", "YAML file with these settings"))
      ->envname("TSUNAGU_CONFIG");
  app.parse_complete_callback([file, options] {
    if (!file->empty()) ApplyConfigFile(*file, *options);
  });
}

int ServeUntilSignal(HostConfig config, absl::Span<const ServiceKind> kinds) {
  ConfigureLog(config);
  BlockSignals();
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);  // its errors are returned as a status
  LeaveNoCoreDump();
  TakeAllFiles();
  umask(077);  // the database contains personal data: only the owner may read its files
  auto host = Host::Start(std::move(config), kinds);
  if (!host.ok()) return Complain(host.status());
  std::printf("listening on %s\n", (*host)->address().c_str());
  if (!(*host)->web_address().empty()) std::printf("web on %s\n", (*host)->web_address().c_str());
  if (!(*host)->admin_address().empty()) {
    std::printf("metrics on http://%s/metrics\n", (*host)->admin_address().c_str());
  }
  if (!(*host)->admin_key().empty()) std::printf("admin key in %s\n", (*host)->admin_key_file().c_str());
  std::fflush(stdout);
  {
    const Supervision supervision(
        [&host](absl::Duration patience) { return AnswersHealth((*host)->address(), patience); });
    WaitForSignal();
  }
  (*host)->Stop(kGrace);
  return 0;
}

int ServiceMain(int argc, char** argv, absl::Span<const ServiceKind> kinds) {
  ChooseLanguage(argc, argv);
  HostConfig config;
  CLI::App app(Words(kinds.front().name + " をgRPCで動かす", "Serves " + kinds.front().name + " over gRPC"));
  SpeakOfUsage(app);
  AddHostFlags(app, config, HelpOn::kAll);
  if (const auto code = ParseCommandLine(app, argc, argv)) return *code;
  return ServeUntilSignal(std::move(config), kinds);
}

}  // namespace tsunagu
