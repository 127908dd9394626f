#ifndef TSUNAGU_SERVICES_SUITE_SUITE_FIXTURE_H_
#define TSUNAGU_SERVICES_SUITE_SUITE_FIXTURE_H_

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "common/host/host.h"
#include "services/suite/client.h"
#include "services/suite/services.h"

// For tests: the whole suite on a free port, with a temporary data folder.
namespace tsunagu::suite {

struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tsunagu-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }
  std::string Read(const std::string& name) const {
    std::ifstream file(path / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  std::filesystem::path path;
};

struct RunningSuite {
  RunningSuite() {
    HostConfig config;
    config.data_dir = (folder.path / "data").string();
    config.listen = "127.0.0.1:0";
    host = *Host::Start(std::move(config), SuiteServices());
  }
  Client Administrator(const std::string& language = "en") const {
    ClientFlags flags;
    flags.address = host->address();
    flags.key_file = host->admin_key_file();
    flags.language = language;
    return *Client::Open(flags);
  }

  Folder folder;
  std::unique_ptr<Host> host;
};

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_SUITE_FIXTURE_H_
