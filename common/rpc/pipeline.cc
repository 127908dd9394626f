#include "common/rpc/pipeline.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/entropy.h"
#include "common/base/status_macros.h"
#include "common/contract/validate.h"
#include "common/rpc/call_log.h"
#include "common/rpc/call_metrics.h"
#include "common/rpc/exceptions.h"
#include "common/rpc/headers.h"
#include "common/rpc/peer_name.h"
#include "google/protobuf/descriptor.h"

namespace tsunagu::rpc {
namespace {

constexpr size_t kMaxMetadataBytes = 8 * 1024;
constexpr size_t kMaxMetadataEntries = 64;

}  // namespace

Pipeline::Pipeline(const Router& router, InFlight& in_flight) : router_(router), in_flight_(in_flight) {
  call_.start = router_.options().clock->Now();
  call_.deadline = Deadline::Never();
  call_.correlation_id = NewId(call_.start, Entropy::System());
}

Pipeline::~Pipeline() {
  // Before Leave: they refer to the module, which is destroyed soon after the last call has left.
  Release();
  ticket_ = Admission::Ticket();
  for (Shares::Part* part : {&place_, &unsent_place_, &answer_place_}) part->GiveBack();
  in_flight_.Leave();
}

absl::Status Pipeline::Admit(Arrival arrival) {
  call_.headers = std::move(arrival.headers);
  call_.metadata = std::move(arrival.metadata);
  call_.trace = Trace::Continue(call_.headers.trace);
  RETURN_IF_ERROR(in_flight_.Enter());
  RETURN_IF_ERROR(CheckMetadata(arrival));
  RETURN_IF_ERROR(FindRoute(arrival.path));
  if (route_->permission.empty()) {
    RETURN_IF_ERROR(EnterAsStranger(arrival.peer));
    SetDeadline(arrival.timeout);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(Authenticate());
  if (call_.headers.purpose_malformed) {
    return Fail("MALFORMED_PURPOSE"_reason, {{"max", absl::StrCat(kLongestPurpose)}});
  }
  RETURN_IF_ERROR(CheckPermission());
  RETURN_IF_ERROR(EnterAsCaller());
  RETURN_IF_ERROR(EnterModule());
  SetDeadline(arrival.timeout);
  return absl::OkStatus();
}

// Calls without a key have separate places; each peer has a share of them.
absl::Status Pipeline::EnterAsStranger(const std::string& peer) {
  caller_ = PeerName(peer);
  return in_flight_.strangers().Take(caller_, 1, place_);
}

absl::Status Pipeline::EnterAsCaller() {
  const identity::Principal& principal = call_.principal;
  caller_ = principal.on_behalf_of.empty() ? principal.id : principal.on_behalf_of;
  Shares& places = route_->lane == Lane::kAdmin ? in_flight_.admin() : in_flight_.calls();
  RETURN_IF_ERROR(places.Take(caller_, 1, place_));
  RETURN_IF_ERROR(CheckAnswersTaken());
  return in_flight_.unsent().Take(caller_, 1, unsent_place_);
}

absl::Status Pipeline::Arrived(size_t bytes, absl::FunctionRef<absl::StatusOr<int64_t>()> weigh) {
  unsent_place_.GiveBack();
  request_place_.GiveBack();  // that of the previous message
  if (bytes <= kSmallMessage) return absl::OkStatus();
  ASSIGN_OR_RETURN(const int64_t weight, weigh());
  return in_flight_.requests().Take(caller_, weight, request_place_);
}

absl::Status Pipeline::Arriving(size_t bytes) {
  request_place_.GiveBack();
  if (bytes <= kSmallMessage) return absl::OkStatus();
  return in_flight_.requests().Take(caller_, static_cast<int64_t>(bytes), request_place_);
}

absl::Status Pipeline::CheckAnswersTaken() const { return in_flight_.answers().CheckRoom(caller_); }

void Pipeline::HoldAnswer(size_t bytes) {
  if (bytes <= kSmallMessage) return;
  answer_place_ = in_flight_.answers().TakeAnyway(caller_, static_cast<int64_t>(bytes));
}

// Only for methods that every service offers: the message is decoded first, because it selects the module. A caller who
// may call none of the modules does not get this far.
absl::Status Pipeline::Choose(Decoder decode) {
  return CatchExceptions([&] { return ChooseByMessage(decode); });
}

absl::Status Pipeline::ChooseByMessage(Decoder decode) {
  request_.reset(route_->candidates.front().binding->request->New());
  RETURN_IF_ERROR(decode(*request_));
  NoteRequestId();
  decoded_ = true;
  ASSIGN_OR_RETURN(candidate_, route_->Choose(*request_));
  if (route_->permission.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(Authenticate());
  RETURN_IF_ERROR(CheckPermission());
  return EnterModule();
}

absl::StatusOr<Stream::Pull> Pipeline::Take(Decoder decode) {
  return CatchExceptions([&]() -> absl::StatusOr<Stream::Pull> {
    RETURN_IF_ERROR(Receive(decode));
    RETURN_IF_ERROR(contract::ValidateRequest(*request_));
    RETURN_IF_ERROR(Open());
    RETURN_IF_ERROR(stream_->Push(*request_));
    return call_.method->client_streaming() ? PullNext() : CloseAndPull();
  });
}

absl::StatusOr<Stream::Pull> Pipeline::Close() {
  return CatchExceptions([&]() -> absl::StatusOr<Stream::Pull> {
    if (!call_.method->client_streaming()) return Fail("ONE_MESSAGE_EXPECTED"_reason);
    RETURN_IF_ERROR(Open());
    return CloseAndPull();
  });
}

absl::StatusOr<Stream::Pull> Pipeline::Next() {
  return CatchExceptions([&] { return PullNext(); });
}

void Pipeline::Release() {
  stream_.reset();
  request_.reset();
  response_.reset();
  request_place_.GiveBack();
}

bool Pipeline::answers_once() const { return !call_.method->server_streaming(); }

void Pipeline::Count(const Outcome& outcome) const {
  CallMetrics& metrics = candidate_ != nullptr ? *candidate_->metrics : router_.unrouted();
  metrics.Count(ClassOf(call_.principal), outcome);
  LogCall(call_, service(), outcome);
  router_.options().count(call_, outcome);
}

absl::Status Pipeline::CheckMetadata(const Arrival& arrival) const {
  if (arrival.metadata_bytes <= kMaxMetadataBytes && arrival.metadata_entries <= kMaxMetadataEntries) {
    return absl::OkStatus();
  }
  return Fail("METADATA_TOO_LARGE"_reason);
}

absl::Status Pipeline::FindRoute(const std::string& path) {
  route_ = router_.Find(path);
  if (route_ == nullptr) return Fail("METHOD_NOT_FOUND"_reason, {{"method", absl::CHexEscape(path)}});
  call_.method = route_->method;
  if (route_->address.empty()) candidate_ = &route_->candidates.front();
  return absl::OkStatus();
}

// Authenticates as the module that handles the call does; while that module is not known, as a module that accepts the
// caller.
absl::Status Pipeline::Authenticate() {
  return CatchExceptions([&]() -> absl::Status {
    absl::Status refused;
    bool known = false;
    for (const Route::Candidate& candidate : route_->candidates) {
      if (candidate_ != nullptr && candidate_ != &candidate) continue;
      absl::StatusOr<identity::Principal> principal = candidate.module->authenticate()(call_.headers);
      if (!principal.ok()) {
        refused.Update(principal.status());
        continue;
      }
      call_.principal = *std::move(principal);
      known = true;
      if (call_.principal.May(route_->permission)) break;
    }
    return known ? absl::OkStatus() : refused;
  });
}

absl::Status Pipeline::CheckPermission() const {
  if (call_.principal.May(route_->permission)) return absl::OkStatus();
  return Fail("PERMISSION_DENIED"_reason, {{"permission", route_->permission}});
}

absl::Status Pipeline::EnterModule() {
  if (candidate_ == nullptr) return absl::OkStatus();
  const auto kind = route_->streams                     ? Admission::Kind::kStream
                    : candidate_->binding->never_blocks ? Admission::Kind::kQuick
                                                        : Admission::Kind::kWork;
  ASSIGN_OR_RETURN(ticket_, candidate_->admission->Enter(route_->lane, kind, caller_));
  return absl::OkStatus();
}

bool Pipeline::Waited(absl::Duration wait) {
  ticket_.Waited(wait);
  if (!call_.deadline.Over()) return true;
  ticket_.Dropped();
  return false;
}

void Pipeline::SetDeadline(absl::Duration timeout) {
  const bool streams = call_.method->client_streaming() || call_.method->server_streaming();
  const Router::Options& options = router_.options();
  call_.deadline = Deadline::After(std::min(timeout, streams ? options.stream_deadline : options.default_deadline))
                       .OrOnce(call_.cancelled);
}

absl::Status Pipeline::Receive(Decoder decode) {
  if (std::exchange(decoded_, false)) return absl::OkStatus();
  if (request_ == nullptr) request_.reset(candidate_->binding->request->New());
  RETURN_IF_ERROR(decode(*request_));
  NoteRequestId();
  return absl::OkStatus();
}

void Pipeline::NoteRequestId() {
  if (route_->request_id == nullptr || !call_.request_id.empty()) return;
  call_.request_id = request_->GetReflection()->GetString(*request_, route_->request_id);
}

absl::string_view Pipeline::service() const {
  return candidate_ != nullptr ? absl::string_view(candidate_->module->name()) : absl::string_view();
}

absl::Status Pipeline::Open() {
  if (stream_ != nullptr) return absl::OkStatus();
  response_.reset(candidate_->binding->response->New());
  stream_ = candidate_->binding->open(call_);
  return stream_ != nullptr ? absl::OkStatus() : absl::InternalError("the handler opened no stream");
}

absl::StatusOr<Stream::Pull> Pipeline::CloseAndPull() {
  closed_ = true;
  RETURN_IF_ERROR(stream_->Close());
  return PullNext();
}

absl::StatusOr<Stream::Pull> Pipeline::PullNext() {
  if (answers_once() && !closed_) return Stream::Pull::kEnd;
  response_->Clear();
  ASSIGN_OR_RETURN(const Stream::Pull pulled, stream_->Next(*response_));
  if (answers_once() && pulled == Stream::Pull::kEnd) return absl::InternalError("the handler gave no answer");
  return pulled;
}

}  // namespace tsunagu::rpc
