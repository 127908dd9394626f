#ifndef TSUNAGU_TESTS_WIRE_ROUNDS_H_
#define TSUNAGU_TESTS_WIRE_ROUNDS_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/status.h"
#include "google/longrunning/operations.pb.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/platform/v1/operation.pb.h"

namespace tsunagu::wire {

namespace matching_v1 = tsunagu::matching::v1;

// Short forms of the methods of RoundService.
inline absl::StatusOr<matching_v1::Round> CreateRound(const Caller& caller, const std::string& id, int64_t seed,
                                                      const std::string& area = "") {
  matching_v1::CreateRoundRequest request;
  request.set_round_id(id);
  request.mutable_round()->set_display_name("試験");
  request.mutable_round()->set_seed(seed);
  request.mutable_round()->set_area(area);
  return caller.Call<matching_v1::Round>("matching.v1.RoundService/CreateRound", request);
}

inline absl::StatusOr<google::longrunning::Operation> StartSolving(const Caller& caller, const std::string& id,
                                                                   const matching_v1::Snapshot* snapshot = nullptr,
                                                                   const std::string& request_id = "") {
  matching_v1::SolveRoundRequest request;
  request.set_name("rounds/" + id);
  request.set_request_id(request_id);
  if (snapshot != nullptr) *request.mutable_snapshot() = *snapshot;
  return caller.Call<google::longrunning::Operation>("matching.v1.RoundService/SolveRound", request);
}

// Waits for the operation; an error of the operation is returned as if the method had failed.
inline absl::StatusOr<matching_v1::Round> AwaitRound(const Caller& caller,
                                                     const absl::StatusOr<google::longrunning::Operation>& started) {
  if (!started.ok()) return started.status();
  platform_v1::WaitOperationRequest request;
  request.set_name(started->name());
  const auto done = caller.Call<google::longrunning::Operation>("platform.v1.OperationService/WaitOperation", request);
  if (!done.ok()) return done.status();
  if (done->has_error()) {
    return rpc::FromGrpc(grpc::Status(static_cast<grpc::StatusCode>(done->error().code()), done->error().message(),
                                      done->error().SerializeAsString()));
  }
  matching_v1::Round round;
  if (!done->response().UnpackTo(&round)) return absl::InternalError("the operation has no round");
  return round;
}

inline absl::StatusOr<matching_v1::Round> SolveRound(const Caller& caller, const std::string& id,
                                                     const matching_v1::Snapshot* snapshot = nullptr,
                                                     const std::string& request_id = "") {
  return AwaitRound(caller, StartSolving(caller, id, snapshot, request_id));
}

inline absl::StatusOr<matching_v1::Round> FreezeRound(const Caller& caller, const std::string& id,
                                                      const matching_v1::Snapshot* snapshot = nullptr) {
  matching_v1::FreezeRoundRequest request;
  request.set_name("rounds/" + id);
  if (snapshot != nullptr) *request.mutable_snapshot() = *snapshot;
  return AwaitRound(caller,
                    caller.Call<google::longrunning::Operation>("matching.v1.RoundService/FreezeRound", request));
}

inline absl::StatusOr<matching_v1::Round> PublishRound(const Caller& caller, const std::string& id,
                                                       bool validate_only = false) {
  matching_v1::PublishRoundRequest request;
  request.set_name("rounds/" + id);
  request.set_validate_only(validate_only);
  return caller.Call<matching_v1::Round>("matching.v1.RoundService/PublishRound", request);
}

inline absl::StatusOr<matching_v1::Round> CancelRound(const Caller& caller, const std::string& id) {
  matching_v1::CancelRoundRequest request;
  request.set_name("rounds/" + id);
  request.set_reason("見直し");
  return caller.Call<matching_v1::Round>("matching.v1.RoundService/CancelRound", request);
}

inline absl::StatusOr<matching_v1::VerifySolutionResponse> Verify(const Caller& caller, const std::string& id) {
  matching_v1::VerifySolutionRequest request;
  request.set_name("rounds/" + id);
  return caller.Call<matching_v1::VerifySolutionResponse>("matching.v1.RoundService/VerifySolution", request);
}

// Adds a purpose if the caller has none: without a purpose no reasons are returned.
inline absl::StatusOr<matching_v1::ListAssignmentsResponse> ListAssignments(const Caller& caller, const std::string& id,
                                                                            const std::string& nurse = "",
                                                                            int size = 1000,
                                                                            const std::string& token = "") {
  matching_v1::ListAssignmentsRequest request;
  request.set_parent("rounds/" + id);
  request.set_nurse(nurse);
  request.set_page_size(size);
  request.set_page_token(token);
  const Caller seeing = caller.options().purpose.empty() ? caller.For("tests") : caller;
  return seeing.Call<matching_v1::ListAssignmentsResponse>("matching.v1.RoundService/ListAssignments", request);
}

inline absl::StatusOr<matching_v1::ListLeftOutResponse> ListLeftOut(const Caller& caller, const std::string& id,
                                                                    int size = 1000, const std::string& token = "") {
  matching_v1::ListLeftOutRequest request;
  request.set_parent("rounds/" + id);
  request.set_page_size(size);
  request.set_page_token(token);
  return caller.Call<matching_v1::ListLeftOutResponse>("matching.v1.RoundService/ListLeftOut", request);
}

// Returns everything that ReadSnapshot streams, in one message; `parts` is the number of messages.
inline absl::StatusOr<matching_v1::Snapshot> ReadSnapshot(const Caller& caller, const std::string& id, int& parts) {
  matching_v1::ReadSnapshotRequest request;
  request.set_name("rounds/" + id);
  const Caller auditor = caller.For("audit");
  const auto stream = auditor.Stream("matching.v1.RoundService/ReadSnapshot");
  stream->Write(request);
  stream->WritesDone();
  matching_v1::Snapshot whole, part;
  for (parts = 0;; ++parts) {
    part.Clear();
    const absl::StatusOr<bool> more = stream->Read(part);
    if (!more.ok() || !*more) break;
    whole.MergeFrom(part);
  }
  const absl::Status end = stream->Finish();
  if (!end.ok()) return end;
  return whole;
}

// A snapshot around 鳥取: `nurses` nurses, half of them skilled, and four openings, of which one requires a skill that
// no nurse has and one is too far away for every nurse.
inline matching_v1::Snapshot ASnapshot(int nurses) {
  matching_v1::Snapshot snapshot;
  for (int i = 0; i < nurses; ++i) {
    auto& nurse = *snapshot.add_nurses();
    nurse.set_name(absl::StrCat("nurses/n", 1000 + i));
    nurse.set_licence(registry_v1::LICENCE_NURSE);
    if (i % 2 == 0) nurse.add_skills(registry_v1::SKILL_SUCTION);
    nurse.set_weekly_minutes(1200);
    nurse.set_home_mesh(i % 3 == 0 ? "53341198" : "53341188");
    nurse.set_commute_limit_metres(10'000);
    nurse.add_wishes(i % 5 == 0 ? "facilities/b" : "facilities/a");
  }
  auto opening = [&](const char* id, const char* facility, int longitude, int posts) -> matching_v1::SnapshotOpening& {
    auto& one = *snapshot.add_openings();
    one.set_name(absl::StrCat("openings/", id));
    one.set_facility(absl::StrCat("facilities/", facility));
    one.set_latitude_e6(35'495'000);
    one.set_longitude_e6(longitude);
    one.set_posts(posts);
    one.set_weekly_minutes(1200);
    return one;
  };
  opening("a", "a", 134'231'000, 2);
  opening("b", "b", 134'238'000, 2).add_required_skills(registry_v1::SKILL_SUCTION);
  opening("c", "c", 134'240'000, 5).add_required_skills(registry_v1::SKILL_VENTILATOR);
  opening("d", "d", 140'000'000, 5);
  return snapshot;
}

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_ROUNDS_H_
