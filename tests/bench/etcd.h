#ifndef TSUNAGU_TESTS_BENCH_ETCD_H_
#define TSUNAGU_TESTS_BENCH_ETCD_H_

#include <memory>
#include <string>

#include "tests/bench/load.h"
#include "tests/process/process.h"

namespace tsunagu::bench {

// One node of etcd with a folder of its own: a well-known store in which every put is durable before it is answered.
class Etcd {
 public:
  static bool Installed();
  Etcd();

  const std::string& address() const { return address_; }
  pid_t pid() const { return process_->pid(); }

 private:
  process::Folder folder_;
  std::string address_;
  std::unique_ptr<process::Process> process_;
};

// Puts of different keys, with as many bytes as `value`.
Load EtcdPuts(const std::string& value, int in_flight);

// Transactions that put `keys` different keys each: `value` under the first, a reference to that key under the others.
Load EtcdTransactions(const std::string& value, int keys, int in_flight);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_ETCD_H_
