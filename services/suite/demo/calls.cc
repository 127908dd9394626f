#include "services/suite/demo/calls.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tsunagu::suite {
namespace {

namespace v1 = platform::v1;

constexpr size_t kPieceBytes = 256 << 10;

absl::Status Send(rpc::PeerStream& stream, v1::ImportRowsRequest request, Input& file) {
  for (bool first = true;; first = false) {
    ASSIGN_OR_RETURN(*request.mutable_data(), file.Read(kPieceBytes));
    if (request.data().empty() && !first) break;
    if (!stream.Write(request)) return absl::OkStatus();  // the call has ended: its status says why
    request.Clear();
  }
  stream.WritesDone();
  return absl::OkStatus();
}

absl::Status Receive(rpc::PeerStream& stream, Imported& imported) {
  while (true) {
    v1::ImportRowsResponse response;
    ASSIGN_OR_RETURN(const bool more, stream.Read(response));
    if (!more) return absl::OkStatus();
    if (response.has_row()) imported.rows.push_back(std::move(*response.mutable_row()));
    if (response.has_summary()) imported.summary = response.summary();
  }
}

}  // namespace

absl::StatusOr<Imported> ImportCsv(const Client& client, absl::string_view service, absl::string_view collection,
                                   Input& file) {
  Imported imported;
  imported.collection = std::string(collection);
  v1::ImportRowsRequest request;
  request.set_parent(absl::StrCat("services/", service));
  request.set_collection(imported.collection);
  const auto stream = client.peer->Stream("tsunagu.platform.v1.TransferService/ImportRows", client.stream);
  RETURN_IF_ERROR(Converse(
      *stream, file, [&] { return Send(*stream, request, file); }, [&] { return Receive(*stream, imported); }));
  return imported;
}

}  // namespace tsunagu::suite
