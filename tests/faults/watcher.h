#ifndef TSUNAGU_TESTS_FAULTS_WATCHER_H_
#define TSUNAGU_TESTS_FAULTS_WATCHER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "common/base/mutex.h"
#include "tests/faults/ground.h"

namespace tsunagu::faults {

// Another system that keeps a copy of the facilities: it follows the change feed from its beginning, on one server
// after another, with the last token that it received.
class Watcher {
 public:
  ~Watcher() { Leave(); }

  // Follows this server until the server ends or Leave() is called.
  void Follow(process::ServerProcess& server);
  void Leave();
  // Expects that the received changes are those of the journal: every revision once, in its place. `server` may be the
  // one that it follows.
  void ExpectAllTold(const Ground& ground, process::ServerProcess& server);

 private:
  using Change = std::tuple<int64_t, std::string, int64_t>;  // place, record, revision

  void Read(rpc::PeerStream& stream);
  static std::vector<Change> JournalOf(const Ground& ground);

  std::unique_ptr<rpc::PeerStream> stream_;
  std::thread reader_;
  Mutex mutex_;
  CondVar told_;
  std::string token_ ABSL_GUARDED_BY(mutex_);
  std::vector<Change> changes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_WATCHER_H_
