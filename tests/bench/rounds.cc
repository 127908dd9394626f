#include "tests/bench/rounds.h"

#include <utility>

#include "common/base/clock.h"
#include "tests/bench/registry.h"
#include "tsunagu/matching/v1/visit_round.pb.h"
#include "tsunagu/platform/v1/operation.pb.h"

namespace tsunagu::bench {
namespace {

namespace v1 = matching::v1;
using google::longrunning::Operation;

process::ServerProcess::Options Options(std::vector<std::string> command) {
  process::ServerProcess::Options options;
  options.command = std::move(command);
  return options;
}

}  // namespace

Rounds::Rounds(std::vector<std::string> command) : server_(folder_ / "data", Options(std::move(command))) {
  Require(!server_.address().empty(), "the service does not start");
}

void Rounds::Import(const std::string& service, const std::string& collection, const std::string& file, int rows) {
  ImportInto(server_, service, collection, file, rows);
}

double Rounds::Freeze(const std::string& id, const v1::Snapshot* snapshot, v1::OpeningKind kind) {
  v1::CreateRoundRequest create;
  create.set_round_id(id);
  create.mutable_round()->set_display_name("見本");
  create.mutable_round()->set_seed(1);
  create.mutable_round()->set_opening_kind(kind);
  Ask<v1::Round>("matching.v1.RoundService/CreateRound", create);
  v1::FreezeRoundRequest freeze;
  freeze.set_name("rounds/" + id);
  if (snapshot != nullptr) *freeze.mutable_snapshot() = *snapshot;
  const Stopwatch watch;
  Await(Ask<Operation>("matching.v1.RoundService/FreezeRound", freeze));
  return absl::ToDoubleSeconds(watch.Elapsed());
}

double Rounds::Solve(const std::string& id, int least_matched) {
  v1::SolveRoundRequest solve;
  solve.set_name("rounds/" + id);
  const Stopwatch watch;
  const v1::Round round = Await(Ask<Operation>("matching.v1.RoundService/SolveRound", solve));
  const double seconds = absl::ToDoubleSeconds(watch.Elapsed());
  Require(round.matched_count() > least_matched, "hardly anybody is matched");
  return seconds;
}

std::set<std::string> Rounds::OpenVisitContracts(const std::string& name) {
  v1::OpenVisitContractsRequest request;
  request.set_round(name);
  const auto stream = server_.Stream("matching.v1.VisitRoundService/OpenVisitContracts");
  stream->Write(request);
  stream->WritesDone();
  v1::OpenVisitContractsResponse line;
  std::set<std::string> supplies;
  for (auto more = stream->Read(line); more.ok() && *more; more = stream->Read(line)) {
    Require(!line.visit_contract().empty(), "a contract is refused");
    supplies.insert(line.supply());
  }
  const absl::Status end = stream->Finish();
  Require(end.ok(), end.ToString());
  return supplies;
}

double Rounds::Memory() { return MemoryOf(server_.process().pid(), "VmHWM"); }

v1::Round Rounds::Await(Operation operation) {
  platform::v1::WaitOperationRequest wait;
  wait.set_name(operation.name());
  while (!operation.done()) operation = Ask<Operation>("platform.v1.OperationService/WaitOperation", wait);
  v1::Round round;
  Require(operation.has_response() && operation.response().UnpackTo(&round), "an operation fails");
  return round;
}

}  // namespace tsunagu::bench
