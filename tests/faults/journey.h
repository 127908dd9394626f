#ifndef TSUNAGU_TESTS_FAULTS_JOURNEY_H_
#define TSUNAGU_TESTS_FAULTS_JOURNEY_H_

#include <string>

#include "tests/faults/ground.h"
#include "tests/faults/history.h"

namespace tsunagu::faults {

// Every kind of operation of an installation, on a ground with registry and matching: a first start, concurrent
// changes, an import of several chunks, a key over the wire, a solved round, a key from the command line, a migration.
// Can be killed at a failpoint and repeated.
class Journey {
 public:
  // Both must outlive this object. `name` distinguishes the requests of several journeys on one ground.
  Journey(Ground& ground, History& history, std::string name);

  // Runs once with these failpoints; returns true if one of the processes was killed. Ignores refusals.
  bool Run(const std::string& failpoints);
  // Runs again without failpoints: sends the same requests, each of which must succeed.
  void Repeat();
  // Call it after Repeat: expects that each request took effect exactly once.
  void ExpectEachOnce() const;

 private:
  enum class Refused { kMayBe, kIsAFailure };

  bool RunServer(const std::string& failpoints);
  void Import(process::ServerProcess& server, Refused refused) const;
  void CreateKey(process::ServerProcess& server, Refused refused) const;
  void Solve(process::ServerProcess& server, Refused refused) const;
  void LeaveSomethingToMigrate() const;
  void LetLeasesEnd() const;

  Ground& ground_;
  History& history_;
  const std::string name_;
};

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_JOURNEY_H_
