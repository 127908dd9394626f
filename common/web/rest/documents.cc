#include "common/web/rest/documents.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/gzip.h"
#include "common/web/rest/docs_page.h"
#include "common/web/rest/openapi.h"
#include "common/web/rest/rest.h"
#include "common/web/rest/scalar.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/rpc/error_details.pb.h"

namespace tsunagu::web {
namespace {

using google::protobuf::FileDescriptor;

constexpr char kOpenApi[] = "/openapi.json", kDocs[] = "/docs", kScalar[] = "/docs/scalar.js",
               kReasons[] = "/docs/reasons", kDescriptors[] = "/descriptors.binpb";
constexpr char kEnglishDocs[] = "/docs en";  // no path: the key of the English page

// Permits the scripts of this server and calls to this server, and no other machine. Scalar adds styles and pictures of
// its own to the page.
constexpr char kPolicy[] =
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr char kHtml[] = "text/html; charset=utf-8";
constexpr size_t kMostOfScalar = 64 << 20;

// Adds a file after the files that it imports.
void AddFile(const FileDescriptor& file, std::set<const FileDescriptor*>& seen,
             google::protobuf::FileDescriptorSet& set) {
  if (!seen.insert(&file).second) return;
  for (int i = 0; i < file.dependency_count(); ++i) AddFile(*file.dependency(i), seen, set);
  google::protobuf::FileDescriptorProto& proto = *set.add_file();
  file.CopyTo(&proto);
  file.CopyJsonNameTo(&proto);  // as protoc does: some clients do not compute the names
}

std::string Descriptors(const rpc::Router& router) {
  google::protobuf::FileDescriptorSet set;
  std::set<const FileDescriptor*> seen;
  for (const std::string& name : router.ServiceNames()) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service != nullptr) AddFile(*service->file(), seen, set);
  }
  AddFile(*google::rpc::ErrorInfo::descriptor()->file(), seen, set);
  return set.SerializeAsString();
}

std::string EtagOf(absl::string_view bytes) { return absl::StrCat("\"", Base32(Sha256(bytes)).substr(0, 26), "\""); }

}  // namespace

void Documents::Make() const {
  {
    const Json openapi = OpenApi(rules_, Comments(ContractSet()));
    Add(kOpenApi, "application/json", openapi.dump());
    Add(kReasons, kHtml, ReasonsPage(openapi));
  }
  Add(kDocs, kHtml, DocsPage(Language::kJapanese));
  Add(kEnglishDocs, kHtml, DocsPage(Language::kEnglish));
  Add(kDescriptors, "application/protobuf", Descriptors(router_));
  all_[kScalar] = {"text/javascript; charset=utf-8", EtagOf(Scalar()), nullptr,
                   std::make_shared<const std::string>(Scalar())};
}

void Documents::Add(const std::string& path, const std::string& type, const std::string& bytes) const {
  all_[path] = {type, EtagOf(bytes), std::make_shared<const std::string>(bytes),
                std::make_shared<const std::string>(Gzip(bytes))};
}

// Made on demand, because most servers never need them. The first request, and others on its thread, wait some tenths
// of a second.
const Documents::Document& Documents::Get(const std::string& path, Language language) const {
  std::call_once(made_, [this] { Make(); });
  return all_.at(path == kDocs && language == Language::kEnglish ? kEnglishDocs : path);
}

// 5 MB that no browser asks for.
std::shared_ptr<const std::string> Documents::UnpackedScalar() const {
  std::call_once(unpacked_,
                 [this] { scalar_ = std::make_shared<const std::string>(*Gunzip(Scalar(), kMostOfScalar)); });
  return scalar_;
}

std::optional<Page> Documents::Find(const Request& request) const {
  const absl::string_view paths[] = {kOpenApi, kDocs, kScalar, kReasons, kDescriptors};
  if (std::find(std::begin(paths), std::end(paths), request.path) == std::end(paths)) return std::nullopt;
  if (request.method != "GET") {
    return Refusal(Fail("VERB_NOT_ALLOWED"_reason, {{"allowed", "GET"}}), request);
  }
  const Document& document = Get(request.path, StyleOf(request).language);
  Page page;
  page.fields = {{"content-type", document.type},
                 {"etag", document.etag},
                 {"vary", "accept-encoding, accept-language"},
                 {"cache-control", "no-cache"},
                 {"content-security-policy", kPolicy},
                 {"x-content-type-options", "nosniff"},
                 {"referrer-policy", "no-referrer"}};
  if (NamesTag(AllValuesOf(request.fields, "if-none-match").value_or(""), document.etag)) {
    page.status = 304;
    return page;
  }
  const bool packed = WeightOf(AllValuesOf(request.fields, "accept-encoding").value_or(""), "gzip") > 0;
  if (packed) page.fields.emplace_back("content-encoding", "gzip");
  page.kept = packed ? document.packed : document.bytes != nullptr ? document.bytes : UnpackedScalar();
  return page;
}

}  // namespace tsunagu::web
