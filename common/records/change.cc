// A change and its answer: in one transaction, once per request id.
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/journal/journal.h"
#include "common/records/pending_change.h"
#include "common/records/requests.h"
#include "common/records/store.h"
#include "common/records/store_metrics.h"
#include "common/records/table.h"

namespace tsunagu::store {
namespace {

using google::protobuf::Message;

constexpr absl::Duration kRequestsKept = absl::Hours(24 * 8);
constexpr size_t kRevisionsKept = 100;  // per request; a change may write more revisions than its row can hold

// Includes the person: a service that calls for many people has no requests of its own, and each person chooses ids
// separately.
std::string AnswerContext(const Actor& actor) {
  return absl::StrCat("requests ", actor.Person(), " ", actor.method, " ", actor.request_id, " answer");
}

}  // namespace

absl::Status Store::Remember(Tx& tx, absl::string_view digest, const Message& response) {
  Failpoint("store.before_request_kept");
  std::vector<std::string> revisions;
  for (const auto& [name, revision] : tx.written_) {
    if (revisions.size() == kRevisionsKept) break;
    revisions.push_back(absl::StrCat(name, "@", revision));
  }
  // A record is rebuilt from its revision, so nothing is stored twice.
  const bool record = contract::Schema::IsRecord(response.GetDescriptor());
  std::string answer;
  if (record) {
    const auto& schema = contract::Schema::Of(response.GetDescriptor());
    revisions.insert(revisions.begin(), absl::StrCat(schema.NameIn(response), "@", RevisionOf(schema, response)));
  } else if (tx.keeps_answer_) {
    ASSIGN_OR_RETURN(answer, Encrypt(AnswerContext(tx.actor()), response.SerializeAsString()));
  }
  const std::string joined = absl::StrJoin(revisions, " ");
  const int64_t expire = absl::ToUnixMicros(clock_.Now() + kRequestsKept);
  const Actor& actor = tx.actor();
  std::vector<Value> values = {absl::string_view(actor.Person()),   absl::string_view(actor.method),
                               absl::string_view(actor.request_id), Blob{digest},
                               absl::string_view(joined),           Blob{answer}};
  const std::string mac = RequestTable().Mac(RowKey(), values);
  values.insert(values.end(), {Blob{mac}, expire});
  return tx.session()
      .Execute(
          "INSERT INTO `requests` (`caller`, `method`, `request_id`, `digest`, `revisions`, `answer`, `mac`, "
          "`expire_time`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          values)
      .status();
}

absl::StatusOr<bool> Store::Replay(View& view, absl::string_view digest, Message& response) {
  const Actor& actor = view.actor();
  std::string kept_digest, revisions, answer;
  bool known = false;
  static const auto& sql =
      *new std::string(absl::StrCat("SELECT ", RequestTable().columns(),
                                    " FROM `requests` WHERE `caller` = ? AND `method` = ? AND `request_id` = ?"));
  RETURN_IF_ERROR(view.session().Query(
      sql, {absl::string_view(actor.Person()), absl::string_view(actor.method), absl::string_view(actor.request_id)},
      [&](const Row& row) -> absl::Status {
        if (!RequestTable().IsGenuine(RowKey(), row)) return ForgedRow(RequestTable());
        known = true;
        kept_digest = row.Bytes(3);
        revisions = row.Bytes(4);
        answer = row.Bytes(5);
        return absl::OkStatus();
      }));
  if (!known) return false;
  if (!EqualInConstantTime(kept_digest, digest)) {
    return tsunagu::ToStatus(MakeFault("request_id", "REQUEST_ID_REUSED"_reason));
  }
  if (!answer.empty()) {
    ASSIGN_OR_RETURN(const std::string plain, Decrypt(AnswerContext(actor), answer));
    if (!response.ParseFromString(plain)) return absl::DataLossError("kept answer");
    return true;
  }
  const std::vector<std::string> first = absl::StrSplit(revisions.substr(0, revisions.find(' ')), '@');
  int64_t revision = 0;
  if (first.size() != 2 || !absl::SimpleAtoi(first[1], &revision)) return absl::DataLossError("kept revisions");
  if (first[0].empty()) return true;  // the request wrote nothing and answered nothing
  Table* table = TableOfName(first[0]);
  if (table == nullptr) return absl::DataLossError("kept revisions");
  if (!contract::Schema::IsRecord(response.GetDescriptor())) {
    return Fail("RESOURCE_EXISTS"_reason,
                {{"resource", table->schema().word()}, {"resource_type", table->schema().type()}, {"name", first[0]}});
  }
  RETURN_IF_ERROR(table->Get(view, first[0]).status());  // within today's scope
  RETURN_IF_ERROR(ReadJournal(view.session(), first[0], revision + 1, 1, absl::nullopt,
                              [&](const JournalEntry& entry) { return table->ReadImage(view, entry, response); }));
  return true;
}

absl::StatusOr<bool> Store::ReplayKnown(const Actor& actor, Deadline deadline, absl::string_view digest,
                                        Message& response) {
  bool known = false;
  const Record first(response.New());  // when there is no answer, the response stays as the body has left it
  RETURN_IF_ERROR(database_->Read(deadline, [&](Session& session) -> absl::Status {
    View view(*this, session, actor, /*reads_personal=*/true);
    ASSIGN_OR_RETURN(known, Replay(view, digest, *first));
    return absl::OkStatus();
  }));
  if (!known) return false;
  response.GetReflection()->Swap(&response, first.get());
  metrics_->replays.Add();
  return true;
}

absl::StatusOr<bool> Store::FindAnswer(const Actor& actor, Deadline deadline, const ChangeRequest& request,
                                       Message& response) {
  if (actor.request_id.empty() || request.validate_only) return false;
  return ReplayKnown(actor, deadline, HmacSha256(Secret("requests"), request.digest), response);
}

absl::Status Store::Change(const Actor& actor, Deadline deadline, const ChangeRequest& request, Message& response,
                           absl::FunctionRef<absl::Status(Tx&)> body) {
  PendingChange change(*this, actor, deadline, request, response, [body](Tx& tx) { return body(tx); });
  RETURN_IF_ERROR(change.Start());
  return change.Finish();
}

}  // namespace tsunagu::store
