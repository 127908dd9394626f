#include "services/suite/demo_calls.h"

#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"

namespace tsunagu::suite {
namespace {

namespace v1 = platform::v1;

constexpr int kPieceBytes = 256 << 10;

// Stops early when the call has ended: its end says why.
void Send(rpc::PeerStream& stream, v1::ImportRowsRequest first, std::istream& file) {
  std::string piece(kPieceBytes, '\0');
  v1::ImportRowsRequest request = std::move(first);
  do {
    file.read(piece.data(), kPieceBytes);
    request.set_data(piece.data(), file.gcount());
    if (!stream.Write(request)) return;
    request.Clear();
  } while (file);
  stream.WritesDone();
}

absl::Status Receive(rpc::PeerStream& stream, Imported& imported) {
  while (true) {
    v1::ImportRowsResponse response;
    ASSIGN_OR_RETURN(const bool more, stream.Read(response));
    if (!more) return stream.Finish();
    if (response.has_row()) imported.rows.push_back(std::move(*response.mutable_row()));
    if (response.has_summary()) imported.summary = response.summary();
  }
}

}  // namespace

absl::StatusOr<Imported> ImportCsv(rpc::Peer& peer, const rpc::CallOptions& options, absl::string_view service,
                                   absl::string_view collection, std::istream& file) {
  Imported imported;
  imported.collection = std::string(collection);
  v1::ImportRowsRequest first;
  first.set_parent(absl::StrCat("services/", service));
  first.set_collection(imported.collection);
  const std::unique_ptr<rpc::PeerStream> stream =
      peer.Stream("tsunagu.platform.v1.TransferService/ImportRows", options);
  // Faults come back while the file still goes out: were they left unread, both sides would wait for each other.
  std::thread sender([&] { Send(*stream, std::move(first), file); });
  const absl::Status received = Receive(*stream, imported);
  if (!received.ok()) stream->Cancel();
  sender.join();
  RETURN_IF_ERROR(received);
  return imported;
}

}  // namespace tsunagu::suite
