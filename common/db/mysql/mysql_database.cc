#include "common/db/mysql/mysql_database.h"

#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/db/mysql/mysql_server.h"
#include "common/db/mysql/mysql_tables.h"

namespace tsunagu::store {
namespace {

constexpr absl::Duration kReadTimeout = absl::Seconds(10);
// Shorter, because the interrupter holds the lock of the statement that it stops: the call that runs the statement
// waits for it, and so do the next statements to be stopped.
constexpr absl::Duration kKillTimeout = absl::Seconds(2);
constexpr absl::Duration kDefineTimeout = absl::Hours(1);
constexpr absl::Duration kPatience = absl::Seconds(60);  // for calls without a deadline
// A connection that was idle for longer is checked before it is used.
constexpr absl::Duration kTrusted = absl::Seconds(5);
constexpr int kRetries = 5;

// Full jitter on a base of 50 ms that doubles.
absl::Duration Pause(int attempt) {
  thread_local std::minstd_rand random(std::random_device{}());
  return absl::Milliseconds(std::uniform_int_distribution<int>(1, 50 << attempt)(random));
}

}  // namespace

// A borrowed connection. It returns to the pool, or is closed, when the lease ends.
class MysqlDatabase::Lease {
 public:
  Lease(MysqlDatabase& database, std::unique_ptr<MysqlSession> session, bool fresh)
      : database_(&database), session_(std::move(session)), fresh_(fresh) {}
  Lease(Lease&&) = default;
  Lease& operator=(Lease&&) = delete;
  ~Lease() {
    if (session_ == nullptr) return;
    database_->interrupter_.Forget(session_->running());
    database_->Return(std::move(session_));
  }
  MysqlSession& operator*() const { return *session_; }
  MysqlSession* operator->() const { return session_.get(); }
  // Whether the connection was made for this lease.
  bool fresh() const { return fresh_; }

 private:
  MysqlDatabase* database_;
  std::unique_ptr<MysqlSession> session_;
  bool fresh_;
};

MysqlDatabase::MysqlDatabase(MysqlOptions options, std::unique_ptr<MysqlSession> first)
    : options_(std::move(options)), pool_(options_.pool_size) {
  if (first != nullptr) pool_.Add(std::move(first));
}

absl::Status MysqlDatabase::Read(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) {
  for (;;) {
    ASSIGN_OR_RETURN(Lease session, Borrow(deadline, MysqlSession::Access::kRead));
    const absl::Status status = body(*session);
    // The first statement finds out that a connection died in the pool. Nothing has been read by then, so another
    // connection is tried. A new connection that dies means a problem of the server.
    const bool died_in_pool = session->fate() == MysqlFate::kLost && !session.fresh() && !session->answered();
    if (!died_in_pool || deadline.Over()) return status;
  }
}

absl::Status MysqlDatabase::Write(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) {
  for (int attempt = 0;; ++attempt) {
    Outcome outcome = WriteOnce(deadline, body);
    if (!outcome.conflict || attempt == kRetries) return std::move(outcome.status);
    const absl::Duration pause = Pause(attempt);
    if (Deadline::After(pause) >= deadline) return std::move(outcome.status);
    retries_.fetch_add(1, std::memory_order_relaxed);
    absl::SleepFor(pause);
  }
}

// Without a connection the statement is not stopped; it ends by itself or by a timeout. A connection that was kept may
// have died since, as when the server was restarted, so a new one is tried then.
void MysqlDatabase::Kill(int64_t connection) {
  for (bool is_kept = killer_ != nullptr;; is_kept = false) {
    if (killer_ == nullptr) {
      absl::StatusOr<std::unique_ptr<MysqlSession>> connected =
          MysqlSession::Connect(options_, Deadline::After(kKillTimeout), kKillTimeout);
      if (!connected.ok()) return;
      killer_ = *std::move(connected);
    }
    killer_->Lend(Deadline::After(kKillTimeout), MysqlSession::Access::kWrite);
    (void)killer_->Run(absl::StrCat("KILL QUERY ", connection));
    if (killer_->Reset()) return;
    killer_.reset();
    if (!is_kept) return;
  }
}

MysqlDatabase::Outcome MysqlDatabase::WriteOnce(Deadline deadline, absl::FunctionRef<absl::Status(Session&)> body) {
  absl::StatusOr<Lease> lease = BorrowInTransaction(deadline);
  if (!lease.ok()) return {lease.status()};
  MysqlSession& session = **lease;
  absl::Status status = body(session);
  if (session.fate() != MysqlFate::kStatement) return {session.error(), session.fate() != MysqlFate::kLost};
  if (status.ok() && deadline.Over()) status = Fail("DEADLINE_EXCEEDED"_reason);
  if (!status.ok()) return {status};  // the lease rolls back

  Failpoint("store.before_commit");
  status = session.Commit();
  Failpoint("store.after_commit");
  return {status, session.fate() == MysqlFate::kRolledBack};
}

absl::Status MysqlDatabase::Define(absl::string_view statement) {
  ASSIGN_OR_RETURN(const std::unique_ptr<MysqlSession> session,
                   MysqlSession::Connect(options_, Deadline::After(kPatience), kDefineTimeout));
  return session->Run(statement);
}

Database::Load MysqlDatabase::load() {
  const auto use = pool_.use();
  Load load;
  load.connections = use.taken;
  load.connections_bound = use.bound;
  load.waiting = use.waiting;
  load.waits = use.waits;
  load.retries = retries_.load(std::memory_order_relaxed);
  return load;
}

absl::StatusOr<FoundTable> MysqlDatabase::Describe(absl::string_view table) { return DescribeMysqlTable(*this, table); }

absl::StatusOr<std::vector<std::string>> MysqlDatabase::ForeignObjects() {
  std::vector<std::string> objects;
  RETURN_IF_ERROR(Read(Deadline::After(kPatience), [&](Session& session) {
    objects.clear();
    return session.Query(
        "SELECT 'trigger' AS kind, CONCAT(trigger_name, ' on ', event_object_table) AS name FROM "
        "information_schema.triggers WHERE trigger_schema = DATABASE() "
        "UNION ALL SELECT 'view', table_name FROM information_schema.views WHERE table_schema = DATABASE() "
        "UNION ALL SELECT 'routine', routine_name FROM information_schema.routines WHERE routine_schema = DATABASE() "
        "UNION ALL SELECT 'event', event_name FROM information_schema.events WHERE event_schema = DATABASE() "
        "UNION ALL SELECT 'foreign key', CONCAT(constraint_name, ' on ', table_name) FROM "
        "information_schema.referential_constraints WHERE constraint_schema = DATABASE() ORDER BY 1, 2",
        {}, [&](const Row& row) {
          objects.push_back(absl::StrCat(row.Bytes(0), " ", row.Bytes(1)));
          return absl::OkStatus();
        });
  }));
  return objects;
}

absl::StatusOr<MysqlDatabase::Lease> MysqlDatabase::Borrow(Deadline deadline, MysqlSession::Access access) {
  ASSIGN_OR_RETURN(std::unique_ptr<MysqlSession> session, pool_.Acquire(deadline));
  const bool rested = session != nullptr && absl::FromChrono(SteadyTime::Now() - session->lent()) > kTrusted;
  if (rested && !session->Run("DO 0").ok()) session.reset();
  const bool fresh = session == nullptr;
  if (fresh) {
    absl::StatusOr<std::unique_ptr<MysqlSession>> connected = MysqlSession::Connect(options_, deadline, kReadTimeout);
    if (!connected.ok()) {
      pool_.Release(nullptr);
      log::Line(log::Level::kWarning, "database_away")
          .Add("text", log::Harmless(Text(FaultOf(connected.status()), Language::kEnglish)))
          .Write();
      return Fail("DATABASE_UNAVAILABLE"_reason);
    }
    session = *std::move(connected);
  }
  session->Lend(deadline, access);
  interrupter_.Watch(session->running());
  return Lease(*this, std::move(session), fresh);
}

// The first statement finds out that a connection died in the pool; nothing is lost by taking another one.
absl::StatusOr<MysqlDatabase::Lease> MysqlDatabase::BorrowInTransaction(Deadline deadline) {
  for (;;) {
    ASSIGN_OR_RETURN(Lease session, Borrow(deadline, MysqlSession::Access::kWrite));
    const absl::Status begun = session->Begin();
    if (begun.ok()) return session;
    if (session.fresh() || session->fate() != MysqlFate::kLost) return begun;
  }
}

void MysqlDatabase::Return(std::unique_ptr<MysqlSession> session) {
  if (session->Reset()) return pool_.Release(std::move(session));
  session.reset();
  pool_.Release(nullptr);
  pool_.Drain();  // the cause has probably ended the other connections too
}

absl::StatusOr<std::unique_ptr<Database>> OpenMysql(const MysqlOptions& options) {
  const Deadline deadline = Deadline::After(kReadTimeout);
  ASSIGN_OR_RETURN(std::unique_ptr<MysqlSession> session, MysqlSession::Connect(options, deadline, kReadTimeout));
  session->Lend(deadline, MysqlSession::Access::kRead);
  ASSIGN_OR_RETURN(const MysqlServer server, AskServer(*session));
  RETURN_IF_ERROR(CheckServer(server));
  if (!session->Reset()) session.reset();
  return std::make_unique<MysqlDatabase>(options, std::move(session));
}

}  // namespace tsunagu::store
