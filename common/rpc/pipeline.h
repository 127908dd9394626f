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

// What a transport knows of a call before its first message.
struct Arrival {
  std::string path;  // "/tsunagu.registry.v1.AreaService/GetArea"
  size_t metadata_bytes = 0;
  size_t metadata_entries = 0;
  Headers headers;
  absl::Duration timeout = absl::InfiniteDuration();  // what the caller allows
  std::string peer;                                   // "ipv4:127.0.0.1:41234"
  Call::Notes metadata;                               // for Call::metadata
};

// The one choke point: the steps that every call of every transport takes, always in the same order. The transport
// reads, writes and schedules; it calls one of these at a time. Exceptions of handlers come out as INTERNAL.
class Pipeline {
 public:
  using Decoder = absl::FunctionRef<absl::Status(google::protobuf::Message&)>;

  // Both outlive it.
  Pipeline(const Router& router, InFlight& in_flight);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Everything that needs no message. Does not block.
  absl::Status Admit(Arrival arrival);

  // A message of the client has come, of so many bytes; of one that is not small, `weigh` says what it will take once
  // it is decoded. Does not block. TOO_BUSY, CALLER_TOO_BUSY, and what `weigh` refuses.
  absl::Status Arrived(size_t bytes, absl::FunctionRef<absl::StatusOr<int64_t>()> weigh);
  // So many bytes of a message are here, and it is not whole yet: they have a place until it has Arrived. Does not
  // block. TOO_BUSY, CALLER_TOO_BUSY.
  absl::Status Arriving(size_t bytes);
  // Whether the caller takes his answers: before work is begun that makes another one.
  absl::Status CheckAnswersTaken() const;
  // An answer of so many bytes waits to be sent, until it is Sent or the call ends.
  void HoldAnswer(size_t bytes);
  void Sent() { answer_place_.GiveBack(); }

  // Who handles the call; null while only its first message can say so: then Choose comes before Take.
  const Route::Candidate* candidate() const { return candidate_; }
  // Decodes the first message and finds the module it means. Does not block.
  absl::Status Choose(Decoder decode);

  // One message of the client, and what it leads to.
  absl::StatusOr<Stream::Pull> Take(Decoder decode);
  // The client has sent everything.
  absl::StatusOr<Stream::Pull> Close();
  // After a message was sent, or a wake-up.
  absl::StatusOr<Stream::Pull> Next();

  Call& call() { return call_; }
  // The module that handles the call; empty while that is not known.
  absl::string_view service() const;
  // True once the client can send nothing more that is read.
  bool closed() const { return closed_; }
  bool answers_once() const;
  // The last answer is encoded: lets go of the messages on the thread that made them, where that is cheapest.
  void Release();
  // What the last pull filled.
  const google::protobuf::Message& response() const { return *response_; }

  const Route& route() const { return *route_; }
  // For whom it is done, as the executor tells its tasks apart; never 0.
  uint64_t owner() const { return std::hash<std::string>()(caller_) | 1; }
  // The call stood in the executor's queue. False when its time is over: nobody waits for what it would do.
  bool Waited(absl::Duration wait);
  // A step of it has used so much of the processor, on a thread of the executor.
  void Used(absl::Duration time) { ticket_.Used(time); }
  // The answer is known: somebody else may come in before gRPC has done with this call. No step runs or follows.
  void GiveUpPlace() { ticket_ = Admission::Ticket(); }
  // Nothing but the status is left to be sent. Once; a step may still run.
  void Over() { place_.GiveBack(); }

  absl::Duration Elapsed() const { return router_.options().clock->Now() - call_.start; }
  // Once, after the answer.
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
  std::string caller_;  // for whom it is done; for strangers, where they come from
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
