#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/client.h"
#include "common/rpc/wire.h"
#include "grpcpp/support/client_callback.h"

namespace tsunagu::rpc {

// Turns gRPC's callbacks into blocking calls. A hold keeps the call open for operations until a read has reported its
// end. Never destroyed on gRPC's thread: destroying the context may release the last reference to the channel, and gRPC
// would then wait for that same thread.
class PeerStream::Reactor : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  grpc::ClientContext& context() { return context_; }

  void Start() {
    AddHold();
    StartCall();
  }

  bool Read(grpc::ByteBuffer& bytes) {
    MutexLock lock(mutex_);
    if (!held_) return false;
    reading_ = true;
    StartRead(&bytes);
    while (reading_) changed_.wait(mutex_);
    if (!read_ok_) Release();
    return read_ok_;
  }

  bool Write(const grpc::ByteBuffer& bytes) {
    MutexLock lock(mutex_);
    if (!held_ || writes_done_) return false;
    writing_ = true;
    StartWrite(&bytes);
    while (writing_) changed_.wait(mutex_);
    return write_ok_;
  }

  void WritesDone() {
    MutexLock lock(mutex_);
    if (!held_ || std::exchange(writes_done_, true)) return;
    StartWritesDone();
  }

  grpc::Status Wait() {
    MutexLock lock(mutex_);
    while (!done_) changed_.wait(mutex_);
    return status_;
  }

  // Ends the call if nobody has read its end.
  void Abandon() {
    context_.TryCancel();
    MutexLock lock(mutex_);
    if (held_) Release();
  }

  void OnReadDone(bool ok) override {
    MutexLock lock(mutex_);
    reading_ = false;
    read_ok_ = ok;
    changed_.notify_all();
  }

  void OnWriteDone(bool ok) override {
    MutexLock lock(mutex_);
    writing_ = false;
    write_ok_ = ok;
    changed_.notify_all();
  }

  void OnDone(const grpc::Status& status) override {
    MutexLock lock(mutex_);  // the waiter may destroy this object once the lock is released
    status_ = status;
    done_ = true;
    changed_.notify_all();
  }

 private:
  void Release() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    held_ = false;
    RemoveHold();
  }

  grpc::ClientContext context_;
  Mutex mutex_;
  CondVar changed_;
  bool held_ ABSL_GUARDED_BY(mutex_) = true;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool read_ok_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool write_ok_ ABSL_GUARDED_BY(mutex_) = false;
  bool writes_done_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status status_ ABSL_GUARDED_BY(mutex_);
};

std::unique_ptr<PeerStream> Peer::Stream(absl::string_view method, const CallOptions& options) {
  auto reactor = std::make_unique<PeerStream::Reactor>();
  options.ApplyTo(reactor->context());
  stub_.PrepareBidiStreamingCall(&reactor->context(), absl::StrCat("/", method), {}, reactor.get());
  reactor->Start();
  return std::unique_ptr<PeerStream>(new PeerStream(*this, std::move(reactor)));
}

PeerStream::PeerStream(const Peer& peer, std::unique_ptr<Reactor> reactor)
    : peer_(peer), reactor_(std::move(reactor)) {}

PeerStream::~PeerStream() {
  reactor_->Abandon();
  reactor_->Wait();
}

bool PeerStream::Write(const google::protobuf::Message& message) {
  const auto bytes = Encode(message);
  return bytes.ok() && reactor_->Write(*bytes);
}

bool PeerStream::Write(const grpc::ByteBuffer& bytes) { return reactor_->Write(bytes); }

void PeerStream::WritesDone() { reactor_->WritesDone(); }

absl::StatusOr<bool> PeerStream::Read(google::protobuf::Message& message) {
  grpc::ByteBuffer bytes;
  if (!reactor_->Read(bytes)) return false;
  RETURN_IF_ERROR(Decode(bytes, message));
  return true;
}

bool PeerStream::Read(grpc::ByteBuffer& bytes) { return reactor_->Read(bytes); }

absl::Status PeerStream::Finish() {
  grpc::ByteBuffer dropped;
  while (reactor_->Read(dropped)) {
  }
  return peer_.Translate(reactor_->Wait());
}

void PeerStream::Cancel() { reactor_->context().TryCancel(); }

}  // namespace tsunagu::rpc
