#ifndef TSUNAGU_COMMON_RPC_PIPELINE_H_
#define TSUNAGU_COMMON_RPC_PIPELINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/admission.h"
#include "common/rpc/call.h"
#include "common/rpc/in_flight.h"
#include "common/rpc/router.h"
#include "google/protobuf/message.h"

namespace tsunagu::rpc {

// What a transport knows about a call before its first message.
struct Arrival {
  std::string path;  // "/tsunagu.registry.v1.AreaService/GetArea"
  size_t metadata_bytes = 0;
  size_t metadata_entries = 0;
  Headers headers;
  absl::Duration timeout = absl::InfiniteDuration();  // set by the caller
  std::string peer;                                   // "ipv4:127.0.0.1:41234"
  Call::Notes metadata;                               // for Call::metadata
};

// The steps that every call of every transport takes, always in the same order. The transport reads, writes and
// schedules; it calls one of these methods at a time. Exceptions of handlers become INTERNAL.
class Pipeline {
 public:
  using Decoder = absl::FunctionRef<absl::Status(google::protobuf::Message&)>;
  // In bytes. Messages and answers up to this size are read in microseconds, and are not counted: the limit of calls
  // bounds them.
  static constexpr size_t kSmallMessage = 16 * 1024;

  // Both must outlive the pipeline.
  Pipeline(const Router& router, InFlight& in_flight);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Performs every check that needs no message. Does not block.
  absl::Status Admit(Arrival arrival);

  // A message of the client has arrived, with `bytes` bytes. For a message that is not small, `weigh` returns its size
  // once decoded. Does not block. Errors: TOO_BUSY, CALLER_TOO_BUSY, those of `weigh`.
  absl::Status Arrived(size_t bytes, absl::FunctionRef<absl::StatusOr<int64_t>()> weigh);
  // A part of a message, with `bytes` bytes, is here. These bytes are counted until the whole message has Arrived. Does
  // not block. Errors: TOO_BUSY, CALLER_TOO_BUSY.
  absl::Status Arriving(size_t bytes);
  // Returns whether the caller takes its answers. Called before work begins that makes another one.
  absl::Status CheckAnswersTaken() const;
  // Counts the bytes of an answer that waits to be sent, until it is Sent or the call ends.
  void HoldAnswer(size_t bytes);
  void Sent() { answer_place_.GiveBack(); }

  // The module that handles the call; null while only its first message can decide that: then Choose comes before Take.
  const Route::Candidate* candidate() const { return candidate_; }
  // Decodes the first message and finds the module it addresses. Does not block.
  absl::Status Choose(Decoder decode);

  // Handles one message of the client.
  absl::StatusOr<Stream::Pull> Take(Decoder decode);
  // The client has sent all messages.
  absl::StatusOr<Stream::Pull> Close();
  // Call after a message was sent, or after a wake-up.
  absl::StatusOr<Stream::Pull> Next();

  Call& call() { return call_; }
  // The name of the module that handles the call; empty while it is not known.
  absl::string_view service() const;
  // True once no further message of the client will be read.
  bool closed() const { return closed_; }
  bool answers_once() const;
  // Call when the last answer is encoded: frees the messages on the thread that made them, where that is cheapest.
  void Release();
  // The message filled by the last pull.
  const google::protobuf::Message& response() const { return *response_; }

  const Route& route() const { return *route_; }
  // A hash of the caller, by which the executor groups its tasks; never 0.
  uint64_t owner() const { return std::hash<std::string>()(caller_) | 1; }
  // The call waited in the executor's queue for `wait`. Returns false when its deadline is over: nobody waits for the
  // result.
  bool Waited(absl::Duration wait);
  // A step has used `time` of the processor, on a thread of the executor.
  void Used(absl::Duration time) { ticket_.Used(time); }
  // The answer is known: releases the place before gRPC has finished the call. No step may run or follow.
  void GiveUpPlace() { ticket_ = Admission::Ticket(); }
  // Only the status remains to be sent. Call once; a step may still be running.
  void Over() { place_.GiveBack(); }

  absl::Duration Elapsed() const { return router_.options().clock->Now() - call_.start; }
  // Call once, after the answer.
  void Count(const Outcome& outcome) const;

 private:
  absl::Status ChooseByMessage(Decoder decode);
  absl::Status CheckMetadata(const Arrival& arrival) const;
  absl::Status FindRoute(const std::string& path);
  absl::Status EnterAsStranger(const std::string& peer);
  absl::Status EnterAsCaller();
  absl::Status Authenticate();
  absl::Status CheckPermission() const;
  absl::Status EnterModule();
  void SetDeadline(absl::Duration timeout);
  absl::Status Receive(Decoder decode);
  void NoteRequestId();
  absl::Status Open();
  absl::StatusOr<Stream::Pull> CloseAndPull();
  absl::StatusOr<Stream::Pull> PullNext();

  const Router& router_;
  InFlight& in_flight_;
  Call call_;
  const Route* route_ = nullptr;
  const Route::Candidate* candidate_ = nullptr;
  std::string caller_;  // the principal for whom the work is done; without a key, the peer's name
  Shares::Part place_, unsent_place_, request_place_, answer_place_;
  Admission::Ticket ticket_;
  std::unique_ptr<google::protobuf::Message> request_;
  std::unique_ptr<google::protobuf::Message> response_;
  std::unique_ptr<Stream> stream_;
  bool decoded_ = false;
  bool closed_ = false;
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_PIPELINE_H_
