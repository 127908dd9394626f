#include "common/host/trusted_issuers.h"

#include <chrono>
#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/host/https_get.h"
#include "common/host/words.h"
#include "yaml-cpp/yaml.h"

namespace tsunagu {
namespace {

constexpr auto kPause = std::chrono::seconds(2);
constexpr int kMostLeewaySeconds = 60;
constexpr absl::Duration kFetchEvery = absl::Minutes(5), kFetchAgainAfter = absl::Seconds(30);

absl::Status Unusable(const std::string& file, absl::string_view ja, absl::string_view en) {
  return FailHere(absl::StatusCode::kInvalidArgument, "ISSUERS_UNUSABLE", absl::StrCat(file, ": ", ja),
                  absl::StrCat(file, ": ", en));
}

struct Entry {
  std::string issuer;
  std::vector<std::string> audiences;
  std::string keys, keys_url, ca_file;
  int leeway_seconds = 0;
};

// Throws an exception of yaml-cpp when a value has the wrong kind.
Entry ReadEntry(const YAML::Node& node) {
  Entry entry;
  for (const auto& setting : node) {
    const std::string name = setting.first.as<std::string>();
    const YAML::Node& value = setting.second;
    if (name == "issuer") {
      entry.issuer = value.as<std::string>();
    } else if (name == "audience") {
      if (value.IsSequence()) {
        entry.audiences = value.as<std::vector<std::string>>();
      } else {
        entry.audiences = {value.as<std::string>()};
      }
    } else if (name == "keys") {
      entry.keys = value.as<std::string>();
    } else if (name == "keys_url") {
      entry.keys_url = value.as<std::string>();
    } else if (name == "ca_file") {
      entry.ca_file = value.as<std::string>();
    } else if (name == "leeway_seconds") {
      entry.leeway_seconds = value.as<int>();
    } else {
      throw YAML::Exception(setting.first.Mark(), "there is no setting " + name);
    }
  }
  const bool by_file = !entry.keys.empty() && entry.keys_url.empty() && entry.ca_file.empty();
  const bool by_address = entry.keys.empty() && !entry.keys_url.empty() && !entry.ca_file.empty();
  bool whole = !entry.issuer.empty() && (by_file || by_address) && !entry.audiences.empty();
  for (const std::string& audience : entry.audiences) whole &= !audience.empty();
  if (!whole) {
    throw YAML::Exception(node.Mark(), "issuer, audience and keys (or keys_url and ca_file instead) are needed");
  }
  if (by_address && !HttpsAddress::Parse(entry.keys_url).ok()) {
    throw YAML::Exception(node.Mark(), "keys_url is https://host/path");
  }
  if (entry.leeway_seconds < 0 || entry.leeway_seconds > kMostLeewaySeconds) {
    throw YAML::Exception(node.Mark(), absl::StrCat("leeway_seconds is 0 to ", kMostLeewaySeconds));
  }
  return entry;
}

absl::StatusOr<std::vector<Entry>> ReadEntries(const std::string& file, const std::string& text) {
  try {
    const YAML::Node root = YAML::Load(text);
    if (!root.IsSequence() || root.size() == 0) throw YAML::Exception(root.Mark(), "it is no list of issuers");
    std::vector<Entry> entries;
    std::set<std::string> seen;
    for (const YAML::Node& node : root) {
      if (!node.IsMap()) throw YAML::Exception(node.Mark(), "it is no map of settings");
      entries.push_back(ReadEntry(node));
      if (!seen.insert(entries.back().issuer).second)
        throw YAML::Exception(node.Mark(), "this issuer stands there twice");
    }
    return entries;
  } catch (const YAML::Exception& error) {
    return Unusable(file, absl::StrCat("発行者の一覧として読めません（", error.what(), "）。"),
                    absl::StrCat("not readable as a list of issuers (", error.what(), ")."));
  }
}

// Ignores unusable keys, so that the other issuers still work.
absl::StatusOr<std::string> KeysAt(const std::string& url, const std::string& ca_file) {
  ASSIGN_OR_RETURN(const HttpsAddress address, HttpsAddress::Parse(url));
  ASSIGN_OR_RETURN(std::string keys, HttpsGet(address, ca_file, {.most_bytes = jose::KeySet::kMostBytes}));
  RETURN_IF_ERROR(jose::KeySet::Parse(keys).status());
  return keys;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TrustedIssuers>> TrustedIssuers::Open(std::string file) {
  std::unique_ptr<TrustedIssuers> issuers(new TrustedIssuers(std::move(file)));
  RETURN_IF_ERROR(issuers->Load());
  issuers->keeper_ = std::thread([self = issuers.get()] { self->KeepUp(); });
  return issuers;
}

TrustedIssuers::~TrustedIssuers() {
  {
    MutexLock lock(mutex_);
    closed_ = true;
  }
  closing_.notify_all();
  if (keeper_.joinable()) keeper_.join();
}

absl::Status TrustedIssuers::Load() {
  std::string texts;
  const absl::StatusOr<std::vector<jose::Issuer>> read = Read(texts);
  if (texts == texts_) return absl::OkStatus();  // an error was reported already
  texts_ = std::move(texts);
  RETURN_IF_ERROR(read.status());
  issuers_.Set(*read);
  return absl::OkStatus();
}

// Sets `texts` to the contents of the files, or to the errors of reading them.
absl::StatusOr<std::vector<jose::Issuer>> TrustedIssuers::Read(std::string& texts) {
  const auto take = [&](const std::string& path) {
    absl::StatusOr<std::string> text = ReadWholeFile(path);
    absl::StrAppend(&texts, path, "\n", text.ok() ? *text : text.status().ToString(), "\n");
    return text;
  };
  const auto beside = [&](const std::string& file) {
    return (std::filesystem::path(file_).parent_path() / file).string();
  };
  ASSIGN_OR_RETURN(const std::string list, take(file_));
  ASSIGN_OR_RETURN(const std::vector<Entry> entries, ReadEntries(file_, list));
  std::vector<jose::Issuer> issuers;
  std::map<Address, std::string> fetched;
  for (const Entry& entry : entries) {
    issuers.push_back({entry.issuer, entry.audiences, absl::Seconds(entry.leeway_seconds), {}});
    std::string path = entry.keys_url, text;
    if (!entry.keys.empty()) {
      path = beside(entry.keys);
      ASSIGN_OR_RETURN(text, take(path));
    } else {
      const Address address{entry.keys_url, beside(entry.ca_file)};
      if (fetched_.count(address) == 0) next_fetch_ = Deadline::After(absl::ZeroDuration());
      text = fetched[address] = fetched_[address];
      absl::StrAppend(&texts, text, "\n");
      if (text.empty()) continue;
    }
    absl::StatusOr<jose::KeySet> keys = jose::KeySet::Parse(text);
    if (!keys.ok()) {
      return Unusable(path, absl::StrCat("発行者の公開鍵の一覧として使えません（", keys.status().message(), "）。"),
                      absl::StrCat("not usable as the public keys of an issuer (", keys.status().message(), ")."));
    }
    issuers.back().keys = *std::move(keys);
  }
  fetched_ = std::move(fetched);  // without the URLs that are no longer used
  return issuers;
}

void TrustedIssuers::Fetch() {
  bool had_all = true;
  for (auto& [address, text] : fetched_) {
    absl::StatusOr<std::string> got = KeysAt(address.url, address.ca_file);
    had_all &= got.ok();
    if (got.ok()) {
      text = *std::move(got);
    } else {
      log::Line(log::Level::kError, "issuer_keys_not_fetched")
          .Add("url", address.url)
          .Add("error", got.status().message())
          .Write();
    }
  }
  unknown_keys_ = issuers_.unknown_keys();
  soonest_fetch_ = Deadline::After(kFetchAgainAfter);
  next_fetch_ = had_all ? Deadline::After(kFetchEvery) : soonest_fetch_;
}

void TrustedIssuers::KeepUp() {
  while (true) {
    const bool asked_for = issuers_.unknown_keys() != unknown_keys_ && soonest_fetch_.Over();
    if (asked_for || next_fetch_.Over()) Fetch();
    const absl::Status loaded = Load();
    if (!loaded.ok()) {
      log::Line(log::Level::kError, "issuers_kept").Add("error", loaded.message()).Write();
    }
    MutexLock lock(mutex_);
    if (!closed_) closing_.wait_for(mutex_, kPause);
    if (closed_) return;
  }
}

}  // namespace tsunagu
