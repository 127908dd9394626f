#ifndef TSUNAGU_COMMON_RECORDS_VIEW_H_
#define TSUNAGU_COMMON_RECORDS_VIEW_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "common/identity/actor.h"
#include "common/jp/civil_day.h"

namespace tsunagu::identity {
class Places;
}
namespace tsunagu::store {

using identity::Actor;
class Parts;
class SideRows;

// Reads within one consistent visit of the database, limited by the scope of one actor.
class View {
 public:
  View(Parts& parts, Session& session, const Actor& actor) : View(parts, session, actor, !actor.purpose.empty()) {}
  View(Parts& parts, Session& session, const Actor& actor, bool reads_personal)
      : parts_(parts), session_(session), actor_(&actor), scope_(&actor.scope), reads_personal_(reads_personal) {}
  Parts& parts() { return parts_; }
  // Whoever reads with it sees everything that this transaction has written.
  Session& session() {
    if (side_rows_ != nullptr) WriteSideRows();
    return session_;
  }
  const Actor& actor() const { return *actor_; }
  // The day in Japan.
  jp::CivilDay Today() const;
  const identity::Places& places() const;
  // The present scope: the actor's, or that of a ReadAs.
  const identity::Scope& scope() const { return *scope_; }
  // Whether identifying fields are decrypted, which takes keys: when the actor gives a purpose, and in a transaction.
  // Without a purpose nobody is shown them (Sight), so that masked reads need no key.
  bool reads_personal() const { return reads_personal_; }
  // Makes checks of references in this view treat `name` as existing. Used by dry-run imports for rows earlier in the
  // file.
  void Assume(absl::string_view name) { known_names_.emplace(name); }

 protected:
  friend class AsProgram;
  friend class ReadAs;
  friend class Table;

  // Writes what is collected. An error is returned at the end of the transaction, and by each statement until then.
  void WriteSideRows();

  Parts& parts_;
  Session& session_;
  SideRows* side_rows_ = nullptr;  // those collected by a transaction; null when there are none
  const Actor* actor_;
  const identity::Scope* scope_;
  bool reads_personal_;
  int64_t largest_stamp_ = 0;          // the largest of all rows read, microseconds
  std::set<std::string> newer_;        // names of rows written by a newer binary
  std::set<std::string> known_names_;  // references already looked up
};

// While it lives, the view reads through another scope and without identifying fields. Rules read everything this way,
// and references are looked up in the scope in which their target may be read.
class ReadAs {
 public:
  ReadAs(View& view, identity::Scope scope)
      : view_(view), scope_(std::move(scope)), before_(view.scope_), personal_before_(view.reads_personal_) {
    view.scope_ = &scope_;
    view.reads_personal_ = false;
  }
  ~ReadAs() {
    view_.scope_ = before_;
    view_.reads_personal_ = personal_before_;
  }
  ReadAs(const ReadAs&) = delete;
  ReadAs& operator=(const ReadAs&) = delete;

 private:
  View& view_;
  const identity::Scope scope_;
  const identity::Scope* const before_;
  const bool personal_before_;
};

// While it lives, the view reads and writes as the program itself, on behalf of the same person: neither a scope nor
// the caller's rights limit the consequences of the caller's change.
class AsProgram {
 public:
  explicit AsProgram(View& view) : view_(view), actor_before_(view.actor_), scope_before_(view.scope_) {
    program_ = *view.actor_;
    program_.caller = nullptr;
    program_.scope = identity::Scope::Everything();
    view.actor_ = &program_;
    view.scope_ = &program_.scope;
  }
  ~AsProgram() {
    view_.actor_ = actor_before_;
    view_.scope_ = scope_before_;
  }
  AsProgram(const AsProgram&) = delete;
  AsProgram& operator=(const AsProgram&) = delete;

 private:
  View& view_;
  Actor program_;
  const Actor* const actor_before_;
  const identity::Scope* const scope_before_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_VIEW_H_
