#ifndef TSUNAGU_TESTS_BENCH_TRAINING_H_
#define TSUNAGU_TESTS_BENCH_TRAINING_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/measure.h"
#include "tests/process/mariadb.h"
#include "tests/process/server.h"

namespace tsunagu::bench {

// A training service in its production configuration, with finished courses of the coordinators' curriculum: 500
// learners each, who attended all 9 sessions. There is one course for each round, because a certificate is issued once.
class Training {
 public:
  static inline const int kLearners = Sized(500, 10);

  // Uses an SQLite file.
  Training();
  // Uses a schema of `mariadb`.
  Training(process::Mariadb& mariadb, const std::string& schema);

  // Returns learners a second, for the progress of a whole course.
  double ProgressRate();
  // As ProgressRate, for a program that only reads the same attendances, and the other facts of the course, from the
  // database.
  double RawFactsRate() const;

  // For each round: certificates of one course are issued, and printed into one PDF, compared with 500 tokens that are
  // only signed, and 500 pages that are only drawn. In certificates and pages a second.
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

// Measures all lines about training on one engine.
std::vector<Line> CompareTraining(const std::string& engine, Training& training);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_TRAINING_H_
