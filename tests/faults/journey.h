#ifndef TSUNAGU_TESTS_FAULTS_JOURNEY_H_
#define TSUNAGU_TESTS_FAULTS_JOURNEY_H_

#include <string>

#include "tests/faults/ground.h"
#include "tests/faults/history.h"

namespace tsunagu::faults {

// Everything an installation does in its life, on a ground with registry and matching: a first start, concurrent
// changes, an import of several chunks, a key over the wire, a solved round, a key from the command line, a migration.
// Made to be killed at a failpoint, and to be gone through again.
class Journey {
 public:
  // Both outlive it. `name` keeps the requests of several journeys on one ground apart.
  Journey(Ground& ground, History& history, std::string name);

  // Once with these failpoints; true when one of the processes was killed. What is refused on the way is not looked at.
  bool Run(const std::string& failpoints);
  // Once more without: the same requests, which all have to be answered.
  void Repeat();
  // After Repeat: each of its requests has had its effect once.
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
