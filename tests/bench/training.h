#ifndef TSUNAGU_TESTS_BENCH_TRAINING_H_
#define TSUNAGU_TESTS_BENCH_TRAINING_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/measure.h"
#include "tests/process/mariadb.h"
#include "tests/process/server.h"

namespace tsunagu::bench {

// A training service as its operator runs it, with courses of the coordinators' curriculum that are over: 500 learners
// each, who attended all 9 sessions. One course for each round, because a certificate is issued once.
class Training {
 public:
  static inline const int kLearners = Sized(500, 10);

  // In a file.
  Training();
  // In a schema of `mariadb`.
  Training(process::Mariadb& mariadb, const std::string& schema);

  // Learners a second, of the progress of a whole course.
  double ProgressRate();
  // The same for a program that only reads the same attendances from the database, and the other facts of the course.
  double RawFactsRate() const;

  // For each round: certificates of one course issued, and printed into one PDF, beside 500 tokens that are only
  // signed, and 500 pages that are only drawn. Certificates and pages a second.
  struct Rates {
    double issued = 0, printed = 0, signed_alone = 0, drawn_alone = 0;
  };
  Rates IssueAndPrint(int round);

 private:
  void Serve(const process::ServerProcess::Options& options);
  template <typename Answer>
  Answer Ask(const std::string& method, const google::protobuf::Message& request);
  void AddCourse(int number);

  process::Folder folder_;
  std::unique_ptr<process::MariadbRegistry> schema_;
  std::string data_dir_, location_;
  std::unique_ptr<process::ServerProcess> server_;
};

// All lines about training on one engine.
std::vector<Line> CompareTraining(const std::string& engine, Training& training);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_TRAINING_H_
