#ifndef TSUNAGU_COMMON_WEB_DOCUMENTS_H_
#define TSUNAGU_COMMON_WEB_DOCUMENTS_H_

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "common/base/error.h"
#include "common/rpc/router.h"
#include "common/web/door.h"
#include "common/web/rest/http_rule.h"

namespace tsunagu::web {

// The documents of a server: /openapi.json; /docs to read it and try calls, in the reader's language; /docs/reasons;
// and /descriptors.binpb, a FileDescriptorSet with every contract that it offers, their imports, and
// google/rpc/error_details.proto. They are made on the first request and cached. They contact no other machine, and
// need no key. Thread-safe.
class Documents {
 public:
  // Both must outlive it.
  Documents(const rpc::Router& router, const HttpRules& rules) : router_(router), rules_(rules) {}

  // Answers GET only; 304 when the client has the document. Returns nothing when the request is for none of them.
  std::optional<Page> Find(const Request& request) const;

 private:
  struct Document {
    std::string type, etag;
    std::shared_ptr<const std::string> bytes;  // null: unpacked when a client accepts only that form
    std::shared_ptr<const std::string> packed;
  };
  const Document& Get(const std::string& path, Language language) const;
  std::shared_ptr<const std::string> UnpackedScalar() const;
  void Make() const;
  void Add(const std::string& path, const std::string& type, const std::string& bytes) const;

  const rpc::Router& router_;
  const HttpRules& rules_;
  mutable std::once_flag made_, unpacked_;
  mutable std::map<std::string, Document, std::less<>> all_;  // filled by made_
  mutable std::shared_ptr<const std::string> scalar_;         // filled by unpacked_
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_DOCUMENTS_H_
